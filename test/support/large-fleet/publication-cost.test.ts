import { expect, it, jest } from '@jest/globals';
import { createModelClock } from '../publication-model/clock.ts';
import { createFleet } from './fleet.ts';
import { pass } from './pass.ts';

jest.setTimeout(120_000);

const TEAMS = 150;

it('publishes many teams with one status each, a few writes of the outputs, and none at rest', async () => {
  const clock = createModelClock();
  // They are proven within about 10 s.
  const probing = { milliseconds: 250, atOnce: 4 };
  const fleet = createFleet({ instances: 1, teams: TEAMS, buckets: 10 }, { clock, probing, latencyMs: 5 });
  await fleet.fill();
  const operator = fleet.start();
  operator.lead();
  await pass(clock, operator, 20_000);

  expect(fleet.errors).toEqual([]);
  expect(fleet.readyTeams()).toBe(TEAMS);
  const work = fleet.takeWork();
  expect(work.probes).toBe(TEAMS + 1);
  // The instance counts its teams meanwhile.
  expect(work.statusWrites).toBeLessThan(TEAMS + 20);
  // Ledger, Secret and ConfigMap, a few times at once and then once a second.
  expect(work.outputWrites).toBeLessThanOrEqual(3 * (10 + 5));

  await pass(clock, operator, 30_000);
  expect(fleet.takeWork()).toEqual({ statusWrites: 0, outputWrites: 0, probes: 0 });

  // The next key of the Secret that all teams use: none is reported as unpublished in between.
  const ready = new Set<number>();
  fleet.api.onRequest(({ verb }) => verb === 'applyStatus' && void ready.add(fleet.readyTeams()));
  for (const namespace of fleet.namespaces) await fleet.putKey(namespace, 'two');
  await pass(clock, operator, 30_000);
  expect([...ready]).toEqual([TEAMS]);
  expect(fleet.takeWork().statusWrites).toBeLessThan(TEAMS + 20);
  operator.kill();
});
