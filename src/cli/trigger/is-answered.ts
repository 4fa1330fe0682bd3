import type { InstanceStorage, TeamStorage } from '../../api/resources.ts';

/** Whether the operator has validated a storage for a request, which is a time, or for a later one. */
export function isAnswered({ status }: InstanceStorage | TeamStorage, request: string): boolean {
  const handled = status?.lastHandledReconcileAt;
  return handled !== undefined && (handled === request || Date.parse(handled) >= Date.parse(request));
}
