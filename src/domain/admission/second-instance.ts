import { compare } from '../publication/ledger.ts';
import type { DeclaredInstance } from './world.ts';

/** The oldest InstanceStorage of the namespace, if it is older than `instance`. */
export function elderInNamespace(
  instance: DeclaredInstance,
  others: readonly DeclaredInstance[],
): DeclaredInstance | undefined {
  const own = ageOf(instance);
  return others
    .filter((one) => compare(ageOf(one), own) < 0)
    .toSorted((left, right) => compare(ageOf(left), ageOf(right)))[0];
}

/**
 * The notice on an accepted InstanceStorage that is not the first of its namespace, or not the first at its bucket and
 * path. Only later instances get it, and it names only the oldest, so that one more instance changes no other status.
 */
export function instanceNotice(others: {
  /** Name of the oldest in the same namespace. */
  readonly inNamespace?: string;
  /** The oldest on the same bucket and path, as it may be named in this namespace. */
  readonly atSamePlace?: string;
}): string | undefined {
  const { inNamespace, atSamePlace } = others;
  const notices = [
    atSamePlace === undefined
      ? ''
      : `InstanceStorage ${atSamePlace} has the same bucket and path: two W&B servers would write into one place. Give this one a path or a bucket of its own, unless both are for the same server.`,
    inNamespace === undefined
      ? ''
      : `InstanceStorage ${inNamespace} is in this namespace as well: a TeamStorage that is created now must name one of them in spec.instanceRef, or it is refused (InstanceAmbiguous).`,
  ].filter((sentence) => sentence !== '');
  return notices.length === 0 ? undefined : notices.join(' ');
}

/** By age, then by name. */
function ageOf({ metadata: { creationTimestamp = '', name } }: DeclaredInstance): string {
  return `${creationTimestamp}|${name}`;
}
