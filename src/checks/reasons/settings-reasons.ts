import type { CheckReason } from './check-reason.ts';

/** Reasons about the settings of a bucket, and about what they mean for W&B. */
export const SETTINGS_REASONS = {
  SettingNotReadable: {
    checks: ['ObjectsDeletable', 'VersioningEnabled', 'LifecycleSafe'],
    result: 'Unknown',
    meaning:
      "A setting is not for this credential to read. W&B's documented grant does not hold the permission, so nothing is wrong; the message names it.",
    remedy: 'Look at the setting with an administrator of the bucket.',
    codes: ['AccessDenied', '403'],
  },
  SettingNotOffered: {
    checks: ['ObjectsDeletable', 'VersioningEnabled', 'LifecycleSafe'],
    result: 'Unknown',
    meaning: 'The store has no such setting, or does not tell it.',
    remedy: 'Look it up in the documentation of the store.',
    codes: ['NotImplemented', 'MethodNotAllowed', '501'],
  },
  RequesterPays: {
    checks: ['RequesterPaysOff'],
    result: 'Fail',
    class: 'external',
    meaning: 'Requests must offer to pay, and neither those of W&B nor pre-signed URLs do.',
    remedy: 'Turn requester pays off.',
    codes: ['userProjectMissing', 'UserProjectMissing'],
  },
  RequesterPaysForOthers: {
    checks: ['RequesterPaysOff'],
    result: 'Warn',
    meaning: 'Requester pays is on and this credential is let off, as one of the project that owns the bucket.',
    remedy: 'Turn requester pays off.',
    codes: [],
  },
  VersioningDisabled: {
    checks: ['VersioningEnabled'],
    result: 'Warn',
    meaning:
      'What is deleted is gone at once; W&B asks for versioning (Azure: soft delete) before its garbage collection is switched on.',
    remedy: 'Turn versioning, or soft delete, on.',
    codes: [],
  },
  SoftDeleteDisabled: {
    checks: ['VersioningEnabled'],
    result: 'Fail',
    class: 'external',
    meaning: "A bucket of GCS without soft delete, which W&B's server refuses.",
    remedy: 'gcloud storage buckets update gs://<bucket> --soft-delete-duration=7d',
    codes: ['Bucket does not have soft deletion enabled'],
  },
  BucketSettingsDenied: {
    checks: ['VersioningEnabled'],
    result: 'Fail',
    class: 'external',
    meaning: "The credential may not read the settings of a bucket of GCS, which W&B's server does before it uses one.",
    remedy: 'Grant roles/storage.admin on the bucket, as W&B documents.',
    codes: ['403 naming storage.buckets.get'],
  },
  LifecycleDeletes: {
    checks: ['LifecycleSafe'],
    result: 'Warn',
    meaning: 'A lifecycle rule deletes objects under the path: runs and artifacts lose their files.',
    remedy: 'Take the path out of the rule, or the rule away.',
    codes: [],
  },
  LifecycleArchives: {
    checks: ['LifecycleSafe'],
    result: 'Warn',
    meaning: 'A lifecycle rule moves objects under the path to a class that must be restored before it can be read.',
    remedy: 'Take the path out of the rule, or the rule away.',
    codes: [],
  },
  ObjectsArchived: {
    checks: ['StorageClassReadable'],
    result: 'Warn',
    meaning: 'Objects under the path are in a class that must be restored before it can be read.',
    remedy: 'Restore them or move them to a class that can be read at once.',
    codes: ['GLACIER', 'DEEP_ARCHIVE', 'Archive'],
  },
  StorageClassCostly: {
    checks: ['StorageClassReadable'],
    result: 'Warn',
    meaning: 'New objects of a bucket of GCS are in a class that charges for each read and for early deletion.',
    remedy: 'Have the bucket keep new objects in class STANDARD.',
    codes: ['NEARLINE', 'COLDLINE', 'ARCHIVE'],
  },
  GrantIncomplete: {
    checks: ['GrantComplete'],
    result: 'Warn',
    meaning: "The credential lacks permissions that W&B's documentation asks for; the message names them.",
    remedy: 'Grant what the message names.',
    codes: ['AccessDenied', '403'],
  },
  CredentialsShortLived: {
    checks: ['CredentialLifetime'],
    result: 'Warn',
    meaning: 'Credentials die before the write URLs that W&B signs with them, which are for 24 hours.',
    remedy: 'Let sessions live longer, or use a key that lasts.',
    codes: [],
  },
  CaPrivate: {
    checks: ['CaKnownToServer'],
    result: 'Warn',
    meaning:
      "The store's certificate ends at a CA of the spec, which W&B's server, browsers and clients must know too.",
    remedy: 'Give the CA to the server (global.caCertsConfigMap), and to the machines of browsers and clients.',
    codes: [],
  },
  EndpointNotPublic: {
    checks: ['EndpointPublic'],
    result: 'Warn',
    meaning: 'The store has a name or an address that only its own network knows: others cannot use pre-signed URLs.',
    remedy: 'Give the store an address that browsers and clients can reach, or have the server proxy file traffic.',
    codes: [],
  },
  TlsExpiresSoon: {
    checks: ['TlsExpiry'],
    result: 'Warn',
    meaning: "The store's certificate ends in less than 21 days.",
    remedy: 'Renew the certificate.',
    codes: [],
  },
} as const satisfies Readonly<Record<string, CheckReason>>;
