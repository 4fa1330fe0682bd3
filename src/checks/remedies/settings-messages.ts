/** What a credential may not read, and W&B does not need. */
export type UnreadSetting = 'retention' | 'versioning' | 'lifecycle';

/** What may be wrong with the key that encrypts a bucket. */
export type KeyProblem = 'NotFound' | 'Disabled' | 'Denied' | 'NotConfigured';

/** How one provider's people speak of a bucket's settings, and the commands that change them. */
export interface SettingsWords {
  /** The permission that would tell a setting, and how a person with it looks: `s3:GetLifecycleConfiguration would tell ...`. */
  readonly whoTells: (setting: UnreadSetting) => string;
  /** How to let objects be deleted at once. */
  readonly removeRetention: string;
  /** How to keep what was deleted for a while, which W&B's garbage collection asks for. */
  readonly keepDeleted: string;
  /** The rule that frees what probes leave in a versioned bucket. */
  readonly expireVersions: (probePrefix: string) => string;
  /** How to see and change the rules that delete objects. */
  readonly changeLifecycle: string;
  /** How to let new objects be readable at once. */
  readonly changeClass: string;
  /** How to have the owner of the bucket pay. */
  readonly payForRequests: string;
  readonly mendKey: (problem: KeyProblem) => string;
  /** How to have the bucket encrypt with a key. */
  readonly encryptWith: (key: string) => string;
  /** How to grant permissions that W&B documents. */
  readonly grantAll: (permissions: readonly string[]) => string;
}

/** Of S3: W&B's documentation asks for the one on versioning, and for no other of them. */
export function tells(setting: UnreadSetting, permission: string, command: string): string {
  if (setting !== 'versioning') return tellsOnly(permission, command);
  return `${permission}, for which W&B's documentation asks, would tell; whoever has it can look: ${command}`;
}

/** Where none of W&B's permissions is needed for it. */
export function tellsOnly(permission: string, command: string): string {
  return `${permission}, which W&B does not need, would tell; whoever has it can look: ${command}`;
}
