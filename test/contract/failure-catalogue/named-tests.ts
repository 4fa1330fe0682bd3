import type { CheckReasonName } from '../../../src/api/check-reasons.ts';

interface NamedTest {
  readonly file: string;
  /** Part of its name, or of the row that it runs. */
  readonly test: string;
}

const minio = (test: string): NamedTest => ({ file: 'test/contract/probe-minio.test.ts', test });
const gcs = (test: string): NamedTest => ({ file: 'test/contract/probe-gcs.test.ts', test });
const azurite = (test: string): NamedTest => ({ file: 'test/contract/probe-azurite.test.ts', test });
const rules = (test: string): NamedTest => ({ file: 'src/checks/judge.test.ts', test });

/** The tests of reasons that the table of situations does not show, or that an emulator shows as well. */
export const NAMED_TESTS: Partial<Readonly<Record<CheckReasonName, NamedTest>>> = {
  Passed: minio('takes any region from a store that has none'),
  PlainHttp: minio('passes every check on a good bucket'),
  AccessKeyUnknown: minio('an unknown access key'),
  SecretKeyWrong: minio('a wrong secret key'),
  CredentialsInvalid: gcs('names %s'),
  BucketNotFound: minio('a bucket that is not there'),
  HiddenByStore: minio('names the missing grant of %s'),
  RegionMismatch: minio('tells in which region the bucket is'),
  ListDenied: minio('names the missing grant of %s'),
  WriteDenied: minio('names the missing grant of %s'),
  ReadDenied: minio('names the missing grant of %s'),
  DeleteDenied: minio('keeps to one object where deletion is not granted'),
  BucketPublic: minio('finds a bucket that anybody can read'),
  CorsOriginNotAllowed: minio('finds that it allows another front end only'),
  CorsMissing: azurite('CorsMissing'),
  CorsMethodNotAllowed: gcs('CorsMethodNotAllowed'),
  CorsHeaderNotAllowed: gcs('it leaves out a header'),
  CorsETagHidden: gcs('takes the rule that W&B documents'),
  NotApplicable: { file: 'test/contract/owner-scripted.test.ts', test: 'asks for no owner where none is expected' },
  PrerequisiteFailed: { file: 'test/contract/false-ready.test.ts', test: 'passes nothing beyond reachability' },
  Ignored: rules('Ignored'),
  NetworkUnreachable: { file: 'src/net/socket-failure.test.ts', test: 'NetworkUnreachable' },
};
