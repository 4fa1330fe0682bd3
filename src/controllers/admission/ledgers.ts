import { claimId, type ClaimRecord, type Ledger } from '../../domain/publication/ledger.ts';
import type { ClaimKey, LedgerView } from '../../domain/admission/world.ts';
import { keyText, parseKey } from '../../api/object-key.ts';

/**
 * Called with the claims whose records changed, after the change; also with those that counted as bound by their status
 * until now, or count from now on. `isDecided`: by a decision of this process, which the publisher reports to these
 * claims. Otherwise a decision was undone, or the ledger holds something else than was known.
 */
export type LedgersListener = (claims: readonly ClaimKey[], isDecided: boolean) => void;

/**
 * The known content of each ledger: unknown, or what was read or written last. A failure does not remove known content.
 * A ledger that is being written counts from the moment of the decision, so that two claims that arrive together see
 * each other.
 */
export class Ledgers {
  readonly #known = new Map<string, Ledger>();
  readonly #reserved = new Map<string, Ledger>();
  readonly #instances: (namespace: string) => readonly string[];
  readonly #boundByStatus: (instance: string) => readonly Pick<ClaimKey, 'kind' | 'name'>[];
  /** The last result of `in`, by namespace. */
  readonly #views = new Map<string, { readonly names: readonly string[]; readonly views: readonly LedgerView[] }>();
  #listener: LedgersListener = () => undefined;

  /**
   * `instances`: names of the instances of a namespace that have, or may have, a ledger; another list object when they
   * change. `boundByStatus`: claims that count as bound to an instance (`namespace/name`) by their status while its ledger
   * is unknown.
   */
  constructor(
    instances: (namespace: string) => readonly string[],
    boundByStatus: (instance: string) => readonly Pick<ClaimKey, 'kind' | 'name'>[] = () => [],
  ) {
    this.#instances = instances;
    this.#boundByStatus = boundByStatus;
  }

  onChange(listener: LedgersListener): void {
    this.#listener = listener;
  }

  /** The content of the ledger of `namespace/name`, including a reserved write. */
  view(instance: string): Ledger | undefined {
    return this.#reserved.get(instance) ?? this.#known.get(instance);
  }

  /** The content of the ledger, without a reserved write. */
  known(instance: string): Ledger | undefined {
    return this.#known.get(instance);
  }

  /** The ledgers of a namespace: the same list object until one of them or their names change. */
  in(namespace: string): readonly LedgerView[] {
    const names = this.#instances(namespace);
    const known = this.#views.get(namespace);
    if (known?.names === names) return known.views;
    const views = [...new Set([...names, ...this.#held(namespace)])].map((name) => {
      const ledger = this.view(keyText({ namespace, name }));
      return { instance: name, ...(ledger !== undefined && { ledger }) };
    });
    this.#views.set(namespace, { names, views });
    return views;
  }

  /** Names of the ledgers that were read or are being written; the watch may not show such a Secret yet. */
  #held(namespace: string): readonly string[] {
    return [...this.#known.keys(), ...this.#reserved.keys()]
      .map(parseKey)
      .filter((key) => key.namespace === namespace)
      .map(({ name }) => name);
  }

  /** Sets the present content and ends a reservation. `undefined`: the ledger does not exist any more. */
  settle(instance: string, ledger: Ledger | undefined): void {
    this.#change(instance, () => {
      this.#reserved.delete(instance);
      if (ledger === undefined) this.#known.delete(instance);
      else this.#known.set(instance, ledger);
    });
  }

  /** Sets the content that is about to be written. */
  reserve(instance: string, ledger: Ledger): void {
    this.#change(instance, () => this.#reserved.set(instance, ledger), true);
  }

  /** Ends a reservation whose write was refused: the known content counts again. */
  release(instance: string): void {
    if (this.#reserved.has(instance)) this.#change(instance, () => this.#reserved.delete(instance));
  }

  #change(instance: string, change: () => void, isDecided = false): void {
    const before = this.view(instance);
    change();
    const after = this.view(instance);
    if (before === after) return;
    const { namespace } = parseKey(instance);
    this.#views.delete(namespace);
    // Newcomers were waiting for a ledger that was unknown, even if no record changed.
    const isFirst = (before === undefined) !== (after === undefined);
    const changed = new Map(
      [
        ...changedClaims(before?.claims ?? [], after?.claims ?? []),
        ...(isFirst ? this.#boundByStatus(instance) : []),
      ].map(({ kind, name }) => [claimId({ kind, name }), { kind, namespace, name }] as const),
    );
    if (changed.size > 0 || isFirst) this.#listener([...changed.values()], isDecided);
  }
}

function changedClaims(before: readonly ClaimRecord[], after: readonly ClaimRecord[]): readonly ClaimRecord[] {
  const [old, now] = [new Set(before), new Set(after)];
  return [...before.filter((record) => !now.has(record)), ...after.filter((record) => !old.has(record))];
}
