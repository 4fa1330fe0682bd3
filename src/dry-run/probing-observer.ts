import type { Secret } from '../base/secret.ts';
import { surveyKeyOf } from '../controllers/validation/survey-plan.ts';
import type { Prober } from '../probes/prober.ts';
import type { Observer } from './dry-run-validator.ts';

/** How many of the probes that were begun have ended. */
export interface ProbeProgress {
  readonly begun: number;
  readonly ended: number;
}

/**
 * Asks the buckets themselves, as the operator does: a probe writes, reads and deletes objects of its own. `uid` gives
 * the name under which these lie; it must not be that of the operator's own probes, which would remove them.
 */
export function createProbingObserver(deps: {
  readonly prober: Prober;
  readonly signal: AbortSignal;
  readonly uid: (uid: string) => string;
  readonly onProgress: (progress: ProbeProgress) => void;
  /** Random: storages on one bucket share its survey, which is identified without revealing by what. */
  readonly surveySalt: Secret<string>;
}): Observer {
  let begun = 0;
  let ended = 0;
  return {
    assumesProof: false,
    async observe({ request, inputs, mode }) {
      const { uid, target, context } = request;
      begun += 1;
      deps.onProgress({ begun, ended });
      const { endpointUrl: endpoint, appOrigin } = context;
      const key = surveyKeyOf(request, deps.surveySalt);
      const probe = {
        ...{ target, endpoint, mode, priority: 'New' as const, identity: inputs },
        // Every survey of this run is recent enough.
        ...(key !== undefined && { survey: { key, notBefore: Number.NEGATIVE_INFINITY } }),
      };
      try {
        return await deps.prober.run(
          { ...probe, uid: deps.uid(uid), ...(appOrigin !== undefined && { appOrigin }) },
          deps.signal,
        );
      } finally {
        ended += 1;
        deps.onProgress({ begun, ended });
      }
    },
  };
}
