import type { InstanceStorage, TeamStorage } from '../../api/resources.ts';
import { boundBucketOf, type BoundBucket } from '../bucket/bucket-id.ts';
import { onceFor } from '../../base/once-for.ts';
import { claimId, recordsOfId, type ClaimKind, type ClaimRecord, type Ledger } from '../publication/ledger.ts';
import type { Sanitized } from '../spec/sanitize-spec.ts';
import type { CloudEndpoints } from '../bucket/store-endpoint.ts';
import type { BucketStorage } from '../bucket/storage.ts';

export type Claimant = InstanceStorage | TeamStorage;

/** An InstanceStorage as people declared it. Its status may be an old one, and nothing may be read from it. */
export type DeclaredInstance = Omit<Sanitized<InstanceStorage>, 'status'> & { readonly status?: unknown };

export interface ClaimKey {
  readonly kind: ClaimKind;
  readonly namespace: string;
  readonly name: string;
}

/** A ledger of a namespace; without `ledger` it has not been read, or cannot be. */
export interface LedgerView {
  /** Name of the InstanceStorage, which may be deleted. */
  readonly instance: string;
  readonly ledger?: Ledger;
}

/** All inputs of admission: the objects of every watched namespace, and the ledgers, including reserved writes. */
export interface World {
  readonly instance: (key: {
    readonly namespace: string;
    readonly name: string;
  }) => Sanitized<InstanceStorage> | undefined;
  /** The same list object until one of the instances comes, goes or is edited. */
  readonly instancesIn: (namespace: string) => readonly DeclaredInstance[];
  readonly team: (key: { readonly namespace: string; readonly name: string }) => Sanitized<TeamStorage> | undefined;
  /** Claims on a W&B team. */
  readonly teamsNamed: (namespace: string, team: string) => readonly Sanitized<TeamStorage>[];
  /** Every ledger of the namespace that exists or may exist: another list object when one of them has changed. */
  readonly ledgersIn: (namespace: string) => readonly LedgerView[];
  /** The addresses of the clouds. */
  readonly clouds: CloudEndpoints;
  /** Whether the object of this UID holds a proof. */
  readonly isProven: (uid: string) => boolean;
}

/** A record, and the name of the instance whose ledger holds it. */
export interface BoundRecord {
  readonly instance: string;
  readonly record: ClaimRecord;
}

/** The records of the claim's name in every ledger of its namespace. An InstanceStorage has one ledger, its own. */
export function recordsIn(world: Pick<World, 'ledgersIn'>, object: Claimant): readonly BoundRecord[] {
  const { kind, metadata } = object;
  const id = claimIdOf(object);
  const found: BoundRecord[] = [];
  // A loop, because this is called for each claim in each run of the publisher.
  for (const { instance, ledger } of world.ledgersIn(metadata.namespace ?? '')) {
    if (ledger === undefined || (kind === 'InstanceStorage' && instance !== metadata.name)) continue;
    for (const record of recordsOfId(ledger, id)) found.push({ instance, record });
  }
  return found;
}

/** `claimId` of an object. Runs over a namespace ask for that of thousands. */
export const claimIdOf = onceFor(({ kind, metadata }: Claimant): string => claimId({ kind, name: metadata.name }));

/** Whether the ledger of an instance has not been read. */
export function isUnknown(world: Pick<World, 'ledgersIn'>, namespace: string, instance: string | undefined): boolean {
  return world.ledgersIn(namespace).some((view) => view.instance === instance && view.ledger === undefined);
}

/** Kind, namespace and name as one text. */
export function idOf({ kind, namespace, name }: ClaimKey): string {
  return `${kind}/${namespace}/${name}`;
}

export function keyOf({ kind, metadata }: Pick<Claimant, 'kind' | 'metadata'>): ClaimKey {
  return { kind, namespace: metadata.namespace ?? '', name: metadata.name };
}

/** Whether a status records that its claim is bound at the storage's place. */
export function isBoundTo(recorded: BoundBucket | undefined, storage: BucketStorage): boolean {
  if (recorded === undefined) return false;
  const bound = boundBucketOf(storage);
  const fields = ['provider', 'name', 'path', 'endpoint', 'storageAccount'] as const;
  return fields.every((field) => recorded[field] === bound[field]);
}
