import type { CheckReasonName } from '../api/check-reasons.ts';
import type { BucketFailure, BucketFailureKind } from '../domain/bucket-failure.ts';
import type { CheckContext, Judgement } from './check.ts';
import { failed } from './judgement.ts';
import {
  bucketPlace,
  codeOf,
  correctSecret,
  endpointField,
  principal,
  regionField,
  storePlace,
  storeUrl,
} from './wording.ts';

/** What a failure means wherever it is met; `says` follows the name of what was tried. */
interface Row {
  readonly reason: CheckReasonName;
  readonly says: (context: CheckContext) => string;
  readonly remedy: (context: CheckContext) => string;
}

const KMS_ACTIONS = 'kms:GenerateDataKey*, kms:Encrypt, kms:Decrypt, kms:ReEncrypt* and kms:Describe*';

function refused(): Row {
  return {
    reason: 'RequestRefused',
    says: (context) => `The ${bucketPlace(context)} refused the request`,
    remedy: () => 'Look up the code in the documentation of the store, and the request in its log.',
  };
}

const ROWS: Readonly<Record<BucketFailureKind, Row>> = {
  EndpointForbidden: {
    reason: 'EndpointForbidden',
    says: (context) => `The policy of the operator does not allow connections to ${storeUrl(context)}`,
    remedy: (context) =>
      `Name another endpoint in ${endpointField(context)}, or have the administrator of the operator add this one to --allowed-endpoints.`,
  },
  NameNotResolved: {
    reason: 'EndpointNotResolved',
    says: (context) => `DNS knows no host for ${storeUrl(context)}`,
    remedy: (context) => `Correct ${endpointField(context)}, or create the DNS record.`,
  },
  ResolverUnavailable: {
    reason: 'ResolverUnavailable',
    says: (context) => `DNS did not answer for ${storeUrl(context)}`,
    remedy: () => 'Look at the DNS of the cluster: kubectl -n kube-system get pods -l k8s-app=kube-dns',
  },
  ConnectionRefused: {
    reason: 'ConnectionRefused',
    says: (context) => `Nothing listens at ${storeUrl(context)}: the connection was refused`,
    remedy: (context) => `Start the store, or correct host and port in ${endpointField(context)}.`,
  },
  ConnectionTimedOut: {
    reason: 'ConnectionTimedOut',
    says: (context) => `No connection to ${storeUrl(context)} came about in time`,
    remedy: () => 'Let the operator through in firewalls and NetworkPolicies: the traffic is dropped on its way.',
  },
  ConnectionReset: {
    reason: 'ConnectionReset',
    says: (context) => `The connection to ${storeUrl(context)} was cut before the answer was complete`,
    remedy: () => 'Look at the store and at proxies before it; the probe is repeated by itself.',
  },
  NetworkUnreachable: {
    reason: 'NetworkUnreachable',
    says: (context) => `There is no route to ${storeUrl(context)}`,
    remedy: () => 'Look at routes and NetworkPolicies between the operator and the store.',
  },
  TlsUntrusted: {
    reason: 'TlsUntrusted',
    says: (context) => `The certificate of ${storeUrl(context)} does not end at a CA that the operator knows`,
    remedy: (context) => caRemedy(context),
  },
  TlsExpired: {
    reason: 'TlsExpired',
    says: (context) => `The certificate of ${storeUrl(context)} has expired or is not valid yet`,
    remedy: () => 'Renew the certificate of the store; where it is fresh, set the clock of the node right.',
  },
  TlsNameMismatch: {
    reason: 'TlsNameMismatch',
    says: (context) => `The certificate of ${storeUrl(context)} was made for another host`,
    remedy: (context) =>
      `Name a host that the certificate holds in ${endpointField(context)}, or issue one for this host.`,
  },
  TlsHandshakeFailed: {
    reason: 'TlsHandshakeFailed',
    says: (context) => `What answers at ${storeUrl(context)} does not speak TLS, or no version of it that we share`,
    remedy: (context) =>
      `Correct scheme (http or https) and port in ${endpointField(context)}; TLS 1.2 or newer is needed.`,
  },
  ProxyRefused: {
    reason: 'ProxyRefused',
    says: (context) => `The HTTP proxy did not open a tunnel to ${storeUrl(context)}`,
    remedy: () => 'Allow the host in the proxy, or add it to NO_PROXY of the operator.',
  },
  DeadlineExceeded: {
    reason: 'DeadlineExceeded',
    says: (context) => `The ${bucketPlace(context)} did not answer in time`,
    remedy: () => 'Look for a slow store, proxy or network; the probe is repeated by itself.',
  },
  ResponseTooLarge: {
    reason: 'NotAnObjectStore',
    says: (context) => `${storeUrl(context)} answered with far more than an object store would`,
    remedy: (context) => `Correct ${endpointField(context)}: it must be the address of the S3 API.`,
  },
  NotAnObjectStore: {
    reason: 'NotAnObjectStore',
    says: (context) =>
      `What answers at ${storeUrl(context)} does not answer as the S3 API does: a console or another server`,
    remedy: (context) =>
      `Correct ${endpointField(context)}: it must be the address of the S3 API (MinIO: port 9000, not that of the console).`,
  },
  AccessKeyUnknown: {
    reason: 'AccessKeyUnknown',
    says: (context) => `${storeUrl(context)} does not know ${principal(context)}`,
    remedy: (context) => correctSecret(context, 'accessKeyId'),
  },
  SignatureMismatch: {
    reason: 'SecretKeyWrong',
    says: (context) => `${storeUrl(context)} knows ${principal(context)}, but the secret key does not belong to it`,
    remedy: (context) => correctSecret(context, 'secretAccessKey'),
  },
  CredentialsExpired: {
    reason: 'CredentialsExpired',
    says: (context) => `The credential of ${principal(context)} has expired`,
    remedy: (context) => `W&B needs a key that lasts. ${correctSecret(context, 'both')}`,
  },
  AccessDenied: refused(),
  AccountSuspended: {
    reason: 'AccountSuspended',
    says: (context) => `The account behind ${principal(context)} or the ${bucketPlace(context)} is suspended`,
    remedy: () => 'Settle it with the provider of the store.',
  },
  ClockSkewed: {
    reason: 'ClockSkewed',
    says: (context) => `${storeUrl(context)} refuses signatures because its clock and ours differ too much`,
    remedy: () => 'Synchronise the clocks of the nodes and of the store with NTP (chronyc tracking shows the offset).',
  },
  BucketNotFound: {
    reason: 'BucketNotFound',
    says: (context) => `There is no bucket ${context.storage.name} ${storePlace(context)}`,
    remedy: (context) => createBucket(context),
  },
  BucketNameInvalid: {
    reason: 'BucketNameInvalid',
    says: (context) => `The store takes no bucket of the name ${context.storage.name}`,
    remedy: () => 'Correct spec.bucket.name: 3 to 63 lower-case letters, digits, dots and hyphens.',
  },
  WrongRegion: {
    reason: 'RegionMismatch',
    says: (context) => `The ${bucketPlace(context)} is not in region ${context.storage.region}`,
    remedy: (context) => `Set ${regionField(context)} to the region of the bucket.`,
  },
  ObjectNotFound: refused(),
  PreconditionFailed: refused(),
  NotImplemented: {
    reason: 'NotSupportedByStore',
    says: (context) => `The store of ${bucketPlace(context)} does not offer an operation that W&B needs`,
    remedy: () => 'Upgrade the store, or use one that offers the operation.',
  },
  RequestRefused: refused(),
  KmsKeyNotFound: {
    reason: 'KmsKeyNotFound',
    says: (context) => `The KMS key with which ${bucketPlace(context)} encrypts does not exist`,
    remedy: () => 'Correct the key in the encryption settings of the bucket; it must be in the region of the bucket.',
  },
  KmsKeyDisabled: {
    reason: 'KmsKeyDisabled',
    says: (context) => `The KMS key with which ${bucketPlace(context)} encrypts is disabled or about to be deleted`,
    remedy: () =>
      'Enable the key: aws kms enable-key --key-id <key> (after aws kms cancel-key-deletion, if it was scheduled).',
  },
  KmsAccessDenied: {
    reason: 'KmsAccessDenied',
    says: (context) =>
      `The owner of ${principal(context)} may not use the KMS key with which ${bucketPlace(context)} encrypts`,
    remedy: () => `Allow ${KMS_ACTIONS} on the key, in the key policy and in the IAM policy of the owner.`,
  },
  KmsNotConfigured: {
    reason: 'KmsNotConfigured',
    says: (context) => `The ${bucketPlace(context)} is to encrypt with a key, and the store has no KMS`,
    remedy: () => 'Configure the KMS of the store, or drop the key from the encryption settings of the bucket.',
  },
  Throttled: {
    reason: 'Throttled',
    says: (context) => `The store of ${bucketPlace(context)} asks for fewer requests`,
    remedy: () =>
      'Nothing at first: the probe is repeated by itself. If it stays, raise the request limits of the store.',
  },
  QuotaExceeded: {
    reason: 'QuotaExceeded',
    says: (context) => `The ${bucketPlace(context)} has no room left`,
    remedy: () => 'Free space in the store or raise the quota of the bucket.',
  },
  ServiceUnavailable: {
    reason: 'StoreUnavailable',
    says: (context) => `The store of ${bucketPlace(context)} answered with a server error`,
    remedy: () => 'Look at the health of the store; the probe is repeated by itself.',
  },
};

/** The verdict that a failure gives where it has no special meaning; `doing` says what was tried, such as `Writing an object`. */
export function failedBy(failure: BucketFailure, context: CheckContext, doing?: string): Judgement {
  const row = ROWS[failure.kind];
  const what = doing === undefined ? '' : `${doing} failed. `;
  return failed(row.reason, `${what}${row.says(context)}${codeOf(failure)}.`, row.remedy(context));
}

function caRemedy({ storage, namespace }: CheckContext): string {
  if (storage.provider === 'S3') {
    return 'A proxy seems to open TLS on the way to AWS: add its CA to the image or route around it with NO_PROXY.';
  }
  const ca = storage.caBundle;
  return ca === undefined
    ? `kubectl create configmap ${storage.name}-ca -n ${namespace} --from-file=ca.crt, then set spec.bucket.s3Compatible.caBundle.configMapKeyRef to {name: ${storage.name}-ca, key: ca.crt}.`
    : `Correct ${ca.key} of ${ca.kind} ${ca.name}: it must hold the CA that issued the certificate of the store, in PEM.`;
}

function createBucket(context: CheckContext): string {
  const { storage } = context;
  const command =
    storage.provider === 'S3'
      ? `aws s3 mb s3://${storage.name} --region ${storage.region}`
      : `mc mb --region ${storage.region} <alias>/${storage.name}`;
  return `Correct spec.bucket.name, or create the bucket: ${command}`;
}
