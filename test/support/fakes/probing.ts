import { Secret } from '../../../src/base/secret.ts';
import { judgeAll } from '../../../src/checks/judge.ts';
import type { Observations } from '../../../src/domain/observations/observations.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { BucketClient } from '../../../src/ports/bucket.ts';
import { createProber, PROBE_LIMITS, type ProbeRequest } from '../../../src/probes/prober.ts';
import { createSurveys, type Surveys } from '../../../src/probes/surveys.ts';
import { FakeStore } from './bucket.ts';
import { createFakeClock } from './clock.ts';
import { APP, contextOf, s3 } from './observations.ts';

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
    const results = judgeAll(seen, contextOf({ storage }), { ignore: [] });
    const found = results.filter(({ result, reason }) => result !== 'Pass' && reason !== 'NotApplicable');
    return Object.fromEntries(found.map(({ name, reason }) => [name, reason]));
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
