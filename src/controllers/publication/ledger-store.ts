import { SECRETS, type SecretObject } from '../../api/resources.ts';
import type { FormerLedger } from '../../domain/publication/former-ledger.ts';
import type { Ledger } from '../../domain/publication/ledger.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { ObjectKey } from '../../api/object.ts';
import type { KubeClient, KubeFailure } from '../../ports/kube.ts';
import { keyText } from '../../api/object-key.ts';
import { unpackLedger, type Compression, type PackedLedger } from './ledger-secret.ts';
import { isOurs, ledgerName, outputMetadata, type InstanceIdentity } from './output-names.ts';

/** The Secret in the place of an instance's ledger. `resourceVersion` guards the next write. */
export type StoredLedger =
  | { readonly kind: 'Known'; readonly ledger: Ledger; readonly resourceVersion: string }
  | { readonly kind: 'Former'; readonly ledger: FormerLedger; readonly resourceVersion: string }
  | { readonly kind: 'Unreadable'; readonly resourceVersion: string }
  | { readonly kind: 'Missing' };

/** Why the stored ledger is unknown. */
export type LedgerFailure =
  | { readonly kind: 'NotOurs' | 'Newer'; readonly secret: string }
  | { readonly kind: 'Kube'; readonly failure: KubeFailure };

/**
 * Reads and writes ledgers with optimistic concurrency. It remembers what it wrote and reads again only after the watch
 * showed another version.
 */
export interface LedgerStore {
  load(instance: InstanceIdentity): Promise<Result<StoredLedger, LedgerFailure>>;
  /** Fails with a 409 if another process wrote in between (then load again). */
  save(
    instance: InstanceIdentity,
    stored: StoredLedger,
    next: { readonly ledger: Ledger; readonly packed: PackedLedger },
  ): Promise<Result<StoredLedger, KubeFailure>>;
  /**
   * To be called with every version that the watch shows, `undefined` for a deletion. A late event only costs a read.
   */
  invalidate(key: ObjectKey, resourceVersion: string | undefined): void;
}

export function createLedgerStore(deps: {
  readonly kube: KubeClient;
  readonly compression?: Compression;
}): LedgerStore {
  const remembered = new Map<string, StoredLedger & { readonly kind: 'Known' }>();

  function remember(instance: InstanceIdentity, ledger: Ledger, secret: SecretObject): StoredLedger {
    const stored = { kind: 'Known', ledger, resourceVersion: secret.metadata.resourceVersion ?? '' } as const;
    remembered.set(keyText(secretKey(instance)), stored);
    return stored;
  }

  async function load(instance: InstanceIdentity): Promise<Result<StoredLedger, LedgerFailure>> {
    const memory = remembered.get(keyText(secretKey(instance)));
    if (memory !== undefined) return ok(memory);
    const found = await deps.kube.get(SECRETS, secretKey(instance));
    if (found.ok) return read(instance, found.value);
    return found.error.status === 404 ? ok({ kind: 'Missing' }) : err({ kind: 'Kube', failure: found.error });
  }

  async function read(instance: InstanceIdentity, secret: SecretObject): Promise<Result<StoredLedger, LedgerFailure>> {
    const name = ledgerName(instance.name);
    if (!isOurs(secret, instance.name)) return err({ kind: 'NotOurs', secret: name });
    const { resourceVersion = '' } = secret.metadata;
    const decoded = await unpackLedger(secret.data, deps.compression);
    if (!decoded.ok) {
      return decoded.error === 'Newer'
        ? err({ kind: 'Newer', secret: name })
        : ok({ kind: 'Unreadable', resourceVersion });
    }
    return decoded.value.kind === 'Former'
      ? ok({ kind: 'Former', ledger: decoded.value.ledger, resourceVersion })
      : ok(remember(instance, decoded.value.ledger, secret));
  }

  async function save(
    instance: InstanceIdentity,
    stored: StoredLedger,
    next: { readonly ledger: Ledger; readonly packed: PackedLedger },
  ): Promise<Result<StoredLedger, KubeFailure>> {
    const body = manifest(instance, next.packed);
    const written =
      stored.kind === 'Missing'
        ? await deps.kube.create(SECRETS, body)
        : await deps.kube.replace(SECRETS, {
            ...body,
            metadata: { ...body.metadata, resourceVersion: stored.resourceVersion },
          });
    if (written.ok) return ok(remember(instance, next.ledger, written.value));
    // The write may have succeeded all the same: read before the next try.
    remembered.delete(keyText(secretKey(instance)));
    return written;
  }

  function invalidate(key: ObjectKey, resourceVersion: string | undefined): void {
    if (remembered.get(keyText(key))?.resourceVersion !== resourceVersion) remembered.delete(keyText(key));
  }

  return { load, save, invalidate };
}

function manifest(instance: InstanceIdentity, packed: PackedLedger) {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: outputMetadata(instance, ledgerName(instance.name)),
    type: 'storage.wandb.com/ledger',
    data: packed.data,
  } as const;
}

function secretKey(instance: InstanceIdentity) {
  return { namespace: instance.namespace, name: ledgerName(instance.name) };
}
