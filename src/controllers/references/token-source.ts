import { ALLOW_LABEL, SERVICE_ACCOUNTS } from '../../api/resources.ts';
import type { BucketFailure } from '../../domain/observations/bucket-failure.ts';
import type { Problem } from '../../domain/conditions/problem.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { Secret } from '../../base/secret.ts';
import type { WorkloadIdentity } from '../../domain/credentials/sign-in.ts';
import { issuerOf } from '../../domain/credentials/token-issuer.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ObjectKey } from '../../api/object.ts';
import type { KubeCall, KubeClient, KubeFailure } from '../../ports/kube.ts';
import { answerOf } from './api-failure.ts';

/** The shortest lifetime that the API server allows. */
const TOKEN_SECONDS = 600;
/** A probe may wait in its queue with a token. */
const RENEW_BEFORE_MS = 5 * 60_000;

/**
 * Lets the operator act as W&B's own ServiceAccount: with short tokens (TokenRequest) for the audience of one cloud,
 * and only for ServiceAccounts with the label that allows it. Otherwise a user who may create a storage could act as
 * any of them.
 */
export function createTokenSource(deps: {
  readonly kube: Pick<KubeClient, 'get' | 'requestToken'>;
  readonly clock: Clock;
  /** An operator flag disables it. */
  readonly requireLabel: boolean;
}) {
  const tokens = new Map<string, { readonly issued: KubeCall<Secret<string>>; readonly renewAt: number }>();

  /** Teams share ServiceAccounts: simultaneous requests for the same token are made once. */
  async function tokenOf(account: ObjectKey, audience: string): KubeCall<Secret<string>> {
    const now = deps.clock.monotonic();
    for (const [id, { renewAt }] of tokens) if (renewAt <= now) tokens.delete(id);
    const id = [account.namespace, account.name, audience].join(' ');
    const known = tokens.get(id);
    if (known !== undefined) return known.issued;
    const issued = deps.kube.requestToken(account, { audience, seconds: TOKEN_SECONDS });
    tokens.set(id, { issued, renewAt: now + TOKEN_SECONDS * 1000 - RENEW_BEFORE_MS });
    const token = await issued;
    if (!token.ok) tokens.delete(id);
    return token;
  }

  /** The ServiceAccount, if the operator may act as it. Read each time, so that a removed label counts at once. */
  async function open(account: ObjectKey, audience: string): Promise<Result<WorkloadIdentity, Problem>> {
    const found = await deps.kube.get(SERVICE_ACCOUNTS, account);
    if (!found.ok) return err(readProblem(account, found.error));
    if (deps.requireLabel && found.value.metadata.labels?.[ALLOW_LABEL] !== 'true') return err(notAllowed(account));
    const token = await tokenOf(account, audience);
    if (!token.ok) return err(tokenProblem(account, token.error));
    const issuer = issuerOf(token.value);
    return ok({
      name: `ServiceAccount ${account.namespace}/${account.name}`,
      subject: `system:serviceaccount:${account.namespace}:${account.name}`,
      ...(issuer !== undefined && { issuer }),
      token: async () => {
        const again = await tokenOf(account, audience);
        return again.ok ? again : err(unavailable(again.error));
      },
    });
  }

  return { open };
}

export type TokenSource = ReturnType<typeof createTokenSource>;

function unavailable({ status, reason }: KubeFailure): BucketFailure {
  return { kind: 'TokenUnavailable', ...(status > 0 && { httpStatus: status }), providerCode: reason.slice(0, 64) };
}

function notAllowed({ namespace, name }: ObjectKey): Problem {
  return {
    reason: 'ServiceAccountNotAllowed',
    message: `Storages may not use ServiceAccount ${name}: it lacks the label ${ALLOW_LABEL}=true.`,
    remedy: `To allow it: kubectl label serviceaccount ${name} -n ${namespace} ${ALLOW_LABEL}=true`,
    failureClass: 'reference',
  };
}

function readProblem({ namespace, name }: ObjectKey, failure: KubeFailure): Problem {
  if (failure.status === 404) {
    return {
      reason: 'ServiceAccountNotFound',
      message: `ServiceAccount ${name}, as which the bucket is to be proven, does not exist in namespace ${namespace}.`,
      remedy: `Name the ServiceAccount of W&B's pods (kubectl get pods -n ${namespace} -o custom-columns=POD:.metadata.name,ACCOUNT:.spec.serviceAccountName), with the label ${ALLOW_LABEL}=true.`,
      failureClass: 'reference',
    };
  }
  const isForbidden = failure.status === 403;
  return {
    reason: 'ServiceAccountUnreadable',
    message: `ServiceAccount ${name} could not be read: ${answerOf(failure)}.`,
    remedy: isForbidden ? grantRemedy({ namespace, name }) : 'The operator tries again.',
    failureClass: isForbidden ? 'reference' : 'transient',
  };
}

function tokenProblem({ namespace, name }: ObjectKey, failure: KubeFailure): Problem {
  if (failure.status === 403) {
    return {
      reason: 'TokenRequestForbidden',
      message: `The operator may not request tokens of ServiceAccount ${name} in namespace ${namespace}.`,
      remedy: grantRemedy({ namespace, name }),
      failureClass: 'reference',
    };
  }
  return {
    reason: 'TokenRequestFailed',
    message: `No token of ServiceAccount ${name} was issued: ${answerOf(failure)}.`,
    remedy: 'The operator tries again.',
    failureClass: 'transient',
  };
}

/** Grants both rules together, because each is useless without the other. */
function grantRemedy({ namespace, name }: ObjectKey): string {
  const rule = (resource: string, verb: string): string =>
    `{apiGroups: [""], resources: [${resource}], resourceNames: [${name}], verbs: [${verb}]}`;
  return `Add ${name} to rbac.tokenRequest of the operator's Helm chart; without Helm, add to a Role of the operator in namespace ${namespace}: ${rule('serviceaccounts', 'get')} and ${rule('serviceaccounts/token', 'create')}`;
}
