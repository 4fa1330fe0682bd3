import { afterEach, describe, expect, it } from '@jest/globals';
import { conditionOf } from '../../servers/conditions.ts';
import { eventsOf, getStorage } from '../../servers/objects.ts';
import { createDeployment, untilRolledOut } from '../../servers/deployments.ts';
import { startFailoverPair, type FailoverPair } from '../../support/failover/pair.ts';
import { bundleOfRevision } from '../../servers/old-bundle.ts';
import { distinctData, LEDGER, ledgerText, OUTPUT, watchOutputs } from '../../servers/outputs.ts';
import { randomFrom, SEED } from '../../servers/random.ts';
import { isLease } from '../../support/failover/replicas.ts';
import { untilResting } from '../../support/failover/resting.ts';
import { until } from '../../servers/until.ts';

/** A former version with the present format of the ledger. */
const RECENT = '3933e9c';
/** The last revision that wrote ledgers of format 2. */
const FORMER_FORMAT = 'b57b588';
const RESTART = { mode: 'Automatic', minInterval: '1s', selector: { matchLabels: { app: 'server' } } };
/** Of one takeover in which nothing changed: statuses and the ledger may be written once more, and no more. */
const MOST_WRITES = 12;

let pair: FailoverPair | undefined;

afterEach(async () => {
  await pair?.stop();
  pair = undefined;
});

/** The first replica leads with a former version; the other one has this version. */
async function startMixed(revision: string): Promise<FailoverPair> {
  pair = await startFailoverPair({
    first: { bundle: bundleOfRevision(revision) },
    claims: { instance: { delivery: { restart: RESTART } } },
    prepare: (namespace) => createDeployment(namespace, 'server', { app: 'server' }),
  });
  await pair.claims.untilRight(60);
  await untilRolledOut(pair.namespace);
  await untilResting(pair);
  return pair;
}

/** Of both, in the order of the audit log. */
const byOperators = (of: FailoverPair) => {
  const credentials = [of.leader, of.standby].map(({ operator }) => operator.credential);
  return of.writes().filter((write) => credentials.includes(write.credential) && !isLease(write));
};
const restarts = (of: FailoverPair) =>
  byOperators(of).filter(({ resource, code }) => resource === 'deployments' && code < 300).length;

/** Lets the other version lead while nothing changes. What both wrote meanwhile. */
async function handOver(of: FailoverPair): Promise<readonly string[]> {
  const before = byOperators(of).length;
  await of.takeOver('Terminate');
  await untilResting(of);
  return byOperators(of)
    .slice(before)
    .map(({ verb, resource, name, code, credential }) => {
      const by = credential === of.leader.operator.credential ? 'new leader' : 'former leader';
      return `${by}: ${verb} ${resource} ${name} ${code}`;
    });
}

/** A key is rotated: published, reported, and the server restarted once. */
async function rotate(of: FailoverPair): Promise<void> {
  const before = restarts(of);
  await of.claims.rotate();
  await of.claims.untilRight(60);
  await untilRolledOut(of.namespace);
  await untilResting(of);
  expect(restarts(of) - before).toBe(1);
}

describe('a version before this one and this one at once', () => {
  it('hand over both ways without a change of what is published, a restart or a storm of writes', async () => {
    const mixed = await startMixed(RECENT);
    const outputs = await watchOutputs(mixed.namespace);
    const events = await eventsOf(mixed.namespace, 'rotating');
    const started = restarts(mixed);

    // An upgrade, a rollback, and an upgrade again.
    for (const step of ['upgrade', 'rollback', 'upgrade again']) {
      const writes = await handOver(mixed);
      await untilRolledOut(mixed.namespace);
      const outputsWritten = writes.filter((write) => write.includes(` ${OUTPUT} `) || write.includes(` ${LEDGER} `));
      expect({ step, outputsWritten }).toEqual({ step, outputsWritten: [] });
      if (writes.length > MOST_WRITES) throw new Error(`${step}: ${writes.join('\n')}`);
      await mixed.claims.untilRight(30);
    }

    await outputs.finish();
    expect(distinctData(outputs.secrets)).toHaveLength(1);
    expect(distinctData(outputs.configMaps)).toHaveLength(1);
    expect(outputs.deletions).toBe(0);
    expect(restarts(mixed)).toBe(started);
    expect(await eventsOf(mixed.namespace, 'rotating')).toEqual(events);
  }, 300_000);

  it('each go on with what the other wrote', async () => {
    const mixed = await startMixed(RECENT);
    for (let turn = 0; turn < 3; turn += 1) {
      await rotate(mixed);
      await handOver(mixed);
    }
    await rotate(mixed);
  }, 300_000);

  it(`never write both, however the leader of either version ends (seed ${SEED})`, async () => {
    const random = randomFrom(SEED);
    const mixed = await startMixed(RECENT);
    // Twice the same, so that each version ends in each way.
    for (const fault of [
      'Terminate',
      'Terminate',
      'Kill',
      'Kill',
      'Sleep',
      'Sleep',
      'Partition',
      'Partition',
    ] as const) {
      const { accepted } = await mixed.run(fault, random);
      expect({ fault, accepted }).toEqual({ fault, accepted: [] });
    }
    await untilResting(mixed);
    await mixed.claims.untilRight(30);
  }, 600_000);
});

it('a version that cannot read the ledger leaves all as it is after a rollback, and the upgrade goes on', async () => {
  const mixed = await startMixed(FORMER_FORMAT);
  const { namespace, claims } = mixed;
  expect(JSON.parse(await ledgerText(namespace))).toMatchObject({ format: 2 });
  const outputs = await watchOutputs(namespace);
  const started = restarts(mixed);

  // This version converts the ledger while the former one waits.
  await handOver(mixed);
  await until('the ledger has format 3', async () => (await ledgerText(namespace)).includes('"format":3'));
  const converted = await ledgerText(namespace);

  // The rollback: the former version says that it cannot go on.
  const writes = await handOver(mixed);
  const instance = await getStorage(namespace, 'InstanceStorage', 'wandb');
  expect(conditionOf(instance, 'Ready')).toBe('False LedgerUnreadable');
  expect(writes.filter((write) => write.includes(` ${OUTPUT} `) || write.includes(` ${LEDGER} `))).toEqual([]);
  expect(await ledgerText(namespace)).toBe(converted);
  await outputs.finish();
  expect(distinctData(outputs.secrets)).toHaveLength(1);
  expect(distinctData(outputs.configMaps)).toHaveLength(1);
  expect(outputs.deletions).toBe(0);
  expect(restarts(mixed)).toBe(started);

  // A key that is rotated meanwhile waits for the upgrade.
  await claims.rotate();
  await untilResting(mixed);
  await mixed.takeOver('Kill');
  await claims.untilRight(60);
  await untilRolledOut(namespace);
  expect(restarts(mixed) - started).toBe(1);
}, 300_000);
