import type { CheckReasonName } from '../../../src/checks/catalogue.ts';

interface NamedTest {
  readonly file: string;
  /** Part of its name, or of the row that it runs. */
  readonly test: string;
}

const minio = (test: string): NamedTest => ({ file: 'test/contract/probe-minio.test.ts', test });
const gcs = (test: string): NamedTest => ({ file: 'test/contract/probe-gcs.test.ts', test });
const azurite = (test: string): NamedTest => ({ file: 'test/contract/probe-azurite.test.ts', test });

/** The tests of reasons that the table of situations does not show, or that an emulator shows as well. */
export const NAMED_TESTS: Partial<Readonly<Record<CheckReasonName, NamedTest>>> = {
  Passed: minio('takes any region from a store that has none'),
  PlainHttp: minio('passes every check on a good bucket'),
  AccessKeyUnknown: minio('an unknown access key'),
  SecretKeyWrong: minio('a wrong secret key'),
  CredentialsInvalid: gcs('names %s'),
  BucketNotFound: minio('a bucket that is not there'),
  HiddenByStore: minio('exactly the check that stands for it complains'),
  RegionMismatch: minio('tells in which region the bucket is'),
  ListDenied: minio('exactly the check that stands for it complains'),
  WriteDenied: minio('exactly the check that stands for it complains'),
  ReadDenied: minio('exactly the check that stands for it complains'),
  DeleteDenied: minio('keeps to one object where deletion is not granted'),
  BucketPublic: minio('finds a bucket that anybody can read'),
  CorsOriginNotAllowed: minio('finds that it allows another front end only'),
  CorsMissing: azurite('CorsMissing'),
  CorsMethodNotAllowed: gcs('CorsMethodNotAllowed'),
  CorsHeaderNotAllowed: gcs('it leaves out a header'),
  CorsETagHidden: gcs('takes the rule that W&B documents'),
  NotApplicable: { file: 'test/contract/owner-scripted.test.ts', test: 'asks for no owner where none is expected' },
  PrerequisiteFailed: { file: 'test/contract/false-ready.test.ts', test: 'passes nothing beyond reachability' },
  ObjectsRetained: { file: 'test/contract/settings-gcs.test.ts', test: 'ObjectsRetained' },
  AbortDenied: { file: 'test/contract/settings-minio.test.ts', test: 'AbortDenied' },
  ExternalIdNotEnforced: { file: 'test/contract/sts-minio.test.ts', test: 'ExternalIdNotEnforced' },
  IdentityServiceUnavailable: { file: 'test/contract/sts-minio.test.ts', test: 'IdentityServiceUnavailable' },
  RoleNotAssumable: { file: 'test/contract/sts-minio.test.ts', test: 'RoleNotAssumable' },
  IdentityPoolMisconfigured: { file: 'test/contract/gcs-federation.test.ts', test: 'IdentityPoolMisconfigured' },
  ImpersonationDenied: { file: 'test/contract/gcs-federation.test.ts', test: 'ImpersonationDenied' },
  FederatedCredentialMissing: {
    file: 'test/contract/azure-workload-identity.test.ts',
    test: 'FederatedCredentialMissing',
  },
  IdentityNotFound: { file: 'test/contract/azure-workload-identity.test.ts', test: 'IdentityNotFound' },
  UrlSigningDenied: { file: 'test/contract/gcs-federation.test.ts', test: 'UrlSigningDenied' },
  KmsKeyMismatch: {
    file: 'test/contract/settings-scripted.test.ts',
    test: 'names a bucket that encrypts with another key than the spec says',
  },
  MixedContentBlocked: { file: 'test/contract/probe-minio.test.ts', test: 'MixedContentBlocked' },
  SettingNotReadable: { file: 'test/contract/settings-minio.test.ts', test: 'SettingNotReadable' },
  VersioningDisabled: { file: 'test/contract/settings-minio.test.ts', test: 'VersioningDisabled' },
  SoftDeleteDisabled: { file: 'test/contract/settings-gcs.test.ts', test: 'SoftDeleteDisabled' },
  BucketSettingsDenied: { file: 'test/contract/settings-gcs.test.ts', test: 'BucketSettingsDenied' },
  LifecycleDeletes: { file: 'test/contract/settings-minio.test.ts', test: 'LifecycleDeletes' },
  LifecycleArchives: { file: 'test/contract/settings-scripted.test.ts', test: 'LifecycleArchives' },
  ObjectsArchived: { file: 'test/contract/settings-scripted.test.ts', test: 'ObjectsArchived' },
  StorageClassCostly: { file: 'test/contract/settings-gcs.test.ts', test: 'StorageClassCostly' },
  GrantIncomplete: { file: 'test/contract/settings-minio.test.ts', test: 'GrantIncomplete' },
  CredentialsShortLived: { file: 'test/contract/sts-minio.test.ts', test: 'CredentialsShortLived' },
  EndpointNotPublic: { file: 'test/contract/settings-minio.test.ts', test: 'EndpointNotPublic' },
  TlsExpiresSoon: { file: 'test/contract/azure-workload-identity.test.ts', test: 'TlsExpiresSoon' },
};
