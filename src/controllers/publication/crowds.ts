import { INTERVALS } from '../../domain/intervals.ts';
import { isAwaitedCause, type PublicationCause } from './publication-cause.ts';

const { claims, buckets, every, over } = INTERVALS.publication.gatherProofs.crowd;

/**
 * Tells what somebody waits for from what is one of many, among the claims of one instance or the probes of one kind: new and
 * edited claims of which many come, and one new key on many buckets. A key on few buckets is no part of that crowd.
 */
export class Crowds {
  /** By what belongs together: when those until now would be no crowd any more, had they come one by one; in milliseconds. */
  readonly #until = new Map<string, number>();

  add(cause: PublicationCause, now: number): void {
    const group = groupOf(cause);
    if (group === undefined) return;
    this.#forget(now);
    // A crowd is over some time after its last one, however many there were: the next one is awaited again.
    const most = now + group.inARow * every + over;
    this.#until.set(group.name, Math.min(Math.max(this.#until.get(group.name) ?? now, now) + every, most));
  }

  isOneOfMany(cause: PublicationCause, now: number): boolean {
    const group = groupOf(cause);
    return group !== undefined && (this.#until.get(group.name) ?? -Infinity) - now > group.inARow * every;
  }

  /** There are as many digests as there were rotations. */
  #forget(now: number): void {
    for (const [name, until] of this.#until) if (until <= now) this.#until.delete(name);
  }
}

function groupOf(cause: PublicationCause): { readonly name: string; readonly inARow: number } | undefined {
  if (!isAwaitedCause(cause)) return undefined;
  return cause.kind === 'rotation'
    ? { name: `key ${cause.digest}`, inARow: buckets }
    : { name: 'claims', inARow: claims };
}
