import { SECRETS, type SecretObject } from '../api/resources.ts';
import { emptyLedger, type Ledger } from '../domain/ledger.ts';
import { err, ok, type Result } from '../domain/result.ts';
import { keyText } from './keys.ts';
import { packLedger, unpackLedger, type PackedLedger } from './ledger-secret.ts';
import type { KubeClient, KubeFailure, ObjectKey } from '../ports/kube.ts';
import { isOurs, ledgerName, outputMetadata } from './output-names.ts';

/** Why a ledger could not be read or written. */
export type LedgerFailure =
  | { readonly kind: 'NotOurs' | 'Unreadable'; readonly secret: string }
  | { readonly kind: 'Kube'; readonly failure: KubeFailure };

export interface StoredLedger {
  readonly ledger: Ledger;
  /** Guards the next write: two publishers can never overwrite each other. */
  readonly resourceVersion: string;
}

export interface InstanceIdentity {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string | undefined;
}

/**
 * Reads and writes ledgers with optimistic concurrency. It remembers what it
 * wrote and reads again only after the watch showed another version.
 */
export function createLedgerStore(deps: {
  readonly kube: KubeClient;
  /** 32 random hex characters. */
  readonly randomSalt: () => string;
}) {
  const remembered = new Map<string, StoredLedger>();

  /** To be told of every version that the watch shows, `undefined` for a deletion. A late event only costs a read. */
  function noticed(key: ObjectKey, resourceVersion: string | undefined): void {
    if (remembered.get(keyText(key))?.resourceVersion !== resourceVersion) remembered.delete(keyText(key));
  }

  function remember(instance: InstanceIdentity, ledger: Ledger, secret: SecretObject): StoredLedger {
    const stored = { ledger, resourceVersion: secret.metadata.resourceVersion ?? '' };
    remembered.set(keyText(secretKey(instance)), stored);
    return stored;
  }

  /** The ledger of an instance, made anew where there is none and `create` allows it. */
  async function load(
    instance: InstanceIdentity,
    create: boolean,
  ): Promise<Result<StoredLedger | undefined, LedgerFailure>> {
    const memory = remembered.get(keyText(secretKey(instance)));
    if (memory !== undefined) return ok(memory);
    const found = await deps.kube.get(SECRETS, secretKey(instance));
    if (found.ok) return read(instance, found.value);
    if (found.error.status !== 404) return err({ kind: 'Kube', failure: found.error });
    if (!create) return ok(undefined);
    const ledger = emptyLedger(deps.randomSalt());
    const created = await deps.kube.create(SECRETS, manifest(instance, await packLedger(ledger)));
    return created.ok ? ok(remember(instance, ledger, created.value)) : err({ kind: 'Kube', failure: created.error });
  }

  async function read(instance: InstanceIdentity, secret: SecretObject): Promise<Result<StoredLedger, LedgerFailure>> {
    const name = ledgerName(instance.name);
    if (!isOurs(secret, instance.name)) return err({ kind: 'NotOurs', secret: name });
    const ledger = await unpackLedger(secret.data);
    return ledger === undefined ? err({ kind: 'Unreadable', secret: name }) : ok(remember(instance, ledger, secret));
  }

  /** Writes the next ledger; fails with a 409 when somebody else wrote in between (then load again). */
  async function save(
    instance: InstanceIdentity,
    stored: StoredLedger,
    next: { readonly ledger: Ledger; readonly packed: PackedLedger },
  ): Promise<Result<StoredLedger, KubeFailure>> {
    const body = manifest(instance, next.packed);
    const metadata = { ...body.metadata, resourceVersion: stored.resourceVersion };
    const written = await deps.kube.replace(SECRETS, { ...body, metadata });
    if (written.ok) return ok(remember(instance, next.ledger, written.value));
    remembered.delete(keyText(secretKey(instance)));
    return written;
  }

  return { load, save, noticed };
}

export type LedgerStorage = ReturnType<typeof createLedgerStore>;

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
