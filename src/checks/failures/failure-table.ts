import {
  isSignInFailure,
  type BucketFailure,
  type BucketFailureKind,
  type SignInFailureKind,
} from '../../domain/observations/bucket-failure.ts';
import type { CheckContext, Judgement } from '../check.ts';
import { failed } from '../judgement.ts';
import { signInSentence, type SignInSentence } from '../remedies/sign-in-messages.ts';
import { wordsOf } from '../remedies/messages-of.ts';
import {
  allowAddress,
  correctAddress,
  correctCertificateName,
  correctHost,
  correctPort,
  correctScheme,
} from '../remedies/endpoint-remedies.ts';
import type { StoreWords } from '../remedies/messages.ts';
import { codeOf } from '../wording.ts';
import { accountSentence } from './account-states.ts';
import { FAILURE_REASONS } from './failure-reasons.ts';

/** Message and remedy of a failure in every check; the message follows the name of the failed step. */
interface Row {
  readonly says: (words: StoreWords) => string;
  readonly remedy: (words: StoreWords) => string;
}

function refused(): Row {
  return {
    says: (words) => `The ${words.bucket} refused the request`,
    remedy: () => 'Look up the code in the documentation of the store, and the request in its log.',
  };
}

/**
 * Failures of the store; those to sign in are about other services (`signInSentence`), and what is wrong with an account
 * depends on the code (`accountSentence`).
 */
const ROWS: Readonly<Record<Exclude<BucketFailureKind, SignInFailureKind | 'AccountSuspended'>, Row>> = {
  EndpointForbidden: {
    says: (words) => `The policy of the operator does not allow connections to ${words.url}`,
    remedy: allowAddress,
  },
  NameNotResolved: {
    says: (words) => `DNS has no record of the host of ${words.url}`,
    remedy: correctHost,
  },
  ResolverUnavailable: {
    says: (words) => `DNS did not answer for ${words.url}`,
    remedy: () => 'Check the DNS of the cluster: kubectl -n kube-system get pods -l k8s-app=kube-dns',
  },
  ConnectionRefused: {
    says: (words) => `Nothing listens at ${words.url}: the connection was refused`,
    remedy: correctPort,
  },
  ConnectionTimedOut: {
    says: (words) => `The connection to ${words.url} was not established in time`,
    remedy: () => 'Allow the traffic from the operator in firewalls and NetworkPolicies: it is dropped on the way.',
  },
  ConnectionReset: {
    says: (words) => `The connection to ${words.url} was cut before the answer was complete`,
    remedy: () => 'Look at the store and at proxies before it; the probe is repeated by itself.',
  },
  NetworkUnreachable: {
    says: (words) => `There is no route to ${words.url}`,
    remedy: () => 'Check routes and NetworkPolicies between the operator and the store.',
  },
  TlsUntrusted: {
    says: (words) => `The certificate of ${words.url} does not end at a CA that the operator trusts`,
    remedy: (words) => words.trustCa,
  },
  TlsIssuerUnknown: {
    says: (words) =>
      `${words.url} did not send the certificate of the CA that issued its own, or of one further up, and the operator does not know it`,
    remedy: (words) =>
      `Configure the store to send its whole chain: its own certificate, followed by all intermediate ones. If it does, the CA at the end is unknown. ${words.trustCa}`,
  },
  TlsCertificateInvalid: {
    says: (words) => `The certificate of ${words.url}, or of a CA above it, breaks a rule that clients of W&B enforce`,
    remedy: () =>
      'Issue a certificate for servers with a key of ECDSA or of RSA with 2048 bits or more and a signature with SHA-256 or better, not revoked, and within the limits that its CAs set.',
  },
  TlsExpired: {
    says: (words) => `The certificate of ${words.url} has expired or is not valid yet`,
    remedy: () => 'Renew the certificate of the store; if it is new, correct the clock of the node.',
  },
  TlsNameMismatch: {
    says: (words) =>
      `The certificate of ${words.url} was issued for another host: no subject alternative name covers this one`,
    remedy: correctCertificateName,
  },
  TlsHandshakeFailed: {
    says: (words) => `The server at ${words.url} does not support TLS, or no version that the operator supports`,
    remedy: correctScheme,
  },
  ProxyRefused: {
    says: (words) => `The HTTP proxy did not connect the operator to ${words.url}`,
    remedy: () => 'Allow the host and its port in the proxy, or add it to NO_PROXY of the operator.',
  },
  DeadlineExceeded: {
    says: (words) => `The ${words.bucket} did not answer in time`,
    remedy: () => 'Look for a slow store, proxy or network; the probe is repeated by itself.',
  },
  ResponseTooLarge: {
    says: (words) => `The answer of ${words.url} is far too large for an object store`,
    remedy: correctAddress,
  },
  NotAnObjectStore: {
    says: (words) =>
      `The server at ${words.url} does not answer as the ${words.api} does: it is a console or another server`,
    remedy: correctAddress,
  },
  AccessKeyUnknown: {
    says: (words) => `${words.url} does not know ${words.credential}`,
    remedy: (words) => words.correctCredential('id'),
  },
  SignatureMismatch: {
    says: (words) =>
      words.wrongSecret ?? `${words.url} knows ${words.credential}, but the secret key does not belong to it`,
    remedy: (words) => words.correctCredential('secret'),
  },
  SharedKeyDisabled: {
    says: (words) => `${words.url} does not allow access with account keys, even valid ones`,
    remedy: (words) => words.allowKeys ?? 'Allow access to the account with keys.',
  },
  CredentialsInvalid: {
    says: (words) =>
      `${words.url} does not accept ${words.credential}: it was deleted or disabled, or its key is not that of the account`,
    remedy: (words) => words.correctCredential('both'),
  },
  CredentialsExpired: {
    says: (words) => `The ${words.credential} has expired`,
    remedy: (words) => `W&B needs a key that does not expire. ${words.correctCredential('both')}`,
  },
  AccessDenied: refused(),
  NetworkDenied: {
    says: (words) => `A rule about networks keeps the operator from ${words.bucket}, whatever is granted`,
    remedy: (words) =>
      words.networkRules ??
      'Look for rules of the store about networks, and let in the operator, the W&B server and those who use it.',
  },
  ApiDisabled: {
    says: (words) => `The ${words.api} is off in the project of ${words.credential}`,
    remedy: (words) => words.enableApi ?? 'Turn the API on.',
  },
  ClockSkewed: {
    says: (words) => `${words.url} refuses signatures because its clock and that of the operator differ too much`,
    remedy: () => 'Synchronise the clocks of the nodes and of the store with NTP (chronyc tracking shows the offset).',
  },
  BucketNotFound: {
    says: (words) => `There is no ${words.wholeBucket}`,
    remedy: (words) => `Correct spec.bucket.name, or create the bucket: ${words.createBucket}`,
  },
  BucketNameInvalid: {
    says: (words) => `The store does not accept the name of ${words.wholeBucket}`,
    remedy: () => 'Correct spec.bucket.name: 3 to 63 lower-case letters, digits, dots and hyphens.',
  },
  AddressingRefused: {
    says: (words) => `${words.url} does not look for ${words.wholeBucket} where the spec says that it stands in URLs`,
    remedy: (words) => words.otherAddressing ?? 'Use a store that takes both forms of URLs.',
  },
  WrongRegion: {
    says: (words) => `The ${words.bucket} is in another region than the spec says`,
    remedy: (words) => `Set ${words.regionField ?? ''} to the region of the bucket.`,
  },
  RequesterPays: {
    says: (words) =>
      `The ${words.bucket} requires that the requester pays, which W&B and its pre-signed URLs do not offer`,
    remedy: (words) => words.settings.payForRequests,
  },
  ObjectArchived: {
    says: (words) => `New objects of ${words.bucket} are archived: they cannot be read before they are restored`,
    remedy: (words) => words.settings.changeClass,
  },
  ObjectRetained: {
    says: (words) => `Retention or a hold keeps objects of ${words.bucket} from being deleted`,
    remedy: (words) => words.settings.removeRetention,
  },
  ObjectNotFound: refused(),
  PreconditionFailed: refused(),
  CorsRuleMismatch: refused(),
  BodyTooLarge: {
    says: (words) => `A proxy before ${words.bucket}, or the store, refuses bodies of this length`,
    remedy: () =>
      'W&B uploads files of up to 2 GiB in one request. Raise the limit of the proxy: client_max_body_size 0 (nginx), annotation nginx.ingress.kubernetes.io/proxy-body-size: "0" (ingress-nginx), maxRequestBodyBytes (Traefik), max_request_bytes (Envoy), LimitRequestBody 0 (Apache), a rule on req.body_size (HAProxy), or the limit of the firewall or CDN.',
  },
  NotImplemented: {
    says: (words) => `The store of ${words.bucket} does not offer an operation that W&B needs`,
    remedy: () => 'Upgrade the store, or use one that offers the operation.',
  },
  RequestRefused: refused(),
  KmsKeyNotFound: {
    says: (words) => `The KMS key for ${words.bucket} does not exist`,
    remedy: (words) => words.settings.fixKey('NotFound'),
  },
  KmsKeyDisabled: {
    says: (words) => `The KMS key with which ${words.bucket} encrypts is disabled or about to be deleted`,
    remedy: (words) => words.settings.fixKey('Disabled'),
  },
  KmsAccessDenied: {
    says: (words) => `${words.keyUser ?? words.actor} may not use the KMS key with which ${words.bucket} encrypts`,
    remedy: (words) => words.settings.fixKey('Denied'),
  },
  KmsNotConfigured: {
    says: (words) =>
      `The ${words.bucket} requires encryption with a key, and the store has no KMS, or none for this account`,
    remedy: (words) => words.settings.fixKey('NotConfigured'),
  },
  Throttled: {
    says: (words) => `The store of ${words.bucket} asks for fewer requests`,
    remedy: () =>
      'No action is needed at first: the probe is repeated by itself. If it persists, raise the request limits of the store.',
  },
  QuotaExceeded: {
    says: (words) => `The ${words.bucket} has no room left, or it or its account has reached a quota or cap`,
    remedy: () => 'Raise the quota, limit or cap that the store names, or free space in the store.',
  },
  ServiceUnavailable: {
    says: (words) => `The store of ${words.bucket} answered with a server error`,
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
  const { url } = wordsOf(context);
  const isRefusal = (failure.httpStatus ?? 200) >= 400;
  return failed(
    isRefusal ? 'RequestRefused' : 'NotAnObjectStore',
    `${doing} failed. The store at ${url} answered before, and this answer is that of a proxy, firewall or gateway on the way${codeOf(failure)}.`,
    'Look at what stands before the store: rules of a firewall (WAF), the methods and lengths that a proxy lets through, login pages, and headers such as ETag that it takes away.',
  );
}

function sentenceOf({ kind, providerCode }: BucketFailure, context: CheckContext): SignInSentence {
  if (isSignInFailure(kind)) return signInSentence(kind, context, providerCode);
  const words = wordsOf(context);
  if (kind === 'AccountSuspended') return accountSentence(providerCode, words);
  const { says, remedy } = ROWS[kind];
  return { says: says(words), remedy: remedy(words) };
}
