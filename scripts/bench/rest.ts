import { writeFileSync } from 'node:fs';
import { createFleet, type FleetSize } from '../../test/support/large-fleet/fleet.ts';
import { pass } from '../../test/support/large-fleet/pass.ts';
import { createModelClock } from '../../test/support/publication-model/clock.ts';

const HOUR_MS = 3_600_000;
const STEP_MS = 10_000;

/**
 * Measures what an hour costs in which nothing changes: all controllers in this process, with an API server and a prober
 * in memory, and time that passes from timer to timer. The first hour after the start is left out.
 */
export async function rest(options: FleetSize & { readonly json?: string }): Promise<void> {
  const clock = createModelClock();
  const probing = { milliseconds: 50, atOnce: 16 };
  const fleet = createFleet(options, { clock, workers: 16, probing, latencyMs: 0 });
  const requests = new Map<string, number>();
  fleet.api.onRequest(({ by, verb, kind }) => {
    if (by === 'client') requests.set(`${verb} ${kind}`, (requests.get(`${verb} ${kind}`) ?? 0) + 1);
  });
  await fleet.fill();
  const operator = fleet.start();
  operator.lead();
  const objects = options.instances * options.teams;
  while (fleet.readyTeams() < objects) await pass(clock, operator, STEP_MS);
  await pass(clock, operator, HOUR_MS);

  requests.clear();
  fleet.takeWork();
  const cpu = process.cpuUsage();
  await pass(clock, operator, HOUR_MS);
  const { user, system } = process.cpuUsage(cpu);
  operator.kill();
  if (fleet.errors.length > 0) throw new Error(fleet.errors[0]);
  const { statusWrites, outputWrites, probes } = fleet.takeWork();
  const figures = {
    objects,
    probes,
    statusWrites,
    outputWrites,
    requests: Object.fromEntries([...requests].sort()),
    cpuSeconds: (user + system) / 1e6,
  };
  console.log(
    [
      `${objects} TeamStorages that are Ready, in an hour without a change`,
      `probes: ${probes}`,
      `status writes: ${statusWrites}, writes of ledger and outputs: ${outputWrites}`,
      `requests to the API server: ${JSON.stringify(figures.requests)}`,
      `processor time, with that of the API server in memory: ${figures.cpuSeconds.toFixed(1)} s`,
    ].join('\n'),
  );
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(figures, null, 2)}\n`);
}
