import type { Signer } from './signer.ts';

export type Variables = Readonly<Record<string, unknown>>;

/** Answers to operations of GraphQL by their names, with all fields that clients ask for. */
export type Answers = Readonly<Record<string, (variables: Variables) => unknown>>;

/** Where things of W&B are kept. */
export interface Bucket extends Signer {
  /** Key of an object from parts of its path. */
  key(...parts: readonly string[]): string;
}

export const ENTITY = { id: 'entity-1', name: 'omega' } as const;
export const PROJECT = { id: 'project-1', internalId: 'UHJvamVjdDox', name: 'interop', entity: ENTITY } as const;

/** A list as GraphQL pages it, on one page. */
export function connection<T>(nodes: readonly T[]) {
  return {
    edges: nodes.map((node) => ({ node, cursor: '' })),
    pageInfo: { hasNextPage: false, endCursor: null },
    totalCount: nodes.length,
  };
}
