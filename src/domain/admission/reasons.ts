import type { ConditionReason } from '../conditions/condition-reason.ts';

/** Reasons of `Accepted`. */
export const ACCEPTED_REASONS = {
  Accepted: {
    status: 'True',
    meaning:
      'The spec is valid and nothing conflicts with it. The message can contain a notice, for example about a second InstanceStorage in the namespace.',
    remedy: '',
  },
  InvalidSpec: {
    status: 'False',
    class: 'spec',
    meaning: 'The spec breaks a rule that the CRD should have enforced.',
    remedy: 'Correct the field that the message names. Upgrade the CRDs if they are older than the operator.',
  },
  NotAvailable: {
    status: 'False',
    class: 'spec',
    meaning: 'W&B does not offer this provider for this type of deployment, cloud and level.',
    remedy:
      'Choose an offered provider, or correct spec.deployment of the InstanceStorage, including availability (docs/reference/availability.md).',
  },
  InstanceNotFound: {
    status: 'False',
    class: 'reference',
    meaning: 'The namespace has no InstanceStorage, or not the one that spec.instanceRef names.',
    remedy: 'Create it, or correct spec.instanceRef.name.',
  },
  InstanceAmbiguous: {
    status: 'False',
    class: 'reference',
    meaning: 'The namespace has several InstanceStorages and the team names none.',
    remedy: 'Set spec.instanceRef.name.',
  },
  BucketSourceNotFound: {
    status: 'False',
    class: 'reference',
    meaning: 'The object that spec.bucketFrom names does not exist.',
    remedy: 'Create it, or correct the reference.',
  },
  BucketSourceUnusable: {
    status: 'False',
    class: 'reference',
    meaning: 'The object that spec.bucketFrom names has no bucket of its own.',
    remedy: 'Name the storage that declares the bucket. A reference is followed one step only.',
  },
  BucketChangeForbidden: {
    status: 'False',
    class: 'spec',
    meaning: 'The claim is bound to another bucket, sub-path or instance than the spec names.',
    remedy: 'Name the bound bucket again. For the same bucket under a new address see docs/how-to/move-an-endpoint.md.',
  },
  TeamConflict: {
    status: 'False',
    class: 'reference',
    meaning: 'Another TeamStorage has the same W&B team.',
    remedy: 'Look up in W&B which bucket the team has. Correct spec.team of the other TeamStorage, or delete that one.',
  },
  IsolationViolated: {
    status: 'False',
    class: 'reference',
    meaning: 'A published TeamStorage with isolation: Required uses the same bucket.',
    remedy: 'Use another bucket.',
  },
  LedgerUnknown: {
    status: 'Unknown',
    class: 'transient',
    meaning: 'A ledger that matters for this claim has not been read.',
    remedy: 'Wait. If the reason stays, read Published of the InstanceStorage that the message names.',
  },
  InternalError: {
    status: 'Unknown',
    class: 'transient',
    meaning: 'The operator failed on this object.',
    remedy: 'The operator tries again. Report the error with the log of the operator.',
  },
} as const satisfies Readonly<Record<string, ConditionReason>>;

/** Reasons of `Isolated` on a TeamStorage. */
export const ISOLATED_REASONS = {
  ExclusiveBucket: {
    status: 'True',
    meaning: 'No other published storage uses the bucket.',
    remedy: '',
  },
  UsesInstanceBucket: {
    status: 'False',
    class: 'reference',
    meaning: 'The team is on the instance bucket, together with other teams.',
    remedy: 'Give the team its own bucket before it is created in W&B.',
  },
  SameAsInstanceBucket: {
    status: 'False',
    class: 'reference',
    meaning: 'The bucket of the team is also the instance bucket.',
    remedy: 'Use another bucket.',
  },
  PathOverlap: {
    status: 'False',
    class: 'reference',
    meaning: 'The sub-path of the team contains the sub-path of another team, or lies within it.',
    remedy: 'Give each team a sub-path of its own, or better a bucket of its own.',
  },
  SharedBucket: {
    status: 'False',
    class: 'reference',
    meaning:
      'Other storages use the bucket, with other sub-paths. A user with its credential reaches the files of all.',
    remedy: 'Use another bucket.',
  },
  FilesLeftInInstanceBucket: {
    status: 'False',
    class: 'reference',
    meaning: 'The team used the instance bucket before, and its files from then are still there.',
    remedy: 'Ask W&B. W&B binds the storage of a team once, when the team is created.',
  },
} as const satisfies Readonly<Record<string, ConditionReason>>;
