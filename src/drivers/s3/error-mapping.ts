import type { BucketFailure, BucketFailureKind } from '../../domain/observations/bucket-failure.ts';
import { socketFailure } from '../../net/socket-failure.ts';
import { isTransientStatus, kindByStatus } from '../../domain/observations/http-status.ts';

/** Kinds of the error codes of S3 (AWS, MinIO, Ceph RGW). */
const KINDS: Readonly<Record<string, BucketFailureKind>> = {
  NoSuchBucket: 'BucketNotFound',
  NoSuchKey: 'ObjectNotFound',
  NotFound: 'ObjectNotFound',
  NoSuchUpload: 'ObjectNotFound',
  InvalidObjectState: 'ObjectArchived',
  InvalidBucketName: 'BucketNameInvalid',
  InvalidAccessKeyId: 'AccessKeyUnknown',
  InvalidClientTokenId: 'AccessKeyUnknown',
  SignatureDoesNotMatch: 'SignatureMismatch',
  ExpiredToken: 'CredentialsExpired',
  TokenRefreshRequired: 'CredentialsExpired',
  AccessDenied: 'AccessDenied',
  AllAccessDisabled: 'AccountSuspended',
  AccountProblem: 'AccountSuspended',
  NotSignedUp: 'AccountSuspended',
  UserSuspended: 'AccountSuspended',
  RequestTimeTooSkewed: 'ClockSkewed',
  PermanentRedirect: 'WrongRegion',
  TemporaryRedirect: 'WrongRegion',
  Redirect: 'WrongRegion',
  AuthorizationHeaderMalformed: 'WrongRegion',
  AuthorizationQueryParametersError: 'WrongRegion',
  IllegalLocationConstraintException: 'WrongRegion',
  InvalidRegion: 'WrongRegion',
  PreconditionFailed: 'PreconditionFailed',
  ConditionalRequestConflict: 'PreconditionFailed',
  NotImplemented: 'NotImplemented',
  XNotImplemented: 'NotImplemented',
  MethodNotAllowed: 'NotImplemented',
  SlowDown: 'Throttled',
  SlowDownRead: 'Throttled',
  SlowDownWrite: 'Throttled',
  RequestLimitExceeded: 'Throttled',
  Throttling: 'Throttled',
  TooManyRequests: 'Throttled',
  QuotaExceeded: 'QuotaExceeded',
  XMinioStorageFull: 'QuotaExceeded',
  XMinioAdminBucketQuotaExceeded: 'QuotaExceeded',
  InternalError: 'ServiceUnavailable',
  ServiceUnavailable: 'ServiceUnavailable',
  OperationAborted: 'ServiceUnavailable',
  RequestTimeout: 'ServiceUnavailable',
  'KMS.NotFoundException': 'KmsKeyNotFound',
  'KMS.DisabledException': 'KmsKeyDisabled',
  'KMS.KMSInvalidStateException': 'KmsKeyDisabled',
  'KMS.InvalidKeyUsageException': 'KmsKeyDisabled',
  // MinIO, of its KMS.
  'kms:KeyNotFound': 'KmsKeyNotFound',
  'kms:NotAuthorized': 'KmsAccessDenied',
};

/** Codes with several meanings, distinguished by the message. */
const KINDS_BY_MESSAGE: readonly (readonly [code: string, pattern: RegExp, kind: BucketFailureKind])[] = [
  ['AccessDenied', /\bkms:/i, 'KmsAccessDenied'],
  ['NotImplemented', /KMS is not configured/i, 'KmsNotConfigured'],
  ['AuthorizationHeaderMalformed', /access key/i, 'AccessKeyUnknown'],
  // Ceph RGW: it has no such key, or no KMS at all.
  ['InvalidArgument', /kms-keyid/i, 'KmsKeyNotFound'],
];

/** An error answer of S3, from the SDK or from a plain request. */
export interface S3Answer {
  readonly httpStatus: number;
  readonly code?: string;
  readonly message?: string;
  readonly region?: string;
  readonly requestId?: string;
}

/**
 * Classifies an answer with an error status. The text of the message is only
 * matched, never passed on. Codes and ids that are passed on go to the status, so
 * their form is checked: the answer may come from another server.
 */
export function answerFailure(answer: S3Answer): BucketFailure {
  const code = ifOf(/^[A-Za-z][\w.:]{0,63}$/, answer.code);
  const region = ifOf(REGION, answer.region);
  const requestId = ifOf(/^[\w+/=.:-]{1,128}$/, answer.requestId);
  return {
    kind: kindOf(answer),
    httpStatus: answer.httpStatus,
    ...(code !== undefined && { providerCode: code }),
    ...(region !== undefined && { region }),
    ...(requestId !== undefined && { requestId }),
  };
}

const REGION = /^[a-z0-9-]{1,63}$/;

function ifOf(form: RegExp, text: string | undefined): string | undefined {
  return text !== undefined && form.test(text) ? text : undefined;
}

function kindOf({ httpStatus, code, message = '', region }: S3Answer): BucketFailureKind {
  const byMessage = KINDS_BY_MESSAGE.find(([of, pattern]) => code === of && pattern.test(message));
  if (byMessage !== undefined) return byMessage[2];
  const known = code !== undefined && Object.hasOwn(KINDS, code) ? KINDS[code] : undefined;
  if (known !== undefined) return known;
  if (httpStatus >= 400) return kindByStatus(httpStatus);
  // A redirect of S3 names the region of the bucket; any other leads to a login page, say.
  return region === undefined ? 'NotAnObjectStore' : 'WrongRegion';
}

/** Classifies an error of the SDK: an answer, or a failure of the connection. */
export function sdkFailure(error: unknown): BucketFailure {
  const raw = (error ?? {}) as SdkError;
  if (raw.failure !== undefined) return raw.failure;
  const httpStatus = raw.$metadata?.httpStatusCode ?? raw.$response?.statusCode;
  if (httpStatus === undefined) return socketFailure(error);
  // It answered, but the SDK could not read it: HTML of a proxy or of another web server.
  if (isUnreadable(raw)) return unreadable(httpStatus);
  const code = [raw.Code, raw.name].find(
    (one) => one !== undefined && one !== 'Unknown' && one !== 'UnknownError' && one !== 'Error',
  );
  return answerFailure({ httpStatus, ...(code !== undefined && { code }), ...detailsOf(raw) });
}

function detailsOf(raw: SdkError): Omit<S3Answer, 'httpStatus' | 'code'> {
  const region = regionOf(raw);
  const requestId = raw.$metadata?.requestId;
  return {
    ...(raw.message !== undefined && { message: raw.message }),
    ...(region !== undefined && { region }),
    ...(requestId !== undefined && { requestId }),
  };
}

interface SdkError {
  /** From our own handler, when there was no answer. */
  readonly failure?: BucketFailure;
  readonly name?: string;
  readonly message?: string;
  readonly Code?: string;
  readonly Region?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
  readonly $response?: { readonly statusCode?: number; readonly headers?: Readonly<Record<string, string>> };
}

/** The failure of an answer that no store sent: the error of a load balancer, or another server. */
export function unreadable(httpStatus: number): BucketFailure {
  return { kind: isTransientStatus(httpStatus) ? kindByStatus(httpStatus) : 'NotAnObjectStore', httpStatus };
}

function isUnreadable(error: SdkError): boolean {
  // With a code it was read, and the message is the store's.
  if (error.Code !== undefined) return false;
  return (
    error.name === 'SyntaxError' ||
    error.name === 'RangeError' ||
    /deserialization error|not valid XML|Unexpected (token|close tag)/i.test(error.message ?? '')
  );
}

function regionOf(error: SdkError): string | undefined {
  return [error.Region, error.$response?.headers?.['x-amz-bucket-region']].find(
    (one) => one !== undefined && REGION.test(one),
  );
}

/** Reads an S3 error document; bounded, and only the two elements that we know. */
export function parseErrorDocument(
  body: string,
): { readonly code?: string; readonly message?: string; readonly region?: string } | undefined {
  const code = /<Code>([A-Za-z0-9_.:]{1,64})<\/Code>/.exec(body)?.[1];
  if (code === undefined || !body.includes('<Error')) return undefined;
  const message = /<Message>([^<]{0,1024})<\/Message>/.exec(body)?.[1];
  const region = /<Region>([a-z0-9-]{1,63})<\/Region>/.exec(body)?.[1];
  return { code, ...(message !== undefined && { message }), ...(region !== undefined && { region }) };
}
