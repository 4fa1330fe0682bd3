import type { FailureClass } from './conditions/failure-class.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/**
 * When something is looked at again without an event, in milliseconds: the one table of these times. Changes that the
 * operator watches wake a controller at once; these times are for what nothing reports.
 */
export const INTERVALS = {
  /**
   * A reconcile that threw or asked for a retry: doubled from `base` to `most`, with jitter. Together with
   * `grace.publisher`, every generation is acknowledged within a minute of the end of a fault, however long that lasted.
   */
  backoff: { base: SECOND / 2, most: 30 * SECOND },

  storage: {
    /** The object is another version than the one that was looked at: the watch is about to show it. */
    afterConflict: SECOND / 2,
    /** The API server refused the full status: CRDs are upgraded, webhooks are corrected. */
    refusedStatus: MINUTE,
    /** While a report is put off: what it waits for may arrive without an event. */
    delayedReport: SECOND,
    /** A Secret without the label and a CA are not watched; the API server may answer again. */
    problem: { transient: 5 * SECOND, reference: 30 * SECOND, external: 30 * SECOND, spec: undefined } satisfies Record<
      FailureClass,
      number | undefined
    >,
    /** Counts of teams, and claims for which admission may decide otherwise, follow together. */
    gatherChanges: SECOND,
  },

  /** For how long something is not reported that usually passes by itself. */
  grace: {
    /** What is applied together arrives one after the other. */
    newObject: SECOND,
    /** `kubectl replace --force` and a restore delete an object and create it again. */
    replacedReference: 5 * SECOND,
    /** Ledgers are read one after the other after a start. What was reported before stands until they are. */
    unknownLedger: 30 * SECOND,
    /** No controller waits longer for the publisher: then what is known is reported. */
    publisher: 30 * SECOND,
  },

  validation: {
    /** Defaults of `spec.validation.interval` and `fullInterval`. */
    light: HOUR,
    full: 24 * HOUR,
    /** After a failed probe whose cause an administrator must fix: IAM, CORS and KMS edits take this long to arrive. */
    external: [30 * SECOND, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE],
    /** After a fault that may pass: as long again as it has lasted, within these bounds. */
    transient: { least: 2 * SECOND, most: 5 * MINUTE },
  },

  /** How long a cause may last before the object is `Stalled`. */
  stall: { spec: 0, external: 2 * MINUTE, transient: 2 * MINUTE, reference: 5 * MINUTE } satisfies Record<
    FailureClass,
    number
  >,

  publication: {
    /**
     * Proofs that arrive together are published together: a millisecond for each claim that the publication holds,
     * within these bounds.
     */
    gatherProofs: { least: SECOND / 10, most: SECOND },
    /** After a failure: doubled from `first` to `most`. */
    failure: { first: SECOND, most: 15 * SECOND },
    /** An object of that name belongs to another owner: it is not in the caches, so nothing reports that it has gone. */
    notOurs: MINUTE,
    /** A claim that seems to be lost may be in a ledger that has not been read yet. */
    unserved: 15 * SECOND,
    removal: {
      /** Deletions come together, and `kubectl replace --force` leaves a gap: none must have come for this long. */
      quiet: 10 * SECOND,
      /** A namespace in which something is deleted all the time is not waited for any longer. */
      longest: 2 * MINUTE,
      /** What could not be confirmed is asked for again. */
      check: 5 * SECOND,
    },
  },

  delivery: {
    /** W&B's resources and Deployments are not watched. */
    check: MINUTE,
    /** What an administrator is about to fix: a target that is yet to be installed, a conflict. */
    problem: 30 * SECOND,
    /** Another client wrote at the same moment: judge it anew. */
    afterConflict: SECOND,
    /** Progress of a rollout that is under way. */
    rollout: 2 * SECOND,
    /** Default of `spec.delivery.restart.minInterval`. */
    betweenRestarts: 5 * MINUTE,
  },

  provision: {
    /** A server that is down, or whose owner is about to fix something. */
    transient: 30 * SECOND,
    /** Only an edit or W&B's administrator helps. */
    other: 5 * MINUTE,
  },
} as const;
