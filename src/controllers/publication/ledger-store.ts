import { SECRETS, type SecretObject } from '../../api/resources.ts';
import type { FormerLedger } from '../../domain/publication/former-ledger.ts';
import type { Labels } from '../../domain/shard/label-selector.ts';
import type { Ledger } from '../../domain/publication/ledger.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { ObjectKey } from '../../api/object.ts';
import type { KubeClient, KubeFailure } from '../../ports/kube.ts';
import { keyText } from '../../api/object-key.ts';
import { unpackLedger, type Compression, type PackedLedger } from './ledger-secret.ts';
import { isOurs, ledgerName, outputMetadata, type InstanceIdentity } from './output-names.ts';
import { WatchedMemory } from './watched-memory.ts';

/** The Secret in the place of an instance's ledger. `resourceVersion` guards the next write. */
export type StoredLedger =
  | { readonly kind: 'Known'; readonly ledger: Ledger; readonly resourceVersion: string }
  | { readonly kind: 'Former'; readonly ledger: FormerLedger; readonly resourceVersion: string }
  | { readonly kind: 'Unreadable'; readonly resourceVersion: string }
  | { readonly kind: 'Missing' };

type KnownLedger = StoredLedger & { readonly kind: 'Known' };

/** Why the stored ledger is unknown. */
export type LedgerFailure =
  | { readonly kind: 'NotOurs' | 'Newer'; readonly secret: string }
  | { readonly kind: 'Kube'; readonly failure: KubeFailure };

/** What is written into the Secret of a ledger. */
export interface LedgerContent {
  readonly ledger: Ledger;
  readonly packed: PackedLedger;
  /** Labels besides those of every output. */
  readonly labels?: Labels;
}

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
    next: LedgerContent,
  ): Promise<Result<StoredLedger, KubeFailure>>;
  /**
   * To be called with every version that the watch shows, `undefined` for a deletion. A late event only costs a read.
   * Returns whether the version is news: not the one that was read or written last.
   */
  invalidate(key: ObjectKey, resourceVersion: string | undefined): boolean;
}

export function createLedgerStore(deps: {
  readonly kube: KubeClient;
  readonly compression?: Compression;
}): LedgerStore {
  const memory = new WatchedMemory<KnownLedger>();

  function load(instance: InstanceIdentity): Promise<Result<StoredLedger, LedgerFailure>> {
    const id = keyText(secretKey(instance));
    const known = memory.get(id);
    if (known !== undefined) return Promise.resolve(ok(known));
    return memory.during(id, async (keep) => {
      const found = await deps.kube.get(SECRETS, secretKey(instance));
      if (!found.ok) {
        return found.error.status === 404 ? ok({ kind: 'Missing' }) : err({ kind: 'Kube', failure: found.error });
      }
      const stored = await read(instance, found.value);
      if (stored.ok && stored.value.kind === 'Known') keep(stored.value);
      return stored;
    });
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
      : ok({ kind: 'Known', ledger: decoded.value.ledger, resourceVersion });
  }

  function save(
    instance: InstanceIdentity,
    stored: StoredLedger,
    next: LedgerContent,
  ): Promise<Result<StoredLedger, KubeFailure>> {
    const body = manifest(instance, next);
    const id = keyText(secretKey(instance));
    return memory.during(id, async (keep) => {
      const written =
        stored.kind === 'Missing'
          ? await deps.kube.create(SECRETS, body)
          : await deps.kube.replace(SECRETS, {
              ...body,
              metadata: { ...body.metadata, resourceVersion: stored.resourceVersion },
            });
      if (!written.ok) {
        // The write may have succeeded all the same: read before the next try.
        memory.forget(id);
        return written;
      }
      const { resourceVersion = '' } = written.value.metadata;
      const known = { kind: 'Known', ledger: next.ledger, resourceVersion } as const;
      keep(known);
      return ok(known);
    });
  }

  function invalidate(key: ObjectKey, resourceVersion: string | undefined): boolean {
    return memory.invalidate(keyText(key), resourceVersion);
  }

  return { load, save, invalidate };
}

function manifest(instance: InstanceIdentity, { packed, labels }: LedgerContent) {
  const metadata = outputMetadata(instance, ledgerName(instance.name));
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { ...metadata, labels: { ...labels, ...metadata.labels } },
    type: 'storage.wandb.com/ledger',
    data: packed.data,
  } as const;
}

function secretKey(instance: InstanceIdentity) {
  return { namespace: instance.namespace, name: ledgerName(instance.name) };
}
