import { afterEach, describe, expect, it } from '@jest/globals';
import { conditionOf } from '../../servers/conditions.ts';
import { createDeployment, untilRolledOut } from '../../servers/deployments.ts';
import { startFailoverPair, type FailoverPair } from '../../support/failover/pair.ts';
import { getStorage, requestValidation } from '../../servers/objects.ts';
import { distinctData, watchOutputs } from '../../servers/outputs.ts';
import { randomFrom, SEED } from '../../servers/random.ts';
import { changesObjects } from '../../support/failover/runs.ts';
import { SHORT_LEASE, writesBy } from '../../support/failover/replicas.ts';
import { untilResting } from '../../support/failover/resting.ts';
import { until } from '../../servers/until.ts';

const TEN_MINUTES = 600_000;
const IGNORED = { spec: { validation: { ignore: ['ClockInSync'] } } };
const RESTART = { mode: 'Automatic', minInterval: '1s', selector: { matchLabels: { app: 'server' } } };
/** Longer than the lease: who takes a Lease for expired has taken it by then. */
const REST_MS = SHORT_LEASE.leaseMs + 2_000;

let pair: FailoverPair | undefined;

afterEach(async () => {
  await pair?.stop();
  pair = undefined;
});

async function start(settings: Parameters<typeof startFailoverPair>[0]): Promise<FailoverPair> {
  pair = await startFailoverPair(settings);
  return pair;
}

describe.each([
  { name: 'the leader is ten minutes ahead', first: TEN_MINUTES, second: 0 },
  { name: 'the leader is ten minutes behind', first: -TEN_MINUTES, second: 0 },
])('of two replicas, $name', ({ first, second }) => {
  it(`each leads as long as it renews, takes over as without, and publishes the same (seed ${SEED})`, async () => {
    const random = randomFrom(SEED);
    const replicas = await start({ first: { skewMs: first }, second: { skewMs: second }, claims: IGNORED });
    const { namespace, claims } = replicas;
    await claims.untilRight(60);
    const outputs = await watchOutputs(namespace);

    // The other one must not take for expired what a clock of ten minutes ago has renewed.
    expect(await untilResting(replicas, REST_MS)).toBeGreaterThan(0);
    expect(writesBy(replicas.writes(), replicas.standby).length).toBe(0);
    await outputs.finish();
    expect(distinctData(outputs.secrets)).toHaveLength(1);
    expect(distinctData(outputs.configMaps)).toHaveLength(1);

    // To the other clock, and back.
    for (const fault of ['Terminate', 'Kill', 'Partition', 'Sleep'] as const) {
      const { accepted } = await replicas.run(fault, random);
      expect({ fault, late: accepted.filter(changesObjects) }).toEqual({ fault, late: [] });
      await untilResting(replicas);
    }
  }, 300_000);
});

it('a restart of the server waits for no clock that is ahead, and is not repeated by one that is behind', async () => {
  const random = randomFrom(SEED);
  const replicas = await start({
    first: { skewMs: TEN_MINUTES },
    claims: { ...IGNORED, instance: { delivery: { restart: RESTART } } },
    prepare: (namespace) => createDeployment(namespace, 'server', { app: 'server' }),
  });
  const { namespace, claims } = replicas;
  await claims.untilRight(60);
  await untilRolledOut(namespace);
  const restarts = () =>
    replicas
      .writes()
      .filter(
        ({ resource, code, user }) => resource === 'deployments' && code === 200 && user.endsWith('byob-operator'),
      );
  const rotateAndRollOut = async (): Promise<number> => {
    const before = restarts().length;
    await claims.rotate();
    await claims.untilRight(60);
    await untilRolledOut(namespace);
    await untilResting(replicas);
    return restarts().length - before;
  };
  expect(await rotateAndRollOut()).toBe(1);

  await replicas.run('Terminate', random);
  await untilRolledOut(namespace);
  // Its clock shows a time before the last restart.
  expect(await rotateAndRollOut()).toBe(1);
  await replicas.run('Kill', random);
  await untilRolledOut(namespace);
  expect(await rotateAndRollOut()).toBe(1);
}, 300_000);

it('a leader whose clock is wrong says so, and takes nothing from the server', async () => {
  const replicas = await start({ second: { skewMs: TEN_MINUTES } });
  const { namespace, claims } = replicas;
  await claims.untilRight(60);
  const outputs = await watchOutputs(namespace);
  await replicas.takeOver('Terminate');
  await requestValidation(namespace, 'TeamStorage', 'asked');
  const at = () => getStorage(namespace, 'TeamStorage', 'asked');
  await until('the clock is reported', async () => conditionOf(await at(), 'Ready') === 'False ClockSkewed');
  expect(conditionOf(await at(), 'Published')).toBe('True Published');

  // The one whose clock is right again.
  await replicas.takeOver('Terminate');
  await requestValidation(namespace, 'TeamStorage', 'asked');
  await claims.untilRight(60);
  await outputs.finish();
  expect(distinctData(outputs.secrets)).toHaveLength(1);
}, 300_000);

it.each([
  ['forward', TEN_MINUTES],
  ['back', -TEN_MINUTES],
])(
  'clocks that step ten minutes %s, and then return, end no leadership, and are no cause to take one or to write',
  async (_way, stepMs) => {
    const replicas = await start({ first: { stepMs }, second: { stepMs }, claims: IGNORED });
    const { claims, leader, standby } = replicas;
    await claims.untilRight(60);
    for (const step of ['away', 'and returns']) {
      // Who waits must not take for expired what was renewed before the step.
      standby.operator.signal('SIGUSR2');
      expect([step, await untilResting(replicas, REST_MS)]).toEqual([step, expect.any(Number)]);
      leader.operator.signal('SIGUSR2');
      await claims.rotate();
      await claims.untilRight(60);
    }
    await untilResting(replicas, REST_MS);
    expect([leader.operator.running, standby.operator.running]).toEqual([true, true]);
    expect(replicas.leader).toBe(leader);
    expect(writesBy(replicas.writes(), standby)).toEqual([]);
  },
  300_000,
);
