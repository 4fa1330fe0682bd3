/** What a reason stands for. */
export interface CheckReason {
  /** Checks that can give it; `any` where each can. */
  readonly checks: readonly CheckName[] | 'any';
  /** The result that it comes with. */
  readonly result: 'Pass' | 'Warn' | 'Fail' | 'Skip' | 'Unknown';
  /**
   * Who must act before another try can succeed: `spec` (only an edit of the
   * object helps), `external` (somebody mends the store, the network or a
   * Secret), `transient` (it passes by itself). Absent where nothing failed.
   */
  readonly class?: 'spec' | 'external' | 'transient';
  /** One sentence. */
  readonly meaning: string;
  /** What usually mends it; empty where nothing has to be mended. */
  readonly remedy: string;
  /** Codes of stores, sockets and TLS that lead to it. */
  readonly codes: readonly string[];
}

/** Every check of this version, in the order in which a person would mend them. */
export const CHECK_NAMES = [
  'NameValid',
  'EndpointAllowed',
  'EndpointReachable',
  'TlsTrusted',
  'ClockInSync',
  'Authenticated',
  'BucketExists',
  'RegionMatches',
  'OwnerMatches',
  'RequesterPaysOff',
  'CanList',
  'ObjectsDeletable',
  'KmsUsable',
  'CanWrite',
  'CanRead',
  'EncryptionMatches',
  'CanDelete',
  'PresignedUrls',
  'MultipartUpload',
  'NotPublic',
  'VersioningEnabled',
  'MixedContent',
  'CorsAllowsApp',
  'IdentityProven',
  'LifecycleSafe',
  'StorageClassReadable',
  'GrantComplete',
  'CredentialLifetime',
  'CaKnownToServer',
  'EndpointPublic',
  'TlsExpiry',
] as const;

export type CheckName = (typeof CHECK_NAMES)[number];
