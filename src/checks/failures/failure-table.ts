import {
  isSignInFailure,
  type BucketFailure,
  type BucketFailureKind,
  type SignInFailureKind,
} from '../../domain/observations/bucket-failure.ts';
import type { CheckContext, Judgement } from '../check.ts';
import { failed } from '../judgement.ts';
import { signInSentence, type SignInSentence } from '../remedies/sign-in-messages.ts';
import { messagesOf } from '../remedies/messages-of.ts';
import {
  allowAddress,
  correctAddress,
  correctCertificateName,
  correctHost,
  correctPort,
  correctScheme,
} from '../remedies/endpoint-remedies.ts';
import type { ProviderMessages } from '../remedies/messages.ts';
import { codeOf } from '../wording.ts';
import { accountSentence } from './account-states.ts';
import { FAILURE_REASONS } from './failure-reasons.ts';

/** Message and remedy of a failure in every check; the message follows the name of the failed step. */
interface Row {
  readonly says: (messages: ProviderMessages) => string;
  readonly remedy: (messages: ProviderMessages) => string;
}

function refused(): Row {
  return {
    says: (messages) => `The ${messages.bucket} refused the request`,
    remedy: () => 'Look up the code in the documentation of the store, and the request in its log.',
  };
}

/**
 * Failures of the store; those to sign in are about other services (`signInSentence`), and what is wrong with an account
 * depends on the code (`accountSentence`).
 */
const ROWS: Readonly<Record<Exclude<BucketFailureKind, SignInFailureKind | 'AccountSuspended'>, Row>> = {
  EndpointForbidden: {
    says: (messages) => `The policy of the operator does not allow connections to ${messages.url}`,
    remedy: allowAddress,
  },
  NameNotResolved: {
    says: (messages) => `DNS has no record of the host of ${messages.url}`,
    remedy: correctHost,
  },
  ResolverUnavailable: {
    says: (messages) => `DNS did not answer for ${messages.url}`,
    remedy: () => 'Check the DNS of the cluster: kubectl -n kube-system get pods -l k8s-app=kube-dns',
  },
  ConnectionRefused: {
    says: (messages) => `Nothing listens at ${messages.url}: the connection was refused`,
    remedy: correctPort,
  },
  ConnectionTimedOut: {
    says: (messages) => `The connection to ${messages.url} was not established in time`,
    remedy: () => 'Allow the traffic from the operator in firewalls and NetworkPolicies: it is dropped on the way.',
  },
  ConnectionReset: {
    says: (messages) => `The connection to ${messages.url} was cut before the answer was complete`,
    remedy: () => 'Look at the store and at proxies before it; the probe is repeated by itself.',
  },
  NetworkUnreachable: {
    says: (messages) => `There is no route to ${messages.url}`,
    remedy: () => 'Check routes and NetworkPolicies between the operator and the store.',
  },
  OutOfSockets: {
    says: (messages) =>
      `The operator could not open a connection to ${messages.url}: it has reached a limit of its process or node for open files`,
    remedy: () =>
      'Raise the limit of open files (ulimit -n) for containers on the node. The probe is repeated by itself.',
  },
  TlsUntrusted: {
    says: (messages) => `The certificate of ${messages.url} does not end at a CA that the operator trusts`,
    remedy: (messages) => messages.trustCa,
  },
  TlsIssuerUnknown: {
    says: (messages) =>
      `${messages.url} did not send the certificate of the CA that issued its own, or of one further up, and the operator does not know it`,
    remedy: (messages) =>
      `Configure the store to send its whole chain: its own certificate, followed by all intermediate ones. If it does, the CA at the end is unknown. ${messages.trustCa}`,
  },
  TlsCertificateInvalid: {
    says: (messages) =>
      `The certificate of ${messages.url}, or of a CA above it, breaks a rule that clients of W&B enforce`,
    remedy: () =>
      'Issue a certificate for servers with a key of ECDSA or of RSA with 2048 bits or more and a signature with SHA-256 or better, not revoked, and within the limits that its CAs set.',
  },
  TlsExpired: {
    says: (messages) => `The certificate of ${messages.url} has expired or is not valid yet`,
    remedy: () => 'Renew the certificate of the store; if it is new, correct the clock of the node.',
  },
  TlsNameMismatch: {
    says: (messages) =>
      `The certificate of ${messages.url} was issued for another host: no subject alternative name covers this one`,
    remedy: correctCertificateName,
  },
  TlsHandshakeFailed: {
    says: (messages) => `The server at ${messages.url} does not support TLS, or no version that the operator supports`,
    remedy: correctScheme,
  },
  ProxyRefused: {
    says: (messages) => `The HTTP proxy did not connect the operator to ${messages.url}`,
    remedy: () => 'Allow the host and its port in the proxy, or add it to NO_PROXY of the operator.',
  },
  DeadlineExceeded: {
    says: (messages) => `The ${messages.bucket} did not answer in time`,
    remedy: () => 'Look for a slow store, proxy or network; the probe is repeated by itself.',
  },
  ResponseTooLarge: {
    says: (messages) => `The answer of ${messages.url} is far too large for an object store`,
    remedy: correctAddress,
  },
  NotAnObjectStore: {
    says: (messages) =>
      `The server at ${messages.url} does not answer as the ${messages.api} does: it is a console or another server`,
    remedy: correctAddress,
  },
  AccessKeyUnknown: {
    says: (messages) => `${messages.url} does not know ${messages.credential}`,
    remedy: (messages) => messages.correctCredential('id'),
  },
  SignatureMismatch: {
    says: (messages) =>
      messages.wrongSecret ?? `${messages.url} knows ${messages.credential}, but the secret key does not belong to it`,
    remedy: (messages) => messages.correctCredential('secret'),
  },
  SharedKeyDisabled: {
    says: (messages) => `${messages.url} does not allow access with account keys, even valid ones`,
    remedy: (messages) => messages.allowKeys ?? 'Allow access to the account with keys.',
  },
  CredentialsInvalid: {
    says: (messages) =>
      `${messages.url} does not accept ${messages.credential}: it was deleted or disabled, or its key is not that of the account`,
    remedy: (messages) => messages.correctCredential('both'),
  },
  CredentialsExpired: {
    says: (messages) => `The ${messages.credential} has expired`,
    remedy: (messages) => `W&B needs a key that does not expire. ${messages.correctCredential('both')}`,
  },
  AccessDenied: refused(),
  NetworkDenied: {
    says: (messages) => `A rule about networks keeps the operator from ${messages.bucket}, whatever is granted`,
    remedy: (messages) =>
      messages.networkRules ??
      'Look for rules of the store about networks, and let in the operator, the W&B server and those who use it.',
  },
  ApiDisabled: {
    says: (messages) => `The ${messages.api} is off in the project of ${messages.credential}`,
    remedy: (messages) => messages.enableApi ?? 'Turn the API on.',
  },
  ClockSkewed: {
    says: (messages) => `${messages.url} refuses signatures because its clock and that of the operator differ too much`,
    remedy: () => 'Synchronise the clocks of the nodes and of the store with NTP (chronyc tracking shows the offset).',
  },
  BucketNotFound: {
    says: (messages) => `There is no ${messages.wholeBucket}`,
    remedy: (messages) => `Correct spec.bucket.name, or create the bucket: ${messages.createBucket}`,
  },
  BucketNameInvalid: {
    says: (messages) => `The store does not accept the name of ${messages.wholeBucket}`,
    remedy: () => 'Correct spec.bucket.name: 3 to 63 lower-case letters, digits, dots and hyphens.',
  },
  AddressingRefused: {
    says: (messages) =>
      `${messages.url} does not look for ${messages.wholeBucket} where the spec says that it stands in URLs`,
    remedy: (messages) => messages.otherAddressing ?? 'Use a store that takes both forms of URLs.',
  },
  WrongRegion: {
    says: (messages) => `The ${messages.bucket} is in another region than the spec says`,
    remedy: (messages) => `Set ${messages.regionField ?? ''} to the region of the bucket.`,
  },
  RequesterPays: {
    says: (messages) =>
      `The ${messages.bucket} requires that the requester pays, which W&B and its pre-signed URLs do not offer`,
    remedy: (messages) => messages.settings.payForRequests,
  },
  ObjectArchived: {
    says: (messages) => `New objects of ${messages.bucket} are archived: they cannot be read before they are restored`,
    remedy: (messages) => messages.settings.changeClass,
  },
  ObjectRetained: {
    says: (messages) => `Retention or a hold keeps objects of ${messages.bucket} from being deleted`,
    remedy: (messages) => messages.settings.removeRetention,
  },
  ObjectNotFound: refused(),
  PreconditionFailed: refused(),
  CorsRuleMismatch: refused(),
  BodyTooLarge: {
    says: (messages) => `A proxy before ${messages.bucket}, or the store, refuses bodies of this length`,
    remedy: () =>
      'W&B uploads files of up to 2 GiB in one request. Raise the limit of the proxy: client_max_body_size 0 (nginx), annotation nginx.ingress.kubernetes.io/proxy-body-size: "0" (ingress-nginx), maxRequestBodyBytes (Traefik), max_request_bytes (Envoy), LimitRequestBody 0 (Apache), a rule on req.body_size (HAProxy), or the limit of the firewall or CDN.',
  },
  NotImplemented: {
    says: (messages) => `The store of ${messages.bucket} does not offer an operation that W&B needs`,
    remedy: () => 'Upgrade the store, or use one that offers the operation.',
  },
  RequestRefused: refused(),
  KmsKeyNotFound: {
    says: (messages) => `The KMS key for ${messages.bucket} does not exist`,
    remedy: (messages) => messages.settings.fixKey('NotFound'),
  },
  KmsKeyDisabled: {
    says: (messages) => `The KMS key with which ${messages.bucket} encrypts is disabled or about to be deleted`,
    remedy: (messages) => messages.settings.fixKey('Disabled'),
  },
  KmsAccessDenied: {
    says: (messages) =>
      `${messages.keyUser ?? messages.actor} may not use the KMS key with which ${messages.bucket} encrypts`,
    remedy: (messages) => messages.settings.fixKey('Denied'),
  },
  KmsNotConfigured: {
    says: (messages) =>
      `The ${messages.bucket} requires encryption with a key, and the store has no KMS, or none for this account`,
    remedy: (messages) => messages.settings.fixKey('NotConfigured'),
  },
  Throttled: {
    says: (messages) => `The store of ${messages.bucket} asks for fewer requests`,
    remedy: () =>
      'No action is needed at first: the probe is repeated by itself. If it persists, raise the request limits of the store.',
  },
  QuotaExceeded: {
    says: (messages) => `The ${messages.bucket} has no room left, or it or its account has reached a quota or cap`,
    remedy: () => 'Raise the quota, limit or cap that the store names, or free space in the store.',
  },
  ServiceUnavailable: {
    says: (messages) => `The store of ${messages.bucket} answered with a server error`,
    remedy: () => 'Look at the health of the store; the probe is repeated by itself.',
  },
};

/** The result of a failure without a special meaning; `doing` names the step, such as `Writing an object`. */
export function failedBy(failure: BucketFailure, context: CheckContext, doing?: string): Judgement {
  if (failure.kind === 'NotAnObjectStore' && doing !== undefined) return answeredOnTheWay(failure, context, doing);
  const { says, remedy } = sentenceOf(failure, context);
  const what = doing === undefined ? '' : `${doing} failed. `;
  return failed(FAILURE_REASONS[failure.kind], `${what}${says}${codeOf(failure)}.`, remedy);
}

/** What is tried comes after the listing: the store is there, and something else answered this request. */
function answeredOnTheWay(failure: BucketFailure, context: CheckContext, doing: string): Judgement {
  const { url } = messagesOf(context);
  const isRefusal = (failure.httpStatus ?? 200) >= 400;
  return failed(
    isRefusal ? 'RequestRefused' : 'NotAnObjectStore',
    `${doing} failed. The store at ${url} answered before, and this answer is that of a proxy, firewall or gateway on the way${codeOf(failure)}.`,
    'Look at what stands before the store: rules of a firewall (WAF), the methods and lengths that a proxy lets through, login pages, and headers such as ETag that it takes away.',
  );
}

function sentenceOf({ kind, providerCode }: BucketFailure, context: CheckContext): SignInSentence {
  if (isSignInFailure(kind)) return signInSentence(kind, context, providerCode);
  const messages = messagesOf(context);
  if (kind === 'AccountSuspended') return accountSentence(providerCode, messages);
  const { says, remedy } = ROWS[kind];
  return { says: says(messages), remedy: remedy(messages) };
}
