import type { SecretObject } from '../../../../src/api/resources.ts';
import type { Ledger } from '../../../../src/domain/publication/ledger.ts';
import type { Context } from './context.ts';
import { isSealOf } from './stored.ts';

/** P3 between the steps: the same ledger has the same bytes, no matter which process wrote them. */
export class RenderedOutputs {
  readonly #context: Context;
  readonly #compared = new WeakMap<Ledger, SecretObject | undefined>();

  constructor(context: Context) {
    this.#context = context;
  }

  /** Compares each Secret that nobody touched with the ledger that its seal names. */
  judge(): void {
    const { instances, stored, fail } = this.#context;
    for (const { slot, damaged } of instances.all) {
      const [ledger, secret, seal] = [stored.ledger(slot), stored.secret(slot), stored.seal(slot)];
      if (ledger === undefined || seal === undefined || damaged.size > 0) continue;
      if (!isSealOf(seal, ledger) || this.#compared.get(ledger) === secret) continue;
      this.#compared.set(ledger, secret);
      if (!stored.isRendered(slot)) {
        fail(`P3 Secret ${slot.namespace}/${slot.name}-storage is not what its ledger renders`);
      }
    }
  }
}
