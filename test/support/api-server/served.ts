import type { KubeObject, ResourceType } from '../../../src/api/object.ts';
import { allKinds, type Kind } from './kinds.ts';

/** Which kinds are served: built-in ones always, custom ones while their CRD is installed. */
export function createServed() {
  const kinds = allKinds();
  const gone = new Set<Kind>();

  /** The kind of a type, served or not. */
  function everKindOf({ group, plural }: Pick<ResourceType<KubeObject>, 'group' | 'plural'>): Kind | undefined {
    return kinds.find((kind) => kind.group === group && kind.plural === plural);
  }

  function kindOf(type: Pick<ResourceType<KubeObject>, 'group' | 'plural' | 'version'>): Kind | undefined {
    const kind = everKindOf(type);
    return kind === undefined || gone.has(kind) || kind.versions[type.version] === undefined ? undefined : kind;
  }

  function customKind(name: string): Kind {
    const kind = kinds.find((each) => each.kind === name && each.isCustom);
    if (kind === undefined) throw new Error(`no CRD of ${name}`);
    return kind;
  }

  return {
    everKindOf,
    kindOf,
    customKind,
    /** Of a group, the preferred one first. */
    versions(group: string): readonly string[] {
      const served = kinds.filter((kind) => kind.group === group && !gone.has(kind));
      return [...new Set(served.flatMap(({ versions }) => Object.keys(versions)))];
    },
    end: (kind: Kind): void => void gone.add(kind),
    begin: (kind: Kind): void => void gone.delete(kind),
  };
}

export type Served = ReturnType<typeof createServed>;
