import type { Ledger } from '../../../../src/domain/publication/ledger.ts';
import type { Slot } from '../universe.ts';
import { claimKey } from './claims.ts';
import type { Context } from './context.ts';

/**
 * Notes which claims went with their CRD: they were not deleted.
 *
 * Objects that went with their CRD and whose CRD was back before the operator
 * could see it gone (their record still says `Remove`, or a watch that lags has yet to show it) count as deleted.
 */
export class MissingCrds {
  readonly #context: Context;
  /** By kind of a CRD that went: the ledgers that were written until then. */
  readonly #writtenUntil = new Map<Slot['kind'], ReadonlySet<Ledger | undefined>>();

  constructor(context: Context) {
    this.#context = context;
  }

  /** The CRD goes, and takes all claims of the kind with it: they were not deleted. */
  gone(kind: Slot['kind']): void {
    const { claims, instances, stored, world } = this.#context;
    const { truth } = world;
    const reader = kind === 'InstanceStorage' ? truth.instances.reader : truth.teams.reader;
    for (const { metadata } of reader.list()) {
      claims.gone.add(claimKey(metadata.namespace ?? '', { kind, name: metadata.name }));
    }
    this.#writtenUntil.set(kind, new Set(instances.all.map(({ slot }) => stored.ledger(slot))));
  }

  /** The CRD is back: what went with it is excused where the operator did not see it gone. */
  back(kind: Slot['kind']): void {
    const { claims, instances, stored } = this.#context;
    const unwritten = instances.all.filter(
      ({ slot }) => this.#writtenUntil.get(kind)?.has(stored.ledger(slot)) === true,
    );
    // The operator may not have seen it gone: it wrote nothing since.
    for (const id of claims.gone) {
      const isUnseen = unwritten.some(({ slot }) => id.startsWith(`${slot.namespace} ${kind}/`));
      if (isUnseen && claims.last(id)?.spec.deletionPolicy === 'Remove') claims.excused.add(id);
    }
    for (const { slot, written } of instances.all) {
      for (const record of (stored.ledger(slot) ?? written)?.claims ?? []) {
        const isRemove = record.kind === kind && record.policy === 'Remove';
        if (isRemove) claims.excused.add(claimKey(slot.namespace, record));
      }
    }
  }
}
