import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { systemClock } from '../../src/app/system-clock.ts';
import { createSystemMemory } from '../../src/app/system-memory.ts';
import { ON_THREADS } from '../../src/controllers/publication/ledger-secret.ts';
import { createTimeSlice } from '../../src/runtime/time-slice.ts';
import {
  createFleet,
  deliver,
  type Fleet,
  type FleetSize,
  type FleetWork,
} from '../../test/support/large-fleet/fleet.ts';
import { watchBlocks } from './longest-block.ts';

const PROBING = { milliseconds: 20, atOnce: 16 };
const LATENCY_MS = 2;
/** How long nothing may be written before a phase is over. */
const QUIET_MS = 3_000;

interface Phase extends FleetWork {
  readonly name: string;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly longestBlockMs: number;
  readonly heapMb: number;
}

/**
 * Measures our own code alone: all controllers in this process, with an API server and a prober in memory. Time and
 * memory of the API server are part of the figures. Blocks are measured by CPU time.
 */
export async function inMemory(
  options: FleetSize & { readonly json?: string; readonly profile?: string },
): Promise<void> {
  const timeSlice = createTimeSlice(systemClock);
  const fleet = createFleet(options, {
    clock: systemClock,
    timeSlice,
    compression: ON_THREADS,
    workers: 16,
    probing: PROBING,
    latencyMs: LATENCY_MS,
  });
  await fleet.fill();
  const objects = options.instances * options.teams;
  const memory = createSystemMemory();
  memory.collect();
  const emptyMb = memory.usedBytes() / 2 ** 20;
  const phases: Phase[] = [];
  const measure = async (name: string, begin: () => Promise<void> | void, isOver: () => boolean): Promise<void> => {
    const phase = await measured(fleet, {
      name,
      begin,
      isOver,
      ...(options.profile !== undefined && { profile: options.profile }),
    });
    memory.collect();
    phases.push({ ...phase, heapMb: memory.usedBytes() / 2 ** 20 - emptyMb });
    print(phases);
  };

  let operator = fleet.start();
  const pump = setInterval(() => deliver(operator), 5);
  await measure(
    'converge',
    () => operator.lead(),
    () => fleet.readyTeams() === objects,
  );
  await measure(
    'rotate all',
    async () => {
      for (const namespace of fleet.namespaces) await fleet.putKey(namespace, 'two');
    },
    () => true,
  );
  operator.kill();
  // The API server in memory hands over its first list in one step, which the reflector of a real one does not.
  operator = fleet.start();
  await measure(
    'restart',
    () => operator.lead(),
    () => true,
  );
  operator.kill();
  clearInterval(pump);
  if (fleet.errors.length > 0) console.error(fleet.errors[0]);
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify({ ...options, phases }, null, 2)}\n`);
}

async function measured(
  fleet: Fleet,
  phase: {
    readonly name: string;
    readonly begin: () => Promise<void> | void;
    readonly isOver: () => boolean;
    readonly profile?: string;
  },
): Promise<Omit<Phase, 'heapMb'>> {
  const session = new Session();
  session.connect();
  if (phase.profile !== undefined) {
    await session.post('Profiler.enable');
    await session.post('Profiler.start');
  }
  const watched = watchBlocks();
  const before = process.cpuUsage();
  const began = performance.now();
  await phase.begin();
  let work = fleet.takeWork();
  let quietSince = performance.now();
  let last = { at: performance.now(), cpu: process.cpuUsage(before) };
  while (performance.now() - quietSince < QUIET_MS || !phase.isOver()) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    const more = fleet.takeWork();
    if (more.statusWrites + more.outputWrites + more.probes === 0) continue;
    quietSince = performance.now();
    last = { at: quietSince, cpu: process.cpuUsage(before) };
    work = {
      statusWrites: work.statusWrites + more.statusWrites,
      outputWrites: work.outputWrites + more.outputWrites,
      probes: work.probes + more.probes,
    };
  }
  const blocks = watched.stop();
  if (phase.profile !== undefined) {
    const { profile } = await session.post('Profiler.stop');
    writeFileSync(
      `${phase.profile}/${phase.name.replaceAll(' ', '-')}.cpuprofile`,
      JSON.stringify({ ...profile, blocks }),
    );
  }
  session.disconnect();
  return {
    ...work,
    name: phase.name,
    seconds: (last.at - began) / 1000,
    cpuSeconds: (last.cpu.user + last.cpu.system) / 1e6,
    longestBlockMs: Math.max(0, ...blocks.map(({ cpuMs }) => cpuMs)),
  };
}

function print(phases: readonly Phase[]): void {
  const phase = phases.at(-1);
  if (phase === undefined) return;
  const { name, seconds, cpuSeconds, longestBlockMs, statusWrites, outputWrites, probes, heapMb } = phase;
  console.log(
    [
      name.padEnd(12),
      `${seconds.toFixed(1)} s`,
      `CPU ${cpuSeconds.toFixed(2)} s`,
      `block ${longestBlockMs.toFixed(0)} ms`,
      `heap +${heapMb.toFixed(1)} MB`,
      `${statusWrites} statuses`,
      `${outputWrites} outputs`,
      `${probes} probes`,
    ].join('  '),
  );
}
