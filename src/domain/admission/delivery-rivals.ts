import type { InstanceStorage } from '../../api/resources.ts';

/**
 * The InstanceStorage that a `WeightsAndBiases` belongs to, of those that name
 * it: one that holds fields of it already, then the oldest, then the first by
 * name. Not part of `Admissions`: who holds a resource is known to the delivery
 * alone, which reads its managed fields, and the others are published all the same.
 */
export function deliveryWinner(
  rivals: readonly InstanceStorage[],
  holds: (name: string) => boolean,
): InstanceStorage | undefined {
  const rank = ({ metadata }: InstanceStorage): string =>
    [holds(metadata.name) ? 'a' : 'b', metadata.creationTimestamp ?? '', metadata.name].join(' ');
  return rivals.toSorted((left, right) => (rank(left) < rank(right) ? -1 : 1))[0];
}
