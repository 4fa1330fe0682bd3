import type { CheckReason } from './check-reason.ts';

/** Reasons that a few checks give; each of these names them among its own. */
export const SHARED_REASONS = {
  HiddenByStore: {
    result: 'Unknown',
    meaning: 'The store refuses the credential without saying whether the bucket exists, or where.',
    remedy: 'Grant what CanList asks for.',
    codes: ['AccessDenied'],
    proof: 'emulator',
  },
  ObjectArchived: {
    result: 'Fail',
    class: 'external',
    meaning: 'An object that was just written is in a storage class that must be restored before it can be read.',
    remedy: 'Have the bucket keep new objects in a class that can be read at once.',
    codes: ['InvalidObjectState', 'BlobArchived'],
    proof: 'rules',
  },
  ObjectsRetained: {
    result: 'Fail',
    class: 'external',
    meaning:
      'Object lock with a default retention, a retention or immutability policy, or a hold keeps objects from being deleted: garbage collection would not free anything. A probe that knows writes nothing.',
    remedy: 'Take retention and holds away from the bucket, or use one without.',
    codes: ['retentionPolicyNotMet', 'objectUnderActiveHold', 'BlobImmutableDueToPolicy'],
    proof: 'emulator',
  },
  DeleteHadNoEffect: {
    result: 'Fail',
    class: 'external',
    meaning: 'The store confirmed a deletion, and the object is still there.',
    remedy: 'Look for object lock, retention or a gateway that answers for the store.',
    codes: [],
    proof: 'scripted server',
  },
  SettingNotReadable: {
    result: 'Unknown',
    meaning:
      "A setting is not for this credential to read. W&B's documented grant does not hold the permission, so nothing is wrong; the message names it.",
    remedy: 'Look at the setting with an administrator of the bucket.',
    codes: ['AccessDenied', '403'],
    proof: 'emulator',
  },
  SettingNotOffered: {
    result: 'Unknown',
    meaning: 'The store has no such setting, or does not tell it.',
    remedy: 'Look it up in the documentation of the store.',
    codes: ['NotImplemented', 'MethodNotAllowed', '501'],
    proof: 'rules',
  },
  UrlSigningDenied: {
    result: 'Fail',
    class: 'external',
    meaning: 'The identity may use the bucket and may not sign URLs, by which clients and browsers reach the files.',
    remedy:
      'Grant roles/iam.serviceAccountTokenCreator on the service account to itself, or Storage Blob Delegator on the storage account.',
    codes: ['403 by signBlob', '403 by getUserDelegationKey'],
    proof: 'scripted server',
  },
} as const satisfies Readonly<Record<string, CheckReason>>;
