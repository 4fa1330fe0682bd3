import { metricSum, type MeasuredOperator } from './measured-operator.ts';
import { processUsage } from './process-usage.ts';

/** A process counts as idle when it uses less than this share of a core for this time. */
const IDLE = { share: 0.05, ms: 1_500 };

/** The cost of a start that finds everything Ready, so that nothing is probed. */
export interface Start {
  /** Until the watches had listed everything and every trigger had run. */
  readonly listedSeconds: number;
  readonly listedCpuSeconds: number;
  /** Until every team was reconciled and the process was idle. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly longestBlockMs: number;
  readonly probeRequests: number;
  /** The others are light: some of thousands are due in any second. */
  readonly fullProbes: number;
  /** When it was idle. */
  readonly rssMb: number;
}

/** Waits until every team was reconciled and the process is idle. */
export async function measureStart(operator: MeasuredOperator, teams: number): Promise<Start> {
  await operator.untilListed();
  const listedSeconds = (performance.now() - operator.startedAt) / 1000;
  const listed = processUsage(operator.pid);
  const deadline = performance.now() + 900_000;
  for (;;) {
    const idle = await untilIdle(operator.pid);
    // A scrape would distort the measurement, so only when the process is idle.
    const metrics = await operator.metrics();
    if (lookedAt(metrics) < teams) {
      if (performance.now() > deadline) throw new Error(`${lookedAt(metrics)} of ${teams} teams were reconciled`);
      continue;
    }
    return {
      listedSeconds,
      listedCpuSeconds: listed.cpuSeconds,
      seconds: (idle.since - operator.startedAt) / 1000,
      cpuSeconds: idle.cpuSeconds,
      longestBlockMs: metricSum(metrics, 'nodejs_eventloop_lag_max_seconds') * 1000,
      probeRequests: metricSum(metrics, 'byob_probe_requests_total'),
      fullProbes: metricSum(metrics, 'byob_probe_duration_seconds_count', 'mode="Full"'),
      rssMb: processUsage(operator.pid).rssMb,
    };
  }
}

/** Each storage that was reconciled has this metric. */
function lookedAt(metrics: string): number {
  return metrics.split('\n').filter((line) => line.startsWith('byob_storage_ready{kind="TeamStorage"')).length;
}

/** When a process was last busy, and its CPU time until then. */
async function untilIdle(pid: number): Promise<{ readonly since: number; readonly cpuSeconds: number }> {
  let since = performance.now();
  let { cpuSeconds } = processUsage(pid);
  for (;;) {
    await pause(50);
    const now = performance.now();
    const used = processUsage(pid).cpuSeconds - cpuSeconds;
    if (used > (IDLE.share * IDLE.ms) / 1000) {
      since = now;
      cpuSeconds += used;
    } else if (now - since >= IDLE.ms) {
      return { since, cpuSeconds: cpuSeconds + used };
    }
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
