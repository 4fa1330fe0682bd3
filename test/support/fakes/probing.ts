import { Secret } from '../../../src/base/secret.ts';
import type { CheckResult } from '../../../src/checks/check.ts';
import { judgeAll } from '../../../src/checks/judge.ts';
import type { Observations } from '../../../src/domain/observations/observations.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { BucketClient } from '../../../src/ports/bucket.ts';
import { createProber, PROBE_LIMITS, type ProbeRequest } from '../../../src/probes/prober.ts';
import { createSurveys, type Surveys } from '../../../src/probes/surveys.ts';
import { FakeStore } from './bucket.ts';
import { createFakeClock } from './clock.ts';
import { APP, contextOf, s3, verdictsOn } from './observations.ts';

interface ProberParts {
  readonly clock?: Clock;
  readonly surveys?: Surveys;
  readonly wrap?: (client: BucketClient) => BucketClient;
}

/** A prober of one bucket in memory. */
export function proberOf(store: FakeStore, { clock, surveys, wrap = (client) => client }: ProberParts = {}) {
  let ids = 0;
  return createProber({
    openBucket: () => Promise.resolve(wrap(store.client())),
    http: store.http(),
    clock: clock ?? createFakeClock(),
    randomId: () => `id-${String(++ids)}`,
    limits: PROBE_LIMITS,
    surveys: surveys ?? createSurveys(),
  });
}

/** Full probes of one bucket in memory, one after the other; pauses between requests take no time. */
export function startProbing(storage: ProbeRequest['target']['storage'] = s3) {
  const store = new FakeStore();
  const time = createFakeClock();
  const pauses: number[] = [];
  let onPause: (elapsedMs: number) => void = () => undefined;
  const clock: Clock = {
    ...time,
    setTimer(milliseconds, run) {
      // Deadlines are longer.
      if (milliseconds >= PROBE_LIMITS.callDeadlineMs) return time.setTimer(milliseconds, run);
      pauses.push(milliseconds);
      const pause = setImmediate(() => {
        onPause(milliseconds);
        run();
      });
      return () => clearImmediate(pause);
    },
  };
  const prober = proberOf(store, { clock });

  async function probe(): Promise<Observations> {
    const seen = await prober.run(
      {
        uid: 'uid-1',
        target: { storage, credential: { kind: 'AccessKey', accessKeyId: 'AKIA', secretAccessKey: new Secret('s') } },
        endpoint: 'https://store.example',
        mode: 'Full',
        priority: 'New',
        appOrigin: APP,
        identity: 'one',
      },
      new AbortController().signal,
    );
    if (seen === undefined) throw new Error('withdrawn before it began');
    return seen;
  }

  /** Reasons of the checks that did not pass. */
  function reasons(seen: Observations): Readonly<Record<string, string>> {
    return reasonsIn(judgeAll(seen, contextOf({ storage }), { ignore: [] }));
  }

  return {
    store,
    probe,
    reasons,
    pauses,
    advance: (milliseconds: number) => time.advance(milliseconds),
    /** Called in each pause of the probe. */
    onPause: (run: (milliseconds: number) => void) => {
      onPause = run;
    },
  };
}

/** Of the objects that the probe of `request` writes. */
export const PREFIX = 'teams/omega/.wandb-storage-probe/uid-1/';
export const DENIED = { kind: 'AccessDenied', httpStatus: 403, providerCode: 'AccessDenied' } as const;
export const never = new AbortController().signal;

export const request: ProbeRequest = {
  uid: 'uid-1',
  target: { storage: s3, credential: { kind: 'AccessKey', accessKeyId: 'AKIA', secretAccessKey: new Secret('s') } },
  endpoint: 'https://store.example',
  mode: 'Full',
  priority: 'Changed',
  appOrigin: APP,
  identity: 'one',
};

/** A prober of one bucket in memory, with a clock that the test moves. */
export function setUpProber(wrap: (client: BucketClient) => BucketClient = (client) => client) {
  const store = new FakeStore();
  const clock = createFakeClock();
  const prober = proberOf(store, { clock, wrap });
  const probe = async (changes: Partial<ProbeRequest> = {}, signal = never): Promise<Observations> => {
    const seen = await prober.run({ ...request, ...changes }, signal);
    if (seen === undefined) throw new Error('withdrawn before it began');
    return seen;
  };
  return { store, clock, prober, probe };
}

/** Reasons of the checks that did not pass. */
export function verdicts(seen: Observations): Readonly<Record<string, string>> {
  return reasonsIn(verdictsOn(seen));
}

function reasonsIn(results: readonly CheckResult[]): Readonly<Record<string, string>> {
  const found = results.filter(({ result, reason }) => result !== 'Pass' && reason !== 'NotApplicable');
  return Object.fromEntries(found.map(({ name, reason }) => [name, reason]));
}

/** Lets everything run that waits for nothing but earlier promises, and no timer. */
export async function settlePromises(): Promise<void> {
  for (let turn = 0; turn < 500; turn++) await Promise.resolve();
}
