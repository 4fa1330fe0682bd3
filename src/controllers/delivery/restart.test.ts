import { describe, expect, it } from '@jest/globals';
import { createFakeClock } from '../../../test/support/fakes/clock.ts';
import { instanceObject } from '../../../test/support/fakes/publishing-world.ts';
import type { DeploymentObject } from '../../api/resources.ts';
import { kubeTime } from '../../domain/conditions/conditions.ts';
import { ok } from '../../base/result.ts';
import type { PublishedConfig } from './instance-delivery.ts';
import { createRestarts } from './restart.ts';

const MINUTE = 60_000;
const RESTART = { mode: 'Automatic', minInterval: '5m', selector: { matchLabels: { app: 'server' } } } as const;
const CONFIG = { kind: 'Known', hash: 'new', isDelivered: true, unserved: [] } as const;
const SERVER: DeploymentObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { namespace: 'ns', name: 'server', uid: 'uid-server', creationTimestamp: '2025-01-01T00:00:00Z' },
};

/** A server that runs with an old config, and was restarted for that so long ago by the wall clock. */
function setUp(agoMs: number) {
  const clock = createFakeClock();
  const restarted: string[] = [];
  const time = kubeTime(clock.now() - agoMs);
  const workloads = [{ uid: 'uid-server', name: 'server', hash: 'old', restartTime: time }];
  const instance = instanceObject(
    'wandb',
    { delivery: { restart: RESTART } },
    { status: { rollout: { lastRestartTime: time, lastCompletionTime: time, workloads } } },
  );
  const kube = {
    list: () => Promise.resolve(ok([SERVER])),
    apply: (_type: unknown, { metadata }: DeploymentObject) => {
      restarted.push(metadata.name);
      return Promise.resolve(ok({ object: SERVER, changed: true }));
    },
  } as unknown as Parameters<typeof createRestarts>[0]['kube'];
  const restarts = createRestarts({ kube, clock, events: { record: () => undefined } });
  return { clock, restarted, rollOut: (config: PublishedConfig = CONFIG) => restarts.rollOut(instance, config) };
}

it('waits for the interval between two restarts', async () => {
  const { clock, restarted, rollOut } = setUp(MINUTE);
  expect(await rollOut()).toMatchObject({ condition: { reason: 'WaitingForInterval' } });
  clock.advance(4 * MINUTE);
  await rollOut();
  expect(restarted).toEqual(['server']);
});

it.each([
  ['Empty', 'No config is published yet, so nothing is restarted.'],
  ['Unknown', 'It is not known which config is published, so nothing is restarted.'],
] as const)('restarts nothing and says why: %s', async (kind, message) => {
  const { restarted, rollOut } = setUp(10 * MINUTE);
  expect((await rollOut({ kind })).condition).toMatchObject({ reason: 'AwaitingConfig', message });
  expect(restarted).toEqual([]);
});

describe('a wall clock that was set back by two hours since the last restart', () => {
  it('makes no restart wait longer than the interval, and the reported time does not change', async () => {
    const { clock, restarted, rollOut } = setUp(-120 * MINUTE);
    const first = await rollOut();
    expect(first).toMatchObject({ condition: { reason: 'WaitingForInterval' }, afterMs: MINUTE });
    clock.advance(4 * MINUTE);
    const later = await rollOut();
    expect(later.condition).toEqual(first.condition);
    expect(restarted).toEqual([]);

    clock.advance(MINUTE);
    await rollOut();
    expect(restarted).toEqual(['server']);
  });

  it('has no effect while the operator runs', async () => {
    const { clock, restarted, rollOut } = setUp(MINUTE);
    await rollOut();
    clock.setWall(-120 * MINUTE);
    await rollOut();
    clock.advance(5 * MINUTE);
    await rollOut();
    expect(restarted).toEqual(['server']);
  });
});
