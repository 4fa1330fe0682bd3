import {
  asObject,
  createTeamBody,
  groupFilter,
  readBucket,
  readList,
  readTeam,
  teamAdminBody,
  userFilter,
  type ScimBucket,
} from '../../domain/provision/scim.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { PlainHttp, PlainResponse } from '../../ports/http.ts';
import type { ServerAccess, ServerCall, ServerFailure, WandbServer } from '../../ports/wandb-server.ts';

/** W&B tests a bucket before it answers the creation of a team. */
const DEADLINE_MS = 30_000;
const MAX_DETAIL = 300;

/** GraphQL for servers of different versions: a query that a server does not know is an error in its answer, not a failure. */
const INPUT_FIELDS = 'query ByobInput { input: __type(name: "StorageBucketInfoInput") { inputFields { name } } }';
const OFFERED = 'query ByobProviders { serverInfo { availableBucketProviders } }';
const TEST_BUCKET =
  'mutation ByobTest($input: StorageBucketInfoInput!) { testBucketStoreConnection(input: $input) { message severity } }';
const BUCKET_OF_TEAM =
  'query ByobTeam($name: String!) { entity(name: $name) { name settings { storageBucketInfo { name provider path } } } }';

/** W&B's SCIM and GraphQL APIs over the guarded connector. */
// eslint-disable-next-line max-lines-per-function -- one short function for each request
export function createWandbServer(deps: { readonly http: PlainHttp; readonly access: ServerAccess }): WandbServer {
  const { access } = deps;
  const root = access.url.replace(/\/+$/, '');

  async function send(
    method: string,
    path: string,
    options: { readonly user: string; readonly type: string; readonly body?: unknown },
  ): ServerCall<unknown> {
    const { user, type, body } = options;
    const credentials = Buffer.from(`${user}:${access.apiKey.reveal()}`).toString('base64');
    const answer = await deps.http.send(
      {
        method,
        url: root + path,
        headers: {
          authorization: `Basic ${credentials}`,
          accept: type,
          ...(body !== undefined && { 'content-type': type }),
        },
        ...(body !== undefined && { body: Buffer.from(JSON.stringify(body)) }),
      },
      AbortSignal.timeout(DEADLINE_MS),
    );
    return answer.ok ? judge(answer.value) : err({ kind: 'NoAnswer', reason: answer.error.kind });
  }

  const scim = (method: string, path: string, body?: unknown): ServerCall<unknown> =>
    send(method, `/scim${path}`, {
      user: access.username ?? '',
      type: 'application/scim+json',
      ...(body !== undefined && { body }),
    });

  /** `undefined`: the server does not know the query. */
  async function graphql(query: string, variables: unknown): ServerCall<Readonly<Record<string, unknown>> | undefined> {
    const options = { user: 'api', type: 'application/json', body: { query, variables } };
    const answer = await send('POST', '/graphql', options);
    // Some servers answer a query that they cannot validate with 400 or 422.
    if (!answer.ok && answer.error.kind === 'Refused') return ok(undefined);
    if (!answer.ok) return answer;
    const { data, errors } = asObject(answer.value);
    return ok(Array.isArray(errors) && errors.length > 0 ? undefined : asObject(data));
  }

  return {
    async findTeam(name) {
      const answer = await scim('GET', `/Groups?filter=${encodeURIComponent(groupFilter(name))}`);
      if (!answer.ok) return answer;
      const list = readList(answer.value);
      if (list === undefined) return err({ kind: 'NotServed', status: 200 });
      // A server that ignores the filter lists all teams.
      return ok(list.map((item) => readTeam(item)).find((team) => team?.displayName === name));
    },
    async bucketOfTeam(name) {
      const data = await graphql(BUCKET_OF_TEAM, { name });
      if (!data.ok) return data;
      const { settings } = asObject(data.value?.['entity']);
      if (settings === undefined || settings === null) return ok(undefined);
      const { storageBucketInfo } = asObject(settings);
      return ok(storageBucketInfo === null ? null : readBucket(storageBucketInfo));
    },
    async offeredProviders() {
      const data = await graphql(OFFERED, {});
      if (!data.ok) return data;
      const { availableBucketProviders: offered } = asObject(data.value?.['serverInfo']);
      return ok(Array.isArray(offered) ? offered.map(String) : undefined);
    },
    async testBucket(bucket) {
      const fields = await graphql(INPUT_FIELDS, {});
      if (!fields.ok) return fields;
      const { inputFields } = asObject(fields.value?.['input']);
      if (!Array.isArray(inputFields)) return ok(undefined);
      const known = new Set(inputFields.map((field) => String(asObject(field)['name'])));
      const data = await graphql(TEST_BUCKET, { input: inputOf(bucket, known) });
      if (!data.ok) return data;
      const { testBucketStoreConnection: found } = data.value ?? {};
      if (!Array.isArray(found)) return ok(undefined);
      return ok(found.filter(isError).map((item) => short(asObject(item)['message'])));
    },
    async createTeam(team) {
      const answer = await scim('POST', '/Groups', createTeamBody(team));
      if (!answer.ok) return answer;
      const created = readTeam(answer.value);
      return created === undefined ? err({ kind: 'NotServed', status: 201 }) : ok(created);
    },
    async findUser(name) {
      const answer = await scim('GET', `/Users?filter=${encodeURIComponent(userFilter(name))}`);
      if (!answer.ok) return answer;
      const [user, ...others] = readList(answer.value) ?? [];
      const { id } = asObject(user);
      return ok(typeof id === 'string' && others.length === 0 ? id : undefined);
    },
    async makeTeamAdmin(userId, team) {
      const answer = await scim('PATCH', `/Users/${encodeURIComponent(userId)}`, teamAdminBody(team));
      return answer.ok ? ok(undefined) : answer;
    },
  };
}

function judge({ status, body }: PlainResponse): Result<unknown, ServerFailure> {
  if (status === 401 || status === 403) return err({ kind: 'Unauthorized', status });
  if (status === 429 || status >= 500) return err({ kind: 'Faulty', status });
  const value = parse(body);
  if (status >= 400 && status !== 404 && status !== 405) {
    const { detail, message } = asObject(value);
    return err({ kind: 'Refused', status, detail: short(detail ?? message) });
  }
  // A redirect, for example to a login page, is not an answer of this API.
  return status >= 300 || value === undefined ? err({ kind: 'NotServed', status }) : ok(value);
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

/** Older servers name the key `kmsKeyID`; fields that a server does not know are left out. */
function inputOf(bucket: ScimBucket, known: ReadonlySet<string>): Readonly<Record<string, unknown>> {
  const { kmsKeyId, ...rest } = bucket;
  const all = { ...rest, ...(kmsKeyId !== undefined && { kmsKeyID: kmsKeyId, kmsKeyId }) };
  return Object.fromEntries(Object.entries(all).filter(([name]) => known.has(name)));
}

function isError(item: unknown): boolean {
  return !/^warn/i.test(String(asObject(item)['severity']));
}

/** A server's message on one line, shortened and without control characters. */
function short(value: unknown): string {
  const text = typeof value === 'string' && value !== '' ? value : 'no reason given';
  // eslint-disable-next-line no-control-regex -- they are what is taken out
  const line = text.replace(/[\u0000-\u001f\s]+/g, ' ').trim();
  return line.length > MAX_DETAIL ? `${line.slice(0, MAX_DETAIL - 1)}…` : line;
}
