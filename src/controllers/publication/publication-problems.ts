import type { Problem } from '../../domain/conditions/problem.ts';
import { INTERVALS } from '../../domain/intervals.ts';
import type { KubeFailure } from '../../ports/kube.ts';
import { answerOf } from '../references/api-failure.ts';
import type { LedgerFailure } from './ledger-store.ts';
import { ledgerName, outputName, type InstanceIdentity } from './output-names.ts';
import type { OutputFailure } from './output-writer.ts';

/** Why a publication failed, and when the API server allows the next request. */
export interface PublicationFault {
  readonly problem: Problem;
  readonly retryAfterMs?: number;
  /** Another process wrote first. */
  readonly isConflict?: boolean;
}

export function ledgerFault(identity: InstanceIdentity, failure: LedgerFailure): PublicationFault {
  switch (failure.kind) {
    case 'NotOurs':
      return { problem: notOurs(identity, `Secret ${failure.secret}`) };
    case 'Newer':
      return {
        problem: {
          reason: 'LedgerTooNew',
          message: `Secret ${failure.secret} was written by a newer version of the operator; this version changes nothing that is published.`,
          remedy: 'Upgrade the operator to the version that wrote it, or a later one.',
          failureClass: 'reference',
        },
      };
    case 'Kube':
      return kubeFault(identity, 'ledger', failure.failure);
  }
}

export function outputFault(identity: InstanceIdentity, failure: OutputFailure): PublicationFault {
  if (failure.kind === 'NotOurs') return { problem: notOurs(identity, failure.object) };
  return kubeFault(identity, 'output', failure.failure);
}

/** The ledger is lost, and the outputs were not written by this version. */
export function unrecoverable(identity: InstanceIdentity): PublicationFault {
  const [ledger, output] = [ledgerName(identity.name), outputName(identity.name)];
  return {
    problem: {
      reason: 'LedgerUnrecoverable',
      message: `Secret ${ledger} is missing or unreadable, and Secret ${output} cannot be read back exactly; the operator changes neither.`,
      remedy: `Restore Secret ${ledger}, or both Secrets and the ConfigMap, from one backup.`,
      failureClass: 'reference',
    },
  };
}

function notOurs(identity: InstanceIdentity, object: string): Problem {
  return {
    reason: 'NotOurs',
    message: `${object} exists in namespace ${identity.namespace} and was not written by this operator, so the operator does not change it.`,
    remedy: 'Rename that object, or give the InstanceStorage another name.',
    failureClass: 'reference',
  };
}

function kubeFault(identity: InstanceIdentity, what: 'ledger' | 'output', failure: KubeFailure): PublicationFault {
  return {
    problem: {
      reason: 'PublishFailed',
      message: `The ${what} of ${identity.name} could not be read or written: ${answerOf(failure)}${isExplained(failure) ? `: ${failure.message}` : ''}.`,
      remedy: remedyOf(identity, failure),
      failureClass: failure.status === 403 || isDenial(failure) ? 'reference' : 'transient',
    },
    ...(failure.retryAfterMs !== undefined && { retryAfterMs: failure.retryAfterMs }),
    isConflict: failure.status === 409,
  };
}

/** A refusal names the quota, webhook or field. The text of a server error may contain anything. */
function isExplained(failure: KubeFailure): boolean {
  const { status } = failure;
  return status === 403 || status === 422 || status === 413 || isDenial(failure) || isWithoutWebhook(failure);
}

const DENIED =
  /(admission webhook "[^"]*"|ValidatingAdmissionPolicy '[^']*' with binding '[^']*') denied (the )?request/;

/** By a webhook, whose code is 400 if it names none, or by a ValidatingAdmissionPolicy. */
function isDenial({ status, message }: KubeFailure): boolean {
  return status >= 400 && status < 500 && DENIED.test(message);
}

/** A webhook that must be asked did not answer. */
function isWithoutWebhook({ status, message }: KubeFailure): boolean {
  return status === 500 && /^[^"]*failed calling webhook "/.test(message);
}

function remedyOf({ namespace }: InstanceIdentity, failure: KubeFailure): string {
  if (isDenial(failure)) {
    return "Let that webhook or policy accept the operator's Secrets and ConfigMaps, or exempt its ServiceAccount. The operator tries again.";
  }
  if (isWithoutWebhook(failure)) return 'Repair that webhook, or remove its configuration. The operator tries again.';
  if (failure.status !== 403) return 'The operator tries again.';
  return /quota/i.test(failure.message)
    ? `Raise the quota of namespace ${namespace}, or delete objects there that are not needed. The operator tries again.`
    : `Allow the operator's ServiceAccount to get, create, update and patch secrets and configmaps in namespace ${namespace}. The operator tries again.`;
}

/** Whether it may pass by itself within a few tries; until then it is not reported. */
export function isTransient({ problem }: PublicationFault): boolean {
  return problem.failureClass === 'transient';
}

/** Milliseconds until the next try, after this many. */
export function retryDelay({ problem, retryAfterMs = 0 }: PublicationFault, tries: number): number {
  const { failure, notOurs } = INTERVALS.publication;
  if (problem.reason === 'NotOurs') return notOurs;
  const delay = isTransient({ problem }) ? failure.first * 2 ** (tries - 1) : failure.most;
  return Math.max(Math.min(failure.most, delay), retryAfterMs);
}

/** Whether the API server refused the write; after any other failure, it may have been made. */
export function isRefused({ status }: KubeFailure): boolean {
  return status >= 400 && status < 500;
}
