import { artifactAnswers } from './artifact-answers.ts';
import { runAnswers } from './run-answers.ts';
import { connection, ENTITY, type Answers, type Bucket, type Variables } from './graphql.ts';
import type { Signer } from './signer.ts';

/** Takes the body of a request; an operation that it does not know is an error. */
export function createApi(signer: Signer, path: string, onUnknown: (name: string) => void) {
  const bucket: Bucket = { ...signer, key: (...parts) => [...(path === '' ? [] : [path]), ...parts].join('/') };
  const answers: Answers = {
    Viewer: () => ({
      viewer: { id: 'user-1', entity: ENTITY.name, username: ENTITY.name, flags: '{}', teams: connection([ENTITY]) },
    }),
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
