import type { CheckReason } from './check-reason.ts';

/** Reasons that a few checks share; each of these lists them among its own. */
export const SHARED_REASONS = {
  HiddenByStore: {
    result: 'Unknown',
    meaning: 'The store refuses the credential without saying whether the bucket exists, or where.',
    remedy: 'Grant the permission that CanList names.',
    codes: ['AccessDenied'],
    proof: 'emulator',
  },
  ObjectArchived: {
    result: 'Fail',
    class: 'external',
    meaning: 'An object that was just written is in a storage class that must be restored before it can be read.',
    remedy: 'Set a default storage class of the bucket that can be read at once.',
    codes: ['InvalidObjectState', 'BlobArchived', 'BlobBeingRehydrated'],
    proof: 'rules',
  },
  ObjectsRetained: {
    result: 'Fail',
    class: 'external',
    meaning:
      'Object lock with a default retention, a retention or immutability policy, or a hold keeps objects from being deleted: garbage collection would free nothing. A probe writes nothing where the settings say so, and one object where only that object shows it.',
    remedy: 'Remove retention and holds from the bucket, or use one without.',
    codes: [
      'retentionPolicyNotMet',
      'objectUnderActiveHold',
      'BlobImmutableDueToPolicy',
      'BlobImmutableDueToLegalHold',
      'ObjectLockedByBucketPolicy',
      'x-amz-object-lock-retain-until-date',
      'x-amz-object-lock-legal-hold',
    ],
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
      "The credential may not read a setting. W&B's documented grant does not include the permission, so nothing is wrong; the message names it.",
    remedy: 'Check the setting as an administrator of the bucket.',
    codes: ['AccessDenied', '403'],
    proof: 'emulator',
  },
  SettingNotOffered: {
    result: 'Unknown',
    meaning: 'The store does not have the setting, or does not report it.',
    remedy: 'Look it up in the documentation of the store.',
    codes: ['NotImplemented', 'MethodNotAllowed', '501'],
    proof: 'rules',
  },
  UrlSigningDenied: {
    result: 'Fail',
    class: 'external',
    meaning:
      'The identity may use the bucket but may not sign URLs, which clients and browsers use to reach the files.',
    remedy:
      'Grant roles/iam.serviceAccountTokenCreator on the service account to itself, or Storage Blob Delegator on the storage account.',
    codes: ['403 by signBlob', '403 by getUserDelegationKey'],
    proof: 'scripted server',
  },
} as const satisfies Readonly<Record<string, CheckReason>>;
