import type { CancelTimer, Clock } from '../ports/clock.ts';
import type { LeaseLock, LeaseRecord } from '../ports/lease.ts';
import type { Log } from '../ports/log.ts';
import type { Component } from './manager.ts';

/** Another takes over after `leaseMs`; who cannot renew for `renewDeadlineMs` stops before that. */
export interface LeaderElectionTimes {
  readonly leaseMs: number;
  readonly renewDeadlineMs: number;
  readonly retryMs: number;
}

/** Those of client-go. */
export const LEADER_ELECTION_TIMES = {
  leaseMs: 15_000,
  renewDeadlineMs: 10_000,
  retryMs: 2_000,
} as const satisfies LeaderElectionTimes;

/** Tries to become leader are spread by up to this share of their interval. */
const JITTER = 0.2;

/** Why nobody could lead by these times, as client-go judges them; `undefined` when they are good. */
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
}

export interface LeaderElectionOptions {
  readonly lock: LeaseLock;
  /** Names this process, and no other that ever was. */
  readonly identity: string;
  readonly times: LeaderElectionTimes;
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly log: Log;
  /** Called once when the lease is lost: the process must end, since it cannot know what it still has under way. */
  readonly onLost: () => void;
}

/**
 * Leader election by a Lease, with client-go's semantics. `start` resolves when
 * this process leads, and `stop`, which comes after everything that writes has
 * stopped, gives the lease back, so that a successor need not wait for its end.
 *
 * How long the lease of another lasts is measured from when we saw it renewed,
 * by our own clock: clocks of two nodes need not agree.
 */
// eslint-disable-next-line max-lines-per-function -- acquiring, renewing and releasing share one state
export function createLeaderElection(options: LeaderElectionOptions): LeaderElection {
  const { lock, identity, times, clock, log } = options;
  let held: LeaseRecord | undefined;
  /** Monotonic time before the last successful renewal was sent. */
  let renewedAt = 0;
  let rival: { readonly version: string; readonly seenAt: number } | undefined;
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

  /** Another holder's lease counts until it has stood unchanged for its whole duration. */
  function isTaken(record: LeaseRecord): boolean {
    if (record.holder === '' || record.holder === identity) return false;
    const now = clock.monotonic();
    if (rival?.version !== record.version) rival = { version: record.version, seenAt: now };
    return now - rival.seenAt < record.durationMs;
  }

  /** How the lease was come by, once it is ours. */
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
      // A conflict is the ordinary way to lose a race.
      log.debug({ status: written.error.status, reason: written.error.reason }, 'lease not acquired');
      return undefined;
    }
    hold(written.value, began);
    if (current === undefined) return 'new';
    return current.holder === '' ? 'released' : 'expired';
  }

  /** Remembers a write of ours, and sets the time by which the next one must have succeeded. */
  function hold(record: LeaseRecord, sentAt: number): void {
    held = record;
    renewedAt = sentAt;
    cancelDeadline();
    // A renewal that hangs must not keep us from noticing that our time is over.
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
    if (written.error.status === 409) await lookAgain();
  }

  /** After a conflict: our own write may have arrived although its answer did not; else somebody took the lease. */
  async function lookAgain(): Promise<void> {
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

  let renewing: Promise<void> = Promise.resolve();

  function lead(lease: string): void {
    if (stopped) return;
    log.info({ identity, lease }, 'leading');
    renewing = keepRenewing();
  }

  return {
    name: 'leader-election',
    isLeading,
    async start() {
      log.info({ identity }, 'waiting for leadership');
      while (!stopped) {
        const lease = await tryAcquire();
        if (lease !== undefined) {
          lead(lease);
          return;
        }
        await pause(times.retryMs * (1 + JITTER * options.random()));
      }
    },
    async stop() {
      stopped = true;
      wake();
      cancelDeadline();
      await renewing;
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
