import { followWrites, type AuditedWrite } from '../../servers/audit.ts';
import { createChangingClaims, type ChangingClaims } from './changing-claims.ts';
import { isLease, SHORT_LEASE, startReplica, stopReplica, writesBy, type Replica } from './replicas.ts';
import type { ReplicaSettings } from './replicas.ts';
import { newNamespace, sharedServers } from '../../servers/shared.ts';
import { until } from '../../servers/until.ts';

/**
 * How a leader ends. `Partition`: its connections carry nothing. `Cut`: they are reset, and no new one is accepted.
 * `Sleep`: it is stopped, and goes on when another leads. `Nap`: it goes on at about the moment at which its lease ends.
 * `Late`: as `Partition`, but what it has sent arrives when another leads.
 */
export const FAULTS = ['Kill', 'Terminate', 'Partition', 'Cut', 'Sleep', 'Nap', 'Late'] as const;
export type Fault = (typeof FAULTS)[number];

/** Two replicas in a namespace of their own, with claims that change. The roles change with each run. */
export interface FailoverPair {
  readonly namespace: string;
  readonly claims: ChangingClaims;
  readonly leader: Replica;
  readonly standby: Replica;
  /** All writes in the namespace so far. */
  writes(): readonly AuditedWrite[];
  /** Ends the leader, waits until the other one leads, and starts the former again. */
  takeOver(fault: 'Kill' | 'Terminate'): Promise<void>;
  /** Ends the leader while claims change, waits for the other one and for the right end, and starts the former again. */
  run(fault: Fault, random: () => number): Promise<FailoverResult>;
  stop(): Promise<void>;
}

/** What the API server made of writes of the former leader that came or ended after the new one had the Lease. */
export interface FailoverResult {
  /** `Itself`: on a slow machine it had lost its lease before the fault. */
  readonly fault: Fault | 'Itself';
  /** Those that took effect. */
  readonly accepted: readonly AuditedWrite[];
  /** Those among them that changed what the new leader had written. */
  readonly overwriting: readonly AuditedWrite[];
  /** Those that were refused with a conflict, of the Lease too, and with anything else. */
  readonly conflicts: readonly AuditedWrite[];
  readonly refused: readonly AuditedWrite[];
  /** How the former leader ended. */
  readonly exitCode: number | null;
  /** From the fault to the first write of the new leader about storages. */
  readonly takeoverMs: number;
}

/** The machine was so slow that the one that was to take over lost its Lease: the kubelet would start it again. */
export class DisturbedRun extends Error {
  constructor(cause: unknown) {
    super('the second replica lost its Lease', { cause });
  }
}

const EXIT_CODES: Readonly<Record<FailoverResult['fault'], number | null>> = {
  Kill: null,
  Terminate: 0,
  Partition: 1,
  Cut: 1,
  Sleep: 1,
  Nap: 1,
  Late: 1,
  Itself: 1,
};

export async function startFailoverPair(
  settings: {
    readonly first?: ReplicaSettings;
    readonly second?: ReplicaSettings;
    readonly claims?: Parameters<typeof createChangingClaims>[1];
    /** Creates what the claims need. */
    readonly prepare?: (namespace: string) => Promise<void>;
  } = {},
): Promise<FailoverPair> {
  const namespace = await newNamespace('failover');
  const writes = followWrites(sharedServers().auditLog, namespace);
  await settings.prepare?.(namespace);
  const claims = await createChangingClaims(namespace, settings.claims);
  let leader = await startReplica(namespace, settings.first);
  await until('the first leads', () => writesBy(writes(), leader).some(isLease));
  let standby = await startReplica(namespace, settings.second).catch(async (error: unknown) => {
    await stopReplica(leader);
    throw error;
  });

  /** The former leader has ended. */
  async function changeRoles(): Promise<void> {
    const [old, next] = [leader, standby];
    old.proxy.mend();
    await old.operator.startAgain();
    [leader, standby] = [next, old];
  }

  async function takeOver(fault: 'Kill' | 'Terminate'): Promise<void> {
    const [old, next] = [leader, standby];
    const before = writesBy(writes(), next).length;
    strike(old, fault, Math.random);
    await old.operator.untilEnded(30);
    await until('the other leads', () => writesBy(writes(), next).slice(before).some(isAccepted));
    await changeRoles();
  }

  async function run(fault: Fault, random: () => number): Promise<FailoverResult> {
    const isGone = ({ operator }: Replica): boolean => !operator.running && operator.exitCode === 1;
    const next = standby;
    try {
      return await runOnce(fault, random);
    } catch (error) {
      throw isGone(next) ? new DisturbedRun(error) : error;
    }
  }

  async function runOnce(fault: Fault, random: () => number): Promise<FailoverResult> {
    const [old, next] = [leader, standby];
    const begun = writes().length;
    const since = (replica: Replica): readonly AuditedWrite[] => writesBy(writes().slice(begun), replica);
    const real = (replica: Replica): readonly AuditedWrite[] => since(replica).filter((write) => !isLease(write));
    const stopChanging = claims.keepChanging(random);
    let struck: Fault | 'Itself' = fault;
    let struckAt: number;
    try {
      await until('the leader or the other is writing', () => real(old).length + real(next).length >= 2);
      await pause(800 * random());
      if (!old.operator.running) struck = 'Itself';
      struckAt = Date.now();
      const afterwards = strike(old, fault, random);
      const enough = 1 + Math.floor(4 * random());
      await until('the other is writing', () => real(next).length >= enough, 60);
      await afterwards();
      await old.operator.untilEnded(60);
    } finally {
      await stopChanging();
    }
    const judged = judge(since(old), since(next));
    await claims.untilRight(60);
    const exitCode = old.operator.exitCode;
    if (exitCode !== EXIT_CODES[struck]) throw new Error(`${struck}: the former leader ended with ${exitCode}`);
    if (!next.operator.running) throw new Error(`${struck}: the new leader has ended`);
    await changeRoles();
    const firstAt = Date.parse(real(next)[0]?.receivedAt ?? '');
    return { fault: struck, ...judged, exitCode, takeoverMs: firstAt - struckAt };
  }

  return {
    namespace,
    claims,
    get leader() {
      return leader;
    },
    get standby() {
      return standby;
    },
    writes,
    takeOver,
    run,
    async stop() {
      await Promise.all([stopReplica(leader), stopReplica(standby)]);
    },
  };
}

/** Brings the fault; what is to be done once the other leads. */
function strike({ operator, proxy }: Replica, fault: Fault, random: () => number): () => Promise<void> {
  const nothing = (): Promise<void> => Promise.resolve();
  switch (fault) {
    case 'Kill':
      operator.signal('SIGKILL');
      return nothing;
    case 'Terminate':
      operator.signal('SIGTERM');
      return nothing;
    case 'Partition':
      proxy.partition();
      return nothing;
    case 'Cut':
      proxy.cut();
      return nothing;
    case 'Late':
      proxy.hold();
      return async () => {
        proxy.deliver();
        // So long an answer may take: whatever it does is judged.
        await pause(1_000);
      };
    case 'Sleep':
      operator.signal('SIGSTOP');
      return async () => {
        await pause(500 * random());
        operator.signal('SIGCONT');
      };
    case 'Nap': {
      operator.signal('SIGSTOP');
      const { renewDeadlineMs, leaseMs, retryMs } = SHORT_LEASE;
      const woken = pause(renewDeadlineMs + (leaseMs + 2 * retryMs - renewDeadlineMs) * random()).then(() =>
        operator.signal('SIGCONT'),
      );
      return () => woken;
    }
  }
}

/**
 * Each write of the former leader is late that was not complete when the API server got the one by which the next took the
 * Lease. The next may have read a Lease that was released before that answer was complete.
 */
function judge(
  byOld: readonly AuditedWrite[],
  byNext: readonly AuditedWrite[],
): Pick<FailoverResult, 'accepted' | 'overwriting' | 'conflicts' | 'refused'> {
  const [taken = ''] = byNext
    .filter(isAccepted)
    .map(({ receivedAt }) => receivedAt)
    .sort();
  const late = byOld.filter((write) => (isLease(write) ? write.receivedAt : write.finishedAt) > taken);
  const accepted = late.filter(isAccepted);
  // Of two that overlap, the audit log does not show which came first.
  const isOverwriting = (write: AuditedWrite): boolean =>
    byNext.some((one) => isAccepted(one) && objectOf(one) === objectOf(write) && one.finishedAt < write.receivedAt);
  return {
    accepted,
    overwriting: accepted.filter(isOverwriting),
    conflicts: late.filter(({ code }) => code === 409),
    refused: late.filter(({ code }) => code >= 300 && code !== 409),
  };
}

function isAccepted({ code }: AuditedWrite): boolean {
  return code < 300;
}

function objectOf({ resource, name }: AuditedWrite): string {
  return `${resource.split('/')[0] ?? ''} ${name}`;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
