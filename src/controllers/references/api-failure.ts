import type { KubeFailure } from '../../ports/kube.ts';

/** Whether RBAC denies a call. A 403 of an admission webhook or policy is another case. */
export function isMissingPermission({ status, message }: KubeFailure): boolean {
  return status === 403 && /cannot \w+ resource/.test(message);
}

/** The answer of the API server, for a condition: shortened, because the text of a webhook may be long. */
export function describeFailure(failure: KubeFailure): string {
  const { status, reason, message } = failure;
  const text = message.length > 300 ? `${message.slice(0, 299)}…` : message;
  return status === 0 ? answerOf(failure) : `${status} ${reason}: ${text}`;
}

/** The answer of the API server, or that there was none, as a clause without the server's text. */
export function answerOf({ status, reason, message }: KubeFailure): string {
  return status === 0 ? `${message} (${reason})` : `the API server answered ${status} ${reason}`;
}
