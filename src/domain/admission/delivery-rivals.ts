import type { InstanceStorage } from '../../api/resources.ts';

/**
 * The InstanceStorage that configures a `WeightsAndBiases`, of those that name it: one that owns fields of it already,
 * then the oldest, then the first by name. Not part of `Admissions`: only the delivery knows the owner, by the managed
 * fields of the resource, and the other instances are published all the same.
 */
export function deliveryWinner(
  rivals: readonly InstanceStorage[],
  holds: (name: string) => boolean,
): InstanceStorage | undefined {
  const rank = ({ metadata }: InstanceStorage): string =>
    [holds(metadata.name) ? 'a' : 'b', metadata.creationTimestamp ?? '', metadata.name].join(' ');
  return rivals.toSorted((left, right) => (rank(left) < rank(right) ? -1 : 1))[0];
}
