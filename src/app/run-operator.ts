import type { Log } from '../ports/log.ts';
import { LEADER_ELECTION_TIMES, problemOfTimes, type LeaderElectionTimes } from '../runtime/leader-election.ts';
import { createPinoLog, LOG_LEVELS, type LogLevel } from '../telemetry/pino-log.ts';
import { exitOnBug } from './exit-on-bug.ts';
import type { OperatorOptions } from './operator-options.ts';
import { createOperator } from './operator.ts';

export { LEADER_ELECTION_TIMES, LOG_LEVELS, problemOfTimes, type LeaderElectionTimes, type LogLevel };

/** The process's log: JSON lines on standard output. */
export function createOperatorLog(level: LogLevel): Log {
  return createPinoLog(level);
}

/**
 * Runs the operator until SIGTERM or SIGINT, then waits for running work. The result is the exit code: 0 after an
 * orderly end, 1 when the operator could not start.
 */
export async function runOperator(options: OperatorOptions, log: Log): Promise<number> {
  const signalled = new Promise<NodeJS.Signals>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal));
  });
  exitOnBug(process, log, (code) => process.exit(code));
  let operator;
  try {
    // Running work may still write, so the process ends at once. Kubernetes restarts it.
    operator = createOperator(options, log, () => process.exit(1));
    const started = operator.start();
    const ended = await Promise.race([started.then(() => undefined), signalled]);
    const signal = ended ?? (await signalled);
    log.info({ signal }, 'stopping');
    await operator.stop();
    return 0;
  } catch (error) {
    log.error({ error }, 'the operator could not start');
    await operator?.stop();
    return 1;
  }
}
