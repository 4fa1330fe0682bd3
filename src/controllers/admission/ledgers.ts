import { claimId, type ClaimRecord, type Ledger } from '../../domain/publication/ledger.ts';
import type { ClaimKey, LedgerView } from '../../domain/admission/world.ts';
import { keyText, parseKey } from '../../api/object-key.ts';

/** Told of the claims whose records changed, after the change. */
export type LedgersListener = (claims: readonly ClaimKey[]) => void;

/**
 * What is known of each ledger: nothing yet, or what it held when it was read
 * or written last. A failure never takes away what is known. What is being
 * written counts from the moment in which it was decided: so two claims that
 * arrive together see each other.
 */
export class Ledgers {
  readonly #known = new Map<string, Ledger>();
  readonly #reserved = new Map<string, Ledger>();
  readonly #instances: (namespace: string) => readonly string[];
  #listener: LedgersListener = () => undefined;

  /** `instances`: names of the instances of a namespace that have, or may have, a ledger. */
  constructor(instances: (namespace: string) => readonly string[]) {
    this.#instances = instances;
  }

  onChange(listener: LedgersListener): void {
    this.#listener = listener;
  }

  /** What the ledger of `namespace/name` holds, what is being written included. */
  view(instance: string): Ledger | undefined {
    return this.#reserved.get(instance) ?? this.#known.get(instance);
  }

  /** What the ledger held when it was read or written last. */
  known(instance: string): Ledger | undefined {
    return this.#known.get(instance);
  }

  in(namespace: string): readonly LedgerView[] {
    return this.#instances(namespace).map((name) => {
      const ledger = this.view(keyText({ namespace, name }));
      return { instance: name, ...(ledger !== undefined && { ledger }) };
    });
  }

  /** The ledger as it stands now; a reservation has come to its end. `undefined`: there is none any more. */
  settle(instance: string, ledger: Ledger | undefined): void {
    this.#change(instance, () => {
      this.#reserved.delete(instance);
      if (ledger === undefined) this.#known.delete(instance);
      else this.#known.set(instance, ledger);
    });
  }

  /** What is about to be written. */
  reserve(instance: string, ledger: Ledger): void {
    this.#change(instance, () => this.#reserved.set(instance, ledger));
  }

  /** The write was refused: what is known counts again. */
  release(instance: string): void {
    if (this.#reserved.has(instance)) this.#change(instance, () => this.#reserved.delete(instance));
  }

  #change(instance: string, change: () => void): void {
    const before = this.view(instance);
    change();
    const after = this.view(instance);
    if (before === after) return;
    const { namespace } = parseKey(instance);
    // From unknown to known it is no matter of records alone: newcomers have waited for it.
    const changed = changedClaims(before?.claims ?? [], after?.claims ?? []);
    const first = changed.length === 0 && (before === undefined) !== (after === undefined);
    if (changed.length > 0 || first) this.#listener(changed.map(({ kind, name }) => ({ kind, namespace, name })));
  }
}

function changedClaims(before: readonly ClaimRecord[], after: readonly ClaimRecord[]): readonly ClaimRecord[] {
  const [old, now] = [new Set(before), new Set(after)];
  const changed = [...before.filter((record) => !now.has(record)), ...after.filter((record) => !old.has(record))];
  return [...new Map(changed.map((record) => [claimId(record), record])).values()];
}
