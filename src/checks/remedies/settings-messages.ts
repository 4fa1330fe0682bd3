/** Settings that a credential need not be able to read for W&B. */
export type UnreadSetting = 'retention' | 'versioning' | 'lifecycle';

/** Problems with the key that encrypts a bucket. */
export type KeyProblem = 'NotFound' | 'Disabled' | 'Denied' | 'NotConfigured';

/** One provider's terms for a bucket's settings, and the commands that change them. */
export interface SettingsMessages {
  /** The permission to read a setting, and the command that prints it. */
  readonly permissionFor: (setting: UnreadSetting) => string;
  /** How to remove retention, so that objects can be deleted at once. */
  readonly removeRetention: string;
  /** How to keep deleted objects for a while, which W&B's garbage collection requires. */
  readonly keepDeleted: string;
  /** The rule that removes old versions of probe objects. */
  readonly expireVersions: (probePrefix: string) => string;
  /** How to see and change the rules that delete objects. */
  readonly changeLifecycle: string;
  /** How to make new objects readable at once. */
  readonly changeClass: string;
  /** How to make the owner of the bucket pay for requests. */
  readonly payForRequests: string;
  readonly fixKey: (problem: KeyProblem) => string;
  /** How to set the encryption key of the bucket. */
  readonly encryptWith: (key: string) => string;
  /** How to grant permissions that W&B documents. */
  readonly grantAll: (permissions: readonly string[]) => string;
}

/** Of S3: W&B's documentation requires the permission for versioning, and none of the others. */
export function permissionToRead(setting: UnreadSetting, permission: string, command: string): string {
  if (setting !== 'versioning') return unneededPermission(permission, command);
  return `This needs ${permission}, which W&B's documentation requires. An administrator who has it can check: ${command}`;
}

/** For a permission that W&B does not need. */
export function unneededPermission(permission: string, command: string): string {
  return `This needs ${permission}, which W&B does not need. An administrator who has it can check: ${command}`;
}
