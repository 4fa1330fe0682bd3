import type { KubeFailure } from '../../ports/kube.ts';

/** Whether RBAC keeps us from a call; a 403 of an admission webhook or policy is something else. */
export function isMissingPermission({ status, message }: KubeFailure): boolean {
  return status === 403 && /cannot \w+ resource/.test(message);
}

/** What the API server answered, for a condition: short, and never the whole of what a webhook said. */
export function describeFailure({ status, reason, message }: KubeFailure): string {
  const text = message.length > 300 ? `${message.slice(0, 299)}…` : message;
  return status === 0 ? `the API server did not answer (${reason})` : `${status} ${reason}: ${text}`;
}
