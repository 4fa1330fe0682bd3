import type { FailureClass } from './conditions/failure-class.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/**
 * All intervals after which a controller runs again without an event, in milliseconds. Changes that the operator
 * watches wake a controller at once; these intervals are for what no watch reports.
 */
export const INTERVALS = {
  /**
   * After a reconcile that threw or asked for a retry: doubled from `base` to `most`, with jitter. Together with
   * `grace.publisher`, every generation is acknowledged within a minute of the end of a fault, however long that
   * lasted.
   */
  backoff: { base: SECOND / 2, most: 30 * SECOND },

  storage: {
    /** The object changed during the reconcile: the watch is about to deliver the new version. */
    afterConflict: SECOND / 2,
    /** The API server refused the full status until CRDs are upgraded or a webhook is corrected. */
    refusedStatus: MINUTE,
    /** While a report is delayed: its cause may end without an event. */
    delayedReport: SECOND,
    /** A Secret without the label and a CA are not watched, and the API server may answer again. */
    problem: { transient: 5 * SECOND, reference: 30 * SECOND, external: 30 * SECOND, spec: undefined } satisfies Record<
      FailureClass,
      number | undefined
    >,
    /** Counts of teams, and claims whose admission may have changed, are updated together. */
    gatherChanges: SECOND,
  },

  /** How long a condition that usually passes by itself is not reported. */
  grace: {
    /** Objects that are applied together arrive one after the other. */
    newObject: SECOND,
    /** `kubectl replace --force` and a restore delete an object and create it again. */
    replacedReference: 5 * SECOND,
    /** Ledgers are read one after the other after a start. Until then the recorded conditions are kept. */
    unknownLedger: 30 * SECOND,
    /** Longest wait for the publisher. After it, the status is reported without its answer. */
    publisher: 30 * SECOND,
  },

  validation: {
    /** Defaults of `spec.validation.interval` and `fullInterval`. */
    light: HOUR,
    full: 24 * HOUR,
    /**
     * After a failed probe whose cause an administrator must fix: changes of IAM, CORS and KMS take this long to become
     * effective.
     */
    external: [30 * SECOND, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE],
    /** After a fault that may pass: wait as long as it has lasted, within these bounds. */
    transient: { least: 2 * SECOND, most: 5 * MINUTE },
  },

  /** How long a cause may last before the object is `Stalled`. */
  stall: { spec: 0, external: 2 * MINUTE, transient: 2 * MINUTE, reference: 5 * MINUTE } satisfies Record<
    FailureClass,
    number
  >,

  publication: {
    /**
     * Proofs that arrive together are published together. The publisher runs `least` after the first of them; after
     * `atOnce` runs in a row, there is one in each `between`, which is longer where runs take long.
     */
    gatherProofs: {
      least: SECOND / 10,
      atOnce: 3,
      /** `soon`: for a proof that somebody waits for. `times`: of the time that the last run took. */
      between: {
        soon: { least: SECOND / 5, times: 1 / 4, most: (3 * SECOND) / 10 },
        others: { least: SECOND, times: 10, most: 15 * SECOND },
      },
      /**
       * So many new or edited `claims` in a row, or proofs of one new key (`buckets`), or more than one in each `every`,
       * are a crowd: nobody waits for a certain one. It is `over` so long after the last of them: a busy store answers in
       * bursts.
       */
      crowd: { claims: 20, buckets: 5, every: SECOND / 4, over: 10 * SECOND },
    },
    /** After a failure: doubled from `first` to `most`. */
    failure: { first: SECOND, most: 15 * SECOND },
    /** An object of that name belongs to another owner. It is not in the caches, so no watch reports its deletion. */
    notOurs: MINUTE,
    /** A claim that seems to be lost may be in a ledger that has not been read yet. */
    unserved: 15 * SECOND,
    /** The ledger or the outputs of an instance of another shard could not be read. */
    otherShard: 15 * SECOND,
    removal: {
      /** Required time without a deletion: deletions come together, and `kubectl replace --force` leaves a gap. */
      quiet: 10 * SECOND,
      /** Longest wait for a namespace in which objects are deleted all the time. */
      longest: 2 * MINUTE,
      /** Deletions that could not be confirmed are checked again. */
      check: 5 * SECOND,
    },
  },

  delivery: {
    /** W&B's resources and Deployments are not watched. */
    check: MINUTE,
    /** Faults that an administrator may be fixing: a target that is not installed yet, a conflict. */
    problem: 30 * SECOND,
    /** Another client wrote at the same moment: plan again. */
    afterConflict: SECOND,
    /** Progress of a rollout that is under way. */
    rollout: 2 * SECOND,
    /** Default of `spec.delivery.restart.minInterval`. */
    betweenRestarts: 5 * MINUTE,
  },

  provision: {
    /** A server that is down, or whose administrator may be fixing it. */
    transient: 30 * SECOND,
    /** Faults that need an edit, or W&B's administrator. */
    other: 5 * MINUTE,
  },
} as const;
