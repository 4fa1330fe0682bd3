import type { ConditionReason } from '../conditions/condition-reason.ts';

/** Reasons of `Published`. */
export const PUBLISHED_REASONS = {
  Published: {
    status: 'True',
    meaning: 'The Secret holds what the claim asks for now, and it is proven.',
    remedy: '',
  },
  LastKnownGood: {
    status: 'True',
    meaning: 'The Secret holds what was proven for the claim before.',
    remedy: 'Fix what Ready names, if the present bucket or key should be published.',
  },
  RotationHeld: {
    status: 'True',
    meaning: 'The Secret keeps the old credential: other claims on the bucket have not proven the new one.',
    remedy: 'Give the new credential to the claims that the message names (docs/how-to/rotate-a-key.md).',
  },
  NoEntryNeeded: {
    status: 'True',
    meaning: 'W&B reaches the bucket by its own identity.',
    remedy: '',
  },
  AwaitingProof: {
    status: 'False',
    class: 'external',
    meaning: 'The bucket has not passed every required check with the present key.',
    remedy:
      'Fix the gates before this one. With spec.validation.mode: ReadOnly a bucket is never published for the first time.',
  },
  CredentialConflict: {
    status: 'False',
    class: 'external',
    meaning: 'The bucket is published for another claim with another credential or address.',
    remedy: 'Use the Secret and the address of that claim, or another bucket.',
  },
  FileStoresFull: {
    status: 'False',
    class: 'external',
    meaning: 'The entry does not fit into the environment variable of the server.',
    remedy: 'Let teams share buckets by sub-path, or remove retained entries.',
  },
  CoreWeaveIdentityExclusive: {
    status: 'False',
    class: 'external',
    meaning: 'CoreWeave by identity must be the only file store of an instance.',
    remedy: 'Give the CoreWeave buckets an access key.',
  },
  InstanceFull: {
    status: 'False',
    class: 'external',
    meaning: 'The ledger, the Secret or the ConfigMap would exceed the size of one object.',
    remedy: 'Delete TeamStorages that are not needed, or remove retained entries.',
  },
  PublishFailed: {
    status: 'False',
    class: ['reference', 'transient'],
    meaning: 'The ledger or an output could not be read or written.',
    remedy:
      'With 403, grant the permission or raise the quota that the message names. Otherwise the operator tries again.',
  },
  NotOurs: {
    status: 'False',
    class: 'reference',
    meaning: 'An object with the name of the ledger or of an output exists and was not written by the operator.',
    remedy: 'Rename that object, or rename the InstanceStorage.',
  },
  LedgerTooNew: {
    status: 'False',
    class: 'reference',
    meaning: 'A newer version of the operator wrote the ledger.',
    remedy: 'Upgrade the operator.',
  },
  LedgerUnrecoverable: {
    status: 'False',
    class: 'reference',
    meaning: 'The ledger is lost, and the outputs cannot be read back exactly.',
    remedy:
      'Restore the ledger, or both Secrets and the ConfigMap from one backup. See docs/runbooks/ByobPublishingBlocked.md.',
  },
  OutputsUnknown: {
    status: 'Unknown',
    class: 'transient',
    meaning: 'The Secret has not been read yet.',
    remedy: 'Wait. If the reason stays, follow the rest of the message.',
  },
} as const satisfies Readonly<Record<string, ConditionReason>>;
