import type { ConfigMapObject, SecretObject } from '../../api/resources.ts';
import { without } from '../../base/defined.ts';
import { HASH_KEY, LISTING_KEY } from '../../domain/publication/outputs.ts';
import type { DryRunOutputs } from '../../dry-run/dry-run.ts';

/** What stands in place of a value that is not shown. */
export const HIDDEN = '[redacted]';
/** What stands in place of a value that only the operator can choose. */
export const CHOSEN_LATER = '[set by the operator]';

/** A Secret whose values are not shown. */
interface MaskedSecret extends Omit<SecretObject, 'data'> {
  readonly stringData: Readonly<Record<string, string>>;
}

export type RenderedObject = SecretObject | MaskedSecret | ConfigMapObject;

/** The objects that the operator would write, without what belongs to the API server. */
export function renderedOutputs(
  outputs: readonly DryRunOutputs[],
  { showsSecrets }: { readonly showsSecrets: boolean },
): readonly RenderedObject[] {
  return outputs.flatMap(({ secret, configMap, hasLedger }) => [
    ...(secret === undefined ? [] : [renderedSecret(secret, { showsSecrets, hasLedger })]),
    ...(configMap === undefined ? [] : [renderedConfigMap(configMap, hasLedger)]),
  ]);
}

function renderedSecret(
  secret: SecretObject,
  { showsSecrets, hasLedger }: { readonly showsSecrets: boolean; readonly hasLedger: boolean },
): SecretObject | MaskedSecret {
  const bare = { ...secret, metadata: bareMetadata(secret, hasLedger) };
  if (showsSecrets) return bare;
  const keys = Object.keys(secret.data ?? {});
  return { ...without(bare, 'data'), stringData: Object.fromEntries(keys.map((key) => [key, HIDDEN])) };
}

function renderedConfigMap(configMap: ConfigMapObject, hasLedger: boolean): ConfigMapObject {
  const data = Object.entries(configMap.data ?? {}).map(([key, value]) => [
    key,
    hasLedger ? value : stable(key, value),
  ]);
  return {
    ...configMap,
    metadata: bareMetadata(configMap, hasLedger),
    data: Object.fromEntries(data) as Readonly<Record<string, string>>,
  };
}

/** The value without what would be another one at each run. */
function stable(key: string, value: string): string {
  if (key === HASH_KEY) return CHOSEN_LATER;
  return key === LISTING_KEY ? value.replaceAll(/^( +provenAt: ).*$/gm, `$1"${CHOSEN_LATER}"`) : value;
}

/** The seal of the Secret is keyed with the ledger's random value, and without a ledger the UID is not that of a cluster. */
function bareMetadata(object: SecretObject | ConfigMapObject, hasLedger: boolean): SecretObject['metadata'] {
  const { name, namespace = '', labels = {}, annotations = {} } = object.metadata;
  return { name, namespace, labels, ...(hasLedger && { annotations }) };
}
