import { INSTANCE_LABEL, INSTANCE_UID_ANNOTATION, MANAGED_BY_LABEL, MANAGER } from '../../api/resources.ts';
import type { KubeObject, ObjectMeta } from '../../api/object.ts';

/** An InstanceStorage; without UID where the object is gone and its outputs stay. */
export interface InstanceIdentity {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string | undefined;
}

/** Name of the Secret and the ConfigMap that the server reads. */
export function outputName(instance: string): string {
  return `${instance}-storage`;
}

/** Name of the ledger's Secret. */
export function ledgerName(instance: string): string {
  return `${instance}-storage-ledger`;
}

/** Metadata of an output. No owner reference: deleting a CR or the CRDs must not delete what running pods need. */
export function outputMetadata(instance: InstanceIdentity, name: string): ObjectMeta {
  return {
    name,
    namespace: instance.namespace,
    labels: { [MANAGED_BY_LABEL]: MANAGER, [INSTANCE_LABEL]: instance.name },
    ...(instance.uid !== undefined && { annotations: { [INSTANCE_UID_ANNOTATION]: instance.uid } }),
  };
}

/** The instance whose ledger has this name; `undefined` if it is not the name of a ledger. */
export function instanceOfLedger(name: string): string | undefined {
  return /^(.+)-storage-ledger$/.exec(name)?.[1];
}

/** Whether an existing object is an output for this instance. Other objects are never changed. */
export function isOurs(object: KubeObject, instance: string): boolean {
  const labels = object.metadata.labels ?? {};
  return labels[MANAGED_BY_LABEL] === MANAGER && labels[INSTANCE_LABEL] === instance;
}
