import { join } from 'node:path';
import type { AuditedWrite } from '../../servers/audit.ts';
import { startOperator, type OperatorProcess } from '../../servers/operator.ts';
import { sharedServers } from '../../servers/shared.ts';
import { startTcpProxy, type TcpProxy } from '../../servers/tcp-proxy.ts';

/** Shorter than the defaults, and far enough apart that a machine with other work keeps to them. */
export const SHORT_LEASE = { leaseMs: 6_000, renewDeadlineMs: 4_000, retryMs: 500 } as const;

/** One operator of several on the same namespace; its way to the API server is its own. */
export interface Replica {
  readonly proxy: TcpProxy;
  readonly operator: OperatorProcess;
}

export interface ReplicaSettings {
  /** Another bundle than that of this tree. */
  readonly bundle?: string;
  /** How far its wall clock is off. */
  readonly skewMs?: number;
  /** By how much its wall clock steps when it gets SIGUSR2: forth, and back with the next one. */
  readonly stepMs?: number;
}

export async function startReplica(
  namespace: string,
  { bundle, skewMs = 0, stepMs = 0 }: ReplicaSettings = {},
  times: { readonly leaseMs: number; readonly renewDeadlineMs: number; readonly retryMs: number } = SHORT_LEASE,
): Promise<Replica> {
  const proxy = await startTcpProxy(Number(new URL(sharedServers().serverUrl).port));
  const operator = await startOperator(namespace, {
    args: [
      '--leader-elect',
      `--leader-elect-lease-duration=${times.leaseMs}ms`,
      `--leader-elect-renew-deadline=${times.renewDeadlineMs}ms`,
      `--leader-elect-retry-period=${times.retryMs}ms`,
    ],
    serverUrl: `https://127.0.0.1:${proxy.port}`,
    ...((skewMs !== 0 || stepMs !== 0) && {
      env: {
        NODE_OPTIONS: `--import=${join(import.meta.dirname, 'skewed-clock.ts')}`,
        BYOB_TEST_SKEW_MS: String(skewMs),
        BYOB_TEST_STEP_MS: String(stepMs),
      },
    }),
    ...(bundle !== undefined && { bundle }),
  });
  return { proxy, operator };
}

export async function stopReplica({ operator, proxy }: Replica): Promise<void> {
  // One that is stopped by SIGSTOP does not end by anything else.
  await operator.stop('SIGKILL');
  await proxy.stop();
}

export function writesBy(writes: readonly AuditedWrite[], { operator }: Replica): readonly AuditedWrite[] {
  return writes.filter(({ credential }) => credential === operator.credential);
}

/** Whether this write says who leads, in place of something about storages. */
export function isLease(write: AuditedWrite): boolean {
  return write.resource === 'leases';
}
