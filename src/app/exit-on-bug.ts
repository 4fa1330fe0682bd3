import type { EventEmitter } from 'node:events';
import type { Log } from '../ports/log.ts';

/**
 * After a bug in a callback the state of the process is unknown: log it, exit, and let Kubernetes restart the pod. Node
 * itself would print the error as it is, and the texts of errors may contain secrets.
 */
export function exitOnBug(process: Pick<EventEmitter, 'on'>, log: Log, exit: (code: number) => void): void {
  for (const event of ['unhandledRejection', 'uncaughtException'] as const) {
    process.on(event, (error: unknown) => {
      log.error({ error }, event === 'unhandledRejection' ? 'unhandled rejection' : 'uncaught exception');
      exit(1);
    });
  }
}
