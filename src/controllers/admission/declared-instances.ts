import type { InstanceStorage } from '../../api/resources.ts';
import { isDeepStrictEqual } from '../../base/deep-equal.ts';
import { without } from '../../base/defined.ts';
import type { DeclaredInstance } from '../../domain/admission/world.ts';
import type { Sanitized } from '../../domain/spec/sanitize-spec.ts';
import type { ObjectReader } from '../../ports/kube.ts';

interface Known {
  /** The list of the cache from which this was made. */
  readonly of: readonly Sanitized<InstanceStorage>[];
  readonly declared: readonly DeclaredInstance[];
  readonly byName: ReadonlyMap<string, DeclaredInstance>;
}

/**
 * The instances of a namespace, as people declared them: the same objects, in the same list, until one comes, goes or is
 * edited. The status of an instance changes with each of its teams, and decides nothing about the others.
 */
export function createDeclaredInstances(
  instances: Pick<ObjectReader<Sanitized<InstanceStorage>>, 'list'>,
): (namespace: string) => readonly DeclaredInstance[] {
  const known = new Map<string, Known>();
  return (namespace) => {
    const of = instances.list(namespace);
    const before = known.get(namespace);
    if (before?.of === of) return before.declared;
    const next = of.map((now) => {
      const former = before?.byName.get(now.metadata.name);
      return former !== undefined && isSameDeclaration(former, now) ? former : now;
    });
    // A cache lists what changed last at the end: the order says nothing.
    const isSame =
      before?.declared.length === next.length && next.every((one) => before.byName.get(one.metadata.name) === one);
    const declared = isSame ? before.declared : next;
    known.set(namespace, { of, declared, byName: new Map(declared.map((one) => [one.metadata.name, one] as const)) });
    return declared;
  };
}

function isSameDeclaration(left: DeclaredInstance, right: DeclaredInstance): boolean {
  return left === right || isDeepStrictEqual(declarationOf(left), declarationOf(right));
}

function declarationOf(instance: DeclaredInstance): unknown {
  return { ...without(instance, 'status'), metadata: without(instance.metadata, 'resourceVersion') };
}
