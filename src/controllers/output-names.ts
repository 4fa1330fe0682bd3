import { INSTANCE_LABEL, INSTANCE_UID_ANNOTATION, MANAGED_BY_LABEL, MANAGER } from '../api/resources.ts';
import type { KubeObject, ObjectMeta } from '../ports/kube.ts';

/** Name of the Secret and the ConfigMap that the server reads (design 6). */
export function outputName(instance: string): string {
  return `${instance}-storage`;
}

/** Name of the publisher's private memory. */
export function ledgerName(instance: string): string {
  return `${instance}-storage-ledger`;
}

/**
 * Metadata of an output. No owner reference: deleting a CR or the CRDs must not
 * collect what running pods need (design 6).
 */
export function outputMetadata(
  instance: { readonly namespace: string; readonly name: string; readonly uid: string | undefined },
  name: string,
): ObjectMeta {
  return {
    name,
    namespace: instance.namespace,
    labels: { [MANAGED_BY_LABEL]: MANAGER, [INSTANCE_LABEL]: instance.name },
    ...(instance.uid !== undefined && { annotations: { [INSTANCE_UID_ANNOTATION]: instance.uid } }),
  };
}

/** Whether an existing object is an output for this instance: any other is never touched. */
export function isOurs(object: KubeObject, instance: string): boolean {
  const labels = object.metadata.labels ?? {};
  return labels[MANAGED_BY_LABEL] === MANAGER && labels[INSTANCE_LABEL] === instance;
}
