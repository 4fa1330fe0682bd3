import type { KubeFailure } from '../../ports/kube.ts';

/** Whether RBAC denies a call. A 403 of an admission webhook or policy is another case. */
export function isMissingPermission({ status, message }: KubeFailure): boolean {
  return status === 403 && /cannot \w+ resource/.test(message);
}

/** The answer of the API server, for a condition: shortened, because the text of a webhook may be long. */
export function describeFailure({ status, reason, message }: KubeFailure): string {
  const text = message.length > 300 ? `${message.slice(0, 299)}…` : message;
  return status === 0 ? `the API server did not answer (${reason})` : `${status} ${reason}: ${text}`;
}
