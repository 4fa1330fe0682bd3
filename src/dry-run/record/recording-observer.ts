import { judgeAll } from '../../checks/judge.ts';
import type { Secret } from '../../base/secret.ts';
import type { Observer } from '../dry-run-validator.ts';
import { createPseudonyms } from './pseudonyms.ts';
import { recordOf, type ProbeRecord, type RecordedProbe } from './record.ts';

/** Remembers what another observer was asked and answered. */
export interface RecordingObserver extends Observer {
  record(version: string): ProbeRecord;
}

/** `key`: random, and forgotten with the observer, so that no pseudonym leads back to its name. */
export function createRecordingObserver(observer: Observer, key: Secret<string>): RecordingObserver {
  const pseudonymised = createPseudonyms(key);
  const probes: RecordedProbe[] = [];
  return {
    assumesProof: observer.assumesProof,
    async observe(question) {
      const observations = await observer.observe(question);
      if (observations === undefined) return undefined;
      const { context, ignore } = question.request;
      const results = judgeAll(observations, context, { ignore });
      // Through JSON: what is no data, such as the source of tokens, is left out.
      const seen = JSON.parse(JSON.stringify({ context, observations })) as Pick<
        RecordedProbe,
        'context' | 'observations'
      >;
      probes.push({
        ...pseudonymised(seen),
        ignore,
        results: results.map(({ name, result, reason }) => ({ name, result, reason })),
      });
      return observations;
    },
    record: (version) => recordOf(version, probes),
  };
}
