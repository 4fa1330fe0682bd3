import type { InstanceStorage, TeamStorage } from '../../../../src/api/resources.ts';
import type { ClaimRecord } from '../../../../src/domain/publication/ledger.ts';
import { targetOf, type Slot, type Target } from '../universe.ts';
import type { World } from '../world.ts';

/** An object that asks for a bucket. */
export type Claim = InstanceStorage | TeamStorage;

/**
 * What a claim asked for since the operator last came to rest: it may have seen any of these last, also while caches are
 * held back.
 */
export interface Seen {
  readonly deletion: Set<string>;
  readonly change: Set<string>;
  readonly isolation: Set<string>;
  readonly places: Set<string>;
  readonly uids: Set<string>;
}

/** What people asked for, by claim. Claims are named as by `claimKey`. */
export class Claims {
  readonly #world: World;
  readonly #seen = new Map<string, Seen>();
  readonly #names = new Map<string, string>();
  /** When each incarnation was made, by UID. */
  readonly #madeAt = new Map<string, number>();
  /** The last version of each claim, which may be gone. */
  readonly #last = new Map<string, Claim>();
  /** Claims that were gone before a process that had seen their last version wrote it down. */
  readonly #unseen = new Set<string>();
  /** Claims that went with their CRD, and have not been made anew. */
  readonly gone = new Set<string>();
  /** Claims that went with their CRD before the operator could see that the CRD was gone. */
  readonly excused = new Set<string>();

  constructor(world: World) {
    this.#world = world;
  }

  /** Notes a version of a claim; the last one where it was deleted. */
  see(object: Claim): void {
    const { namespace = '', name, uid = '' } = object.metadata;
    const id = claimKey(namespace, { kind: object.kind, name });
    this.#names.set(uid, id);
    if (!this.#madeAt.has(uid)) this.#madeAt.set(uid, this.#world.clock.monotonic());
    this.#last.set(id, object);
    if (this.#world.claim({ kind: object.kind, namespace, name }) !== undefined) {
      this.gone.delete(id);
      this.#unseen.delete(id);
    }
    const seen = this.#seen.get(id) ?? {
      deletion: new Set(),
      change: new Set(),
      isolation: new Set(),
      places: new Set(),
      uids: new Set(),
    };
    seen.deletion.add(object.spec.deletionPolicy ?? 'Retain');
    seen.change.add(object.spec.bucketChangePolicy ?? 'Forbid');
    seen.uids.add(uid);
    seen.places.add(this.placeText(object));
    if (object.kind === 'TeamStorage')
      seen.isolation.add(`${object.spec.isolation ?? 'Preferred'} ${object.spec.team}`);
    this.#seen.set(id, seen);
  }

  /** The operator has come to rest and has seen everything: older versions of claims count no more. */
  atRest(): void {
    for (const id of this.#seen.keys()) if (!this.#unseen.has(id)) this.#seen.delete(id);
    for (const object of [...this.#last.values()]) this.see(object);
  }

  /** Another process leads: what the one before it saw of claims that are gone, and did not write down, is lost. */
  otherProcess(): void {
    for (const [id, { kind, metadata }] of this.#last) {
      const { namespace = '', name } = metadata;
      if (this.#world.claim({ kind, namespace, name }) === undefined) this.#unseen.add(id);
    }
  }

  /** The claim of an incarnation. */
  ofUid(uid: string): string | undefined {
    return this.#names.get(uid);
  }

  /** What a claim asked for; `undefined` where nothing is known of it. */
  seen(id: string): Seen | undefined {
    return this.#seen.get(id);
  }

  /** The last version of a claim, which may be gone. */
  last(id: string): Claim | undefined {
    return this.#last.get(id);
  }

  /** When an incarnation was made. */
  madeAt(uid: string): number {
    return this.#madeAt.get(uid) ?? 0;
  }

  /** Where the claim leads now; `nothing`: it asks for no bucket; `undefined`: it is unknown. */
  target(object: Claim): Target | 'nothing' | undefined {
    const { namespace = '' } = object.metadata;
    return targetOf(
      object,
      (kind, name) => this.#world.claim({ kind, namespace, name }),
      this.#world.truth.instances.reader.list(namespace).map(({ metadata }) => metadata.name),
    );
  }

  /** The same as text, in the form of `recordPlace`. */
  placeText(object: Claim): string {
    const target = this.target(object);
    return typeof target === 'object' ? `${target.instance} ${target.bucket}/${target.path}` : (target ?? 'unknown');
  }
}

/** Identifies a claim: `namespace kind/name`. */
export function claimKey(namespace: string, { kind, name }: Pick<ClaimRecord, 'kind' | 'name'>): string {
  return `${namespace} ${kind}/${name}`;
}

/** The place of a record in the ledger of an instance, in the form of `Claims.placeText`. */
export function recordPlace({ name }: Slot, { address }: ClaimRecord): string {
  return `${name} ${address.name}/${address.path}`;
}
