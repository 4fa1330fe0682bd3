import { artifactAnswers } from './artifact-answers.ts';
import { runAnswers } from './run-answers.ts';
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

/** Takes the body of a request; an operation that it does not know is an error. */
export function createApi(signer: Signer, path: string, onUnknown: (name: string) => void) {
  const bucket: Bucket = { ...signer, key: (...parts) => [...(path === '' ? [] : [path]), ...parts].join('/') };
  const answers: Answers = {
    Viewer: () => ({ viewer: { id: 'user-1', entity: ENTITY.name, username: ENTITY.name, flags: '{}', teams: connection([ENTITY]) } }),
    // Only CoreWeave's buckets have one.
    OrganizationCoreWeaveOrganizationID: () => ({ entity: { organization: null } }),
    GetDefaultEntity: () => ({ viewer: { id: 'user-1', entity: ENTITY.name } }),
    ServerFeaturesQuery: () => ({ serverInfo: { features: [] } }),
    ...runAnswers(bucket),
    ...artifactAnswers(bucket),
  };
  return async (text: string): Promise<unknown> => {
    const { query, variables = {} } = JSON.parse(text) as { readonly query: string; readonly variables?: Variables };
    const [, name = query] = /(?:query|mutation)\s+(\w+)/.exec(query) ?? [];
    const answer = answers[name];
    if (answer === undefined) {
      onUnknown(name);
      throw new Error(`the stand-in does not know ${name}`);
    }
    return { data: await answer(variables) };
  };
}

/** A list as GraphQL pages it, on one page. */
export function connection<T>(nodes: readonly T[]) {
  return {
    edges: nodes.map((node) => ({ node, cursor: '' })),
    pageInfo: { hasNextPage: false, endCursor: null },
    totalCount: nodes.length,
  };
}
