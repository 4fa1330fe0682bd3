import type { CancelTimer, Clock } from '../ports/clock.ts';
import type { LeaseLock, LeaseRecord } from '../ports/lease.ts';
import type { Log } from '../ports/log.ts';
import type { Component } from './manager.ts';

/** A leader that cannot renew for `renewDeadlineMs` stops; another process may take over after `leaseMs`, which is longer. */
export interface LeaderElectionTimes {
  readonly leaseMs: number;
  readonly renewDeadlineMs: number;
  readonly retryMs: number;
}

/** The defaults of client-go. */
export const LEADER_ELECTION_TIMES = {
  leaseMs: 15_000,
  renewDeadlineMs: 10_000,
  retryMs: 2_000,
} as const satisfies LeaderElectionTimes;

/** Jitter of the interval between tries to become leader, as a share of it. */
const JITTER = 0.2;

/** What is wrong with these times, by the rules of client-go; `undefined` when they are valid. */
export function problemOfTimes({ leaseMs, renewDeadlineMs, retryMs }: LeaderElectionTimes): string | undefined {
  if (leaseMs <= renewDeadlineMs) {
    return 'the lease must last longer than the renew deadline: else two could lead at a time';
  }
  if (renewDeadlineMs <= retryMs * (1 + JITTER)) {
    return 'the renew deadline must be longer than 1.2 retry periods: else one slow answer ends the leader';
  }
  return undefined;
}

export interface LeaderElection extends Component {
  /** Whether this process may write now: it leads, and its last renewal is fresh enough. */
  isLeading(): boolean;
  /** Whether it leads after another process, which may have seen more than this one. */
  hasPredecessor(): boolean;
}

export interface LeaderElectionOptions {
  readonly lock: LeaseLock;
  /** Unique to this process, also among former ones. */
  readonly identity: string;
  readonly times: LeaderElectionTimes;
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly log: Log;
  /** Called once when the lease is lost: the process must exit, since it cannot know which of its requests are still running. */
  readonly onLost: () => void;
}

/**
 * Leader election by a Lease, with client-go's semantics. `start` resolves when
 * this process leads. `stop` must come after everything that writes has stopped;
 * it releases the lease, so that a successor need not wait until it expires.
 *
 * The lease of another process is timed from when we saw its last renewal, by our
 * own clock: clocks of two nodes need not agree.
 */
// eslint-disable-next-line max-lines-per-function -- acquiring, renewing and releasing share one state
export function createLeaderElection(options: LeaderElectionOptions): LeaderElection {
  const { lock, identity, times, clock, log } = options;
  let held: LeaseRecord | undefined;
  /** When the last successful renewal was sent, on the monotonic clock. */
  let renewedAt = 0;
  let rival: { readonly version: string; readonly seenAt: number } | undefined;
  let hasPredecessor = false;
  let stopped = false;
  let wake: () => void = () => undefined;
  let cancelDeadline: CancelTimer = () => undefined;

  function isLeading(): boolean {
    return held !== undefined && clock.monotonic() - renewedAt < times.renewDeadlineMs;
  }

  function pause(milliseconds: number): Promise<void> {
    if (stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = clock.setTimer(milliseconds, resolve);
      wake = () => {
        cancel();
        resolve();
      };
    });
  }

  /** Another holder's lease is valid until it was unchanged for its whole duration. */
  function isTaken(record: LeaseRecord): boolean {
    if (record.holder === '' || record.holder === identity) return false;
    const now = clock.monotonic();
    if (rival?.version !== record.version) rival = { version: record.version, seenAt: now };
    return now - rival.seenAt < record.durationMs;
  }

  /** How the lease was acquired; `undefined` if it was not. */
  async function tryAcquire(): Promise<'new' | 'released' | 'expired' | undefined> {
    const began = clock.monotonic();
    const found = await lock.read();
    if (!found.ok) {
      log.warn({ status: found.error.status, reason: found.error.reason }, 'lease could not be read');
      return undefined;
    }
    const current = found.value;
    if (current !== undefined && isTaken(current)) return undefined;
    const now = clock.now();
    const next = {
      holder: identity,
      durationMs: times.leaseMs,
      acquiredAt: now,
      renewedAt: now,
      transitions: current === undefined ? 0 : current.transitions + 1,
    };
    const written = await lock.write(next, current?.version);
    if (!written.ok) {
      // Not a warning: a conflict is normal when two processes try.
      log.debug({ status: written.error.status, reason: written.error.reason }, 'lease not acquired');
      return undefined;
    }
    hold(written.value, began);
    hasPredecessor = current !== undefined;
    if (current === undefined) return 'new';
    return current.holder === '' ? 'released' : 'expired';
  }

  /** Keeps our own write, and sets the deadline of the next one. */
  function hold(record: LeaseRecord, sentAt: number): void {
    held = record;
    renewedAt = sentAt;
    cancelDeadline();
    // A timer, since a renewal that hangs would never reach a check of the time.
    cancelDeadline = clock.setTimer(Math.max(0, sentAt + times.renewDeadlineMs - clock.monotonic()), lose);
  }

  function lose(): void {
    cancelDeadline();
    if (held === undefined || stopped) return;
    held = undefined;
    log.error({ identity }, 'leadership lost');
    options.onLost();
  }

  async function renew(lease: LeaseRecord): Promise<void> {
    const sentAt = clock.monotonic();
    const written = await lock.write({ ...lease, renewedAt: clock.now() }, lease.version);
    if (written.ok) {
      if (held !== undefined) hold(written.value, sentAt);
      return;
    }
    log.warn({ status: written.error.status, reason: written.error.reason }, 'lease not renewed');
    if (written.error.status === 409) await readAgain();
  }

  /** After a conflict: either an earlier write of ours succeeded without an answer, or another process took the lease. */
  async function readAgain(): Promise<void> {
    const found = await lock.read();
    if (!found.ok || held === undefined) return;
    if (found.value?.holder === identity) held = found.value;
    else lose();
  }

  async function keepRenewing(): Promise<void> {
    for (;;) {
      await pause(times.retryMs);
      if (stopped || held === undefined) return;
      await renew(held);
    }
  }

  async function acquire(): Promise<void> {
    log.info({ identity }, 'waiting for leadership');
    while (!stopped) {
      const lease = await tryAcquire();
      if (lease !== undefined) {
        lead(lease);
        return;
      }
      await pause(times.retryMs * (1 + JITTER * options.random()));
    }
  }

  let acquiring: Promise<void> = Promise.resolve();
  let renewing: Promise<void> = Promise.resolve();

  function lead(lease: string): void {
    if (stopped) return;
    log.info({ identity, lease }, 'leading');
    renewing = keepRenewing();
  }

  return {
    name: 'leader-election',
    isLeading,
    hasPredecessor: () => hasPredecessor,
    start() {
      acquiring = acquire();
      return acquiring;
    },
    async stop() {
      stopped = true;
      wake();
      // A try that is on its way may still get the lease, which has to be released then.
      await acquiring;
      await renewing;
      cancelDeadline();
      if (held === undefined || !isLeading()) return;
      const released = await lock.write(
        { ...held, holder: '', durationMs: 1_000, renewedAt: clock.now() },
        held.version,
      );
      held = undefined;
      log.info({ released: released.ok }, 'leadership released');
    },
  };
}
