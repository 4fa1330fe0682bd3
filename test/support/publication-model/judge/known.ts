import type { Ledger } from '../../../../src/domain/publication/ledger.ts';
import type { Output } from '../commands.ts';
import type { Published } from '../parse-outputs.ts';
import { INSTANCES, type Slot } from '../universe.ts';

/** What is known of one instance, from the bytes that were written and from what people did to them. */
export interface Known {
  readonly slot: Slot;
  /** What the output Secret last held by the operator's hand. */
  standing: Published;
  /** Records of the ledger that the operator wrote last; absent after it was damaged. */
  ledger: Ledger | undefined;
  /** The same, whatever became of it since. */
  written: Ledger | undefined;
  /** Since when each record is there, by `recordId`. */
  readonly since: Map<string, number>;
  /** Buckets whose last record left, and rightly so; `slot` for the instance bucket. */
  readonly mayLeave: Set<string>;
  /** Records (`recordId`) in the list of the ConfigMap: what a lost ledger can be recovered with. */
  listed: ReadonlySet<string>;
  /** Records of the ledger when it was damaged last: who had the bucket then is no newcomer. */
  lost: ReadonlySet<string>;
  /** Records (`recordId`) with `Remove` in a ledger that people put beside a Secret without a seal: what it says counts. */
  believed: ReadonlySet<string>;
  /** People touched it, and the operator has not written it since. */
  readonly damaged: Set<Output>;
  /** Data of the Secret at the last restart; `undefined`: any data will do. */
  restartedFor: string | undefined;
  /** The hash that the server knows, where it went with the ledger: a restart that was on its way may still bring it. */
  lostHash: string | undefined;
  /** Data of the Secret by the digest in its seal: a restart on its way may be for what stood before. */
  readonly dataOf: Map<string, string>;
  /** When people last left nothing of ledger and Secret. */
  anewAt: number;
}

/** What is known of each instance. */
export class KnownInstances {
  /** Those of the model, in its order. */
  readonly all: readonly Known[] = INSTANCES.map(nothingKnown);
  readonly #byName = new Map(this.all.map((known) => [`${known.slot.namespace}/${known.slot.name}`, known]));

  /** `undefined` where there is no such instance in the model. */
  find(namespace: string, name: string): Known | undefined {
    return this.#byName.get(`${namespace}/${name}`);
  }

  /** Throws where there is no such instance in the model. */
  of({ namespace, name }: { readonly namespace: string; readonly name: string }): Known {
    const known = this.find(namespace, name);
    if (known === undefined) throw new Error(`no instance ${namespace}/${name}`);
    return known;
  }
}

function nothingKnown(slot: Slot): Known {
  return {
    slot,
    standing: { entries: new Map() },
    ledger: undefined,
    written: undefined,
    since: new Map(),
    mayLeave: new Set(),
    listed: new Set(),
    lost: new Set(),
    believed: new Set(),
    damaged: new Set(),
    restartedFor: undefined,
    lostHash: undefined,
    dataOf: new Map(),
    anewAt: Number.NEGATIVE_INFINITY,
  };
}
