import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { atLeast } from '../../test/support/property-runs.ts';
import { createFakeClock, type FakeClock } from '../../test/support/fakes/clock.ts';
import { FakeLease } from '../../test/support/fakes/lease.ts';
import { createFakeLog } from '../../test/support/fakes/log.ts';
import { createLeaderElection, LEADER_ELECTION_TIMES, problemOfTimes } from './leader-election.ts';

const { leaseMs, renewDeadlineMs, retryMs } = LEADER_ELECTION_TIMES;

type Outage = Parameters<FakeLease['line']>[0];

/** A process that takes part in the election. */
function candidate(identity: string, clock: FakeClock, lease: FakeLease) {
  const line: NonNullable<Outage> = { outage: 'none' };
  let lost = 0;
  const election = createLeaderElection({
    lock: lease.line(line),
    identity,
    times: LEADER_ELECTION_TIMES,
    clock,
    random: () => 0.5,
    log: createFakeLog(),
    onLost: () => (lost += 1),
  });
  const started = election.start();
  return { election, started, line, lost: () => lost };
}

/** Runs everything that does not wait for a timer. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

/** Advances time in steps that are shorter than any wait. */
async function pass(clock: FakeClock, milliseconds: number, look: () => void = () => undefined): Promise<void> {
  for (let left = milliseconds; left > 0; left -= 500) {
    clock.advance(Math.min(500, left));
    await settle();
    look();
  }
}

function setUp() {
  const clock = createFakeClock();
  const lease = new FakeLease();
  return { clock, lease, join: (identity: string) => candidate(identity, clock, lease) };
}

describe('a process alone', () => {
  it('leads at once, and goes on as long as it can renew', async () => {
    const { clock, lease, join } = setUp();
    const one = join('one');
    await settle();
    expect(one.election.isLeading()).toBe(true);
    expect(one.election.hasPredecessor()).toBe(false);

    await pass(clock, 10 * leaseMs, () => expect(one.election.isLeading()).toBe(true));
    expect(lease.record).toMatchObject({ holder: 'one', transitions: 0 });
  });

  it.each(['refused', 'silent'] as const)(
    'stops before its lease ends when renewals are %s, and says so once',
    async (outage) => {
      const { clock, join } = setUp();
      const one = join('one');
      await settle();
      one.line.outage = outage;

      await pass(clock, renewDeadlineMs);
      expect(one.election.isLeading()).toBe(false);
      await pass(clock, leaseMs);
      expect(one.lost()).toBe(1);
    },
  );

  it('survives a short outage, and answers that were lost on their way', async () => {
    const { clock, join } = setUp();
    const one = join('one');
    await settle();
    for (const outage of ['refused', 'none', 'deaf', 'none', 'deaf', 'none'] as const) {
      one.line.outage = outage;
      await pass(clock, 2 * retryMs, () => expect(one.election.isLeading()).toBe(true));
    }
    expect(one.lost()).toBe(0);
  });

  it('loses at once when it sees that another took the lease', async () => {
    const { clock, lease, join } = setUp();
    const one = join('one');
    await settle();
    const now = clock.now();
    const thief = { holder: 'thief', durationMs: leaseMs, acquiredAt: now, renewedAt: now, transitions: 1 };
    await lease.line().write(thief, lease.record?.version);

    await pass(clock, retryMs);
    expect([one.election.isLeading(), one.lost()]).toEqual([false, 1]);
  });

  it('releases a lease that it gets while it is being stopped', async () => {
    const { lease, join } = setUp();
    const one = join('one');
    const stopped = one.election.stop();
    await settle();
    await stopped;

    expect(lease.record).toMatchObject({ holder: '' });
    expect(one.election.isLeading()).toBe(false);
  });

  it('ends in good order while it waits, without having led', async () => {
    const { clock, lease, join } = setUp();
    const one = join('one');
    await settle();
    const two = join('two');
    await settle();
    await two.election.stop();
    await two.started;

    expect(two.election.isLeading()).toBe(false);
    await pass(clock, 2 * leaseMs);
    expect(lease.record?.holder).toBe('one');
    expect(one.election.isLeading()).toBe(true);
  });
});

describe('a second process', () => {
  it('waits while the first renews, and takes over when that was killed, not before its lease has ended', async () => {
    const { clock, join } = setUp();
    const one = join('one');
    await settle();
    const two = join('two');
    await pass(clock, 3 * leaseMs, () => expect(two.election.isLeading()).toBe(false));
    one.line.outage = 'silent';

    await pass(clock, leaseMs - retryMs, () => expect(two.election.isLeading()).toBe(false));
    await pass(clock, 3 * retryMs);
    expect(two.election.isLeading()).toBe(true);
  });

  it('takes over within two tries when the first ended in good order', async () => {
    const { clock, join } = setUp();
    const one = join('one');
    await settle();
    const two = join('two');
    await pass(clock, leaseMs);
    await one.election.stop();

    await pass(clock, 2.5 * retryMs);
    expect([two.election.isLeading(), two.election.hasPredecessor()]).toEqual([true, true]);
    expect(one.lost()).toBe(0);
  });

  it('does not go by the other clock: a renewal time from the past is not an old lease', async () => {
    const { clock, lease, join } = setUp();
    const hourAgo = clock.now() - 3_600_000;
    const record = {
      holder: 'slow clock',
      durationMs: leaseMs,
      acquiredAt: hourAgo,
      renewedAt: hourAgo,
      transitions: 0,
    };
    await lease.line().write(record, undefined);
    const two = join('two');

    await pass(clock, leaseMs - retryMs);
    expect(two.election.isLeading()).toBe(false);
    await pass(clock, 3 * retryMs);
    expect(two.election.isLeading()).toBe(true);
  });
});

it('never lets two lead at a time, whatever fails and for however long', async () => {
  const outages = fc.constantFrom('none', 'none', 'refused', 'silent', 'deaf' as const);
  const step = fc.record({ who: fc.nat(2), outage: outages, milliseconds: fc.integer({ min: 500, max: 20_000 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
      const { clock, join } = setUp();
      const all = ['one', 'two', 'three'].map((name) => join(name));
      for (const { who, outage, milliseconds } of steps) {
        const one = all[who];
        if (one !== undefined) one.line.outage = outage;
        await pass(clock, milliseconds, () => {
          expect(all.filter(({ election }) => election.isLeading()).length).toBeLessThanOrEqual(1);
        });
      }
      for (const { election } of all) void election.stop();
      await settle();
    }),
    atLeast(60),
  );
});

describe('times', () => {
  it('are refused when two could lead at a time, or one slow answer would end the leader', () => {
    expect(problemOfTimes(LEADER_ELECTION_TIMES)).toBeUndefined();
    expect(problemOfTimes({ leaseMs: 10_000, renewDeadlineMs: 10_000, retryMs: 2_000 })).toContain('two could lead');
    expect(problemOfTimes({ leaseMs: 15_000, renewDeadlineMs: 2_400, retryMs: 2_000 })).toContain('1.2 retry');
  });
});
