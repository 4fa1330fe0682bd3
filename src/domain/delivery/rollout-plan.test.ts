import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isRolledOut, planRollout, rememberRollout, type RolloutMemory, type Deployment } from './rollout-plan.ts';

const T0 = Date.parse('2026-01-01T00:00:00Z');
const AT = (seconds: number): string => new Date(T0 + seconds * 1000).toISOString().replace('.000Z', 'Z');

function workload(name: string, extra: Partial<Deployment> = {}): Deployment {
  return { uid: `uid-${name}`, name, createdAt: T0 - 3_600_000, state: 'Complete', ...extra };
}

function remembered(entries: Readonly<Record<string, string>>, extra: Partial<RolloutMemory> = {}): RolloutMemory {
  const workloads = Object.entries(entries).map(([name, hash]) => ({ uid: `uid-${name}`, name, hash }));
  return { workloads, ...extra };
}

function plan(input: Partial<Parameters<typeof planRollout>[0]>) {
  const { restart, recorded, waiting, waitMs, stripped } = planRollout({
    hash: 'new',
    workloads: [workload('api')],
    memory: undefined,
    minIntervalMs: 300_000,
    now: T0,
    ...input,
  });
  const names = (of: readonly Deployment[]): string => of.map(({ name }) => name).join(' ');
  return {
    restart: names(restart),
    recorded: names(recorded),
    waiting: names(waiting),
    waitMs,
    stripped: names(stripped),
  };
}

describe('the Deployments that a rollout restarts', () => {
  it.each([
    ['none when restarts are switched on', { memory: undefined }, { restart: '', recorded: 'api' }],
    [
      'none when they are switched on again over an old annotation',
      { memory: undefined, workloads: [workload('api', { templateHash: 'older' })] },
      { restart: '', recorded: 'api' },
    ],
    ['none that runs with it', { memory: remembered({ api: 'new' }) }, { restart: '', recorded: '' }],
    ['each that runs with another', { memory: remembered({ api: 'old' }) }, { restart: 'api', recorded: '' }],
    [
      'none whose annotation was stripped',
      { memory: { workloads: [{ uid: 'uid-api', name: 'api', hash: 'new', restartTime: AT(-900) }] } },
      { restart: '', stripped: 'api' },
    ],
    [
      'none whose annotation a crash left unrecorded',
      { memory: remembered({ api: 'old' }), workloads: [workload('api', { templateHash: 'new' })] },
      { restart: '', recorded: '' },
    ],
    [
      'one that came while the config stood, and is new to us',
      { memory: remembered({ api: 'new' }), workloads: [workload('web', { createdAt: T0 - 10_000 })] },
      { restart: '', recorded: 'web' },
    ],
    [
      'one that came before the config changed, and is new to us',
      {
        memory: remembered({ api: 'new' }),
        workloads: [workload('web', { createdAt: T0 - 10_000 })],
        changedAt: T0 - 5_000,
      },
      { restart: 'web', recorded: '' },
    ],
    [
      'none within the interval',
      { memory: remembered({ api: 'old' }, { lastRestartTime: AT(-100) }) },
      { restart: '', waiting: 'api', waitMs: 200_000 },
    ],
    [
      'each that is due after the interval',
      { memory: remembered({ api: 'old' }, { lastRestartTime: AT(-300) }) },
      { restart: 'api', waiting: '', waitMs: 0 },
    ],
  ] as const)('%s', (_what, input, expected) => {
    expect(plan(input as Partial<Parameters<typeof planRollout>[0]>)).toMatchObject(expected);
  });
});

describe('the record of a rollout', () => {
  const api = workload('api');

  it('is complete only when all that was restarted is, and stays so when a pod fails later', () => {
    const before = remembered({ api: 'old' });
    const started = rememberRollout(before, {
      hash: 'new',
      workloads: [api],
      recorded: [],
      restarted: [api],
      now: AT(0),
    });
    expect(isRolledOut(started, 'new')).toBe(false);
    const after = (state: Deployment['state'], at: string, memory: RolloutMemory): RolloutMemory =>
      rememberRollout(memory, {
        hash: 'new',
        workloads: [workload('api', { templateHash: 'new', state })],
        recorded: [],
        restarted: [],
        now: at,
      });
    const under = after('Progressing', AT(5), started);
    expect(isRolledOut(under, 'new')).toBe(false);
    const done = after('Complete', AT(9), under);
    expect(done).toEqual({
      lastRestartTime: AT(0),
      lastCompletionTime: AT(9),
      workloads: [{ uid: 'uid-api', name: 'api', hash: 'new', restartTime: AT(0) }],
    });
    expect(after('Progressing', AT(60), done)).toEqual(done);
    expect(isRolledOut(done, 'new')).toBe(true);
    expect(isRolledOut(done, 'newer')).toBe(false);
  });

  it('takes over a restart that a crash left unrecorded, and starts the interval', () => {
    const found = workload('api', { templateHash: 'new' });
    const memory = rememberRollout(remembered({ api: 'old' }), {
      hash: 'new',
      workloads: [found],
      recorded: [],
      restarted: [],
      now: AT(3),
    });
    expect(memory).toMatchObject({ lastRestartTime: AT(3), workloads: [{ hash: 'new', restartTime: AT(3) }] });
  });

  it('forgets what is gone', () => {
    const memory = rememberRollout(remembered({ api: 'new', web: 'new' }), {
      hash: 'new',
      workloads: [api],
      recorded: [],
      restarted: [],
      now: AT(0),
    });
    expect(memory.workloads.map(({ name }) => name)).toEqual(['api']);
  });
});

it('restarts each at most once for a hash and never twice within the interval (simulation)', () => {
  const events = fc.array(
    fc.record({
      afterSeconds: fc.integer({ min: 1, max: 400 }),
      hash: fc.constantFrom('a', 'b', 'c'),
      strip: fc.boolean(),
      crash: fc.boolean(),
    }),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(events, (steps) => {
      let memory: RolloutMemory | undefined;
      let templateHash: string | undefined;
      let now = T0;
      let running = '';
      const restarts: number[] = [];
      for (const { afterSeconds, hash, strip, crash } of steps) {
        now += afterSeconds * 1000;
        if (strip) templateHash = undefined;
        const found = workload('api', templateHash === undefined ? {} : { templateHash });
        const planned = planRollout({ hash, workloads: [found], memory, minIntervalMs: 300_000, now });
        if (planned.restart.length > 0) {
          expect(running).not.toBe(hash);
          restarts.push(now);
          templateHash = hash;
        }
        if (planned.restart.length > 0 || memory === undefined) running = hash;
        // A crash before the memory is written loses it only if the annotation still has it.
        if (!crash || planned.restart.length === 0) {
          memory = rememberRollout(memory, {
            hash,
            workloads: [found],
            recorded: planned.recorded,
            restarted: planned.restart,
            now: new Date(now).toISOString(),
          });
        }
        if (crash && planned.restart.length > 0) {
          const seen = workload('api', { templateHash: hash });
          memory = rememberRollout(memory, {
            hash,
            workloads: [seen],
            recorded: [],
            restarted: [],
            now: new Date(now).toISOString(),
          });
        }
      }
      const gaps = restarts.slice(1).map((at, index) => at - (restarts[index] ?? 0));
      expect(gaps.every((gap) => gap >= 300_000)).toBe(true);
    }),
  );
});
