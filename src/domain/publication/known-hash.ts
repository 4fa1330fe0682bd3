import type { Ledger } from './ledger.ts';
import { digestOfData, HASH_KEY, renderOutputs, type OutputData } from './outputs.ts';
import type { Seal } from './seal.ts';

interface Sources {
  readonly secret: OutputData;
  readonly seal: Seal | undefined;
  readonly configMap: OutputData;
}

/**
 * The hash that the server knows for outputs whose ledger is lost. It differs from the digest after an earlier recovery
 * without a seal, or where a Secret of another ledger was put back. If there is a seal, the hash in the ConfigMap counts
 * only if the status of the instance shows it, too, because the ConfigMap may have been edited.
 *
 * `hash`: of that status. `older`: a ledger that is stored; where the status was lost, it counts if it publishes the same
 * data.
 */
export function knownHash(
  { secret, seal, configMap }: Sources,
  { hash, older }: { readonly hash?: string; readonly older?: Ledger },
): string | undefined {
  const shown = hashIn(configMap);
  const told = hash ?? hashOfSame(secret, older);
  if (seal === undefined) return shown ?? told;
  return shown === told ? shown : undefined;
}

/** The recorded hash of the server's config; `undefined` for an edited value that is no hash. */
function hashIn(configMap: OutputData): string | undefined {
  const shown = configMap[HASH_KEY] ?? '';
  return /^[0-9a-f]{64}$/.test(shown) ? shown : undefined;
}

function hashOfSame(secret: OutputData, ledger: Ledger | undefined): string | undefined {
  if (ledger === undefined) return undefined;
  const rendered = renderOutputs(ledger, '');
  const isSame = digestOfData(ledger, rendered.secret) === digestOfData(ledger, secret);
  return isSame ? rendered.server.hash : undefined;
}
