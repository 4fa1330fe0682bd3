import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { freePorts } from './process.ts';

/**
 * A stand-in for the W&B server: the parts of its SCIM and GraphQL APIs that
 * create teams, by their documented wire format and nothing beyond it. It is
 * strict where the documents are: a wrong header, path or body is refused.
 */
export interface WandbStandIn {
  readonly url: string;
  readonly apiKey: string;
  /** Teams by name. */
  readonly teams: Map<string, StandInTeam>;
  /** `POST /scim/Groups` and what else it was asked, in order. */
  readonly requests: string[];
  /** What its own test finds wrong with any bucket. */
  faults: readonly { readonly message: string; readonly severity: string }[];
  offered: readonly string[] | undefined;
  /** Whether GraphQL knows the bucket of a team. */
  tellsBuckets: boolean;
  /** Answers of the next requests that begin so, instead of its own: a status, or a connection that is cut. */
  readonly next: { readonly request: string; readonly act: number | 'cut before' | 'cut after' }[];
  close(): Promise<void>;
}

interface StandInTeam {
  readonly id: string;
  readonly members: readonly string[];
  readonly storageBucket: Readonly<Record<string, string>> | undefined;
}

const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const LIST = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const PROVIDERS = ['COREWEAVE', 'AWS', 'AZURE', 'GCP', 'MINIO'];
const USERS = [
  { id: 'VXNlcjox', userName: 'ada', email: 'ada@example.com' },
  { id: 'VXNlcjoy', userName: 'grace', email: 'grace@example.com' },
];

interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

export async function startWandbStandIn(apiKey: string): Promise<WandbStandIn> {
  const [port = 0] = await freePorts(1);
  const state: Omit<WandbStandIn, 'close'> = {
    url: `http://127.0.0.1:${port}`,
    apiKey,
    teams: new Map(),
    requests: [],
    faults: [],
    offered: PROVIDERS,
    tellsBuckets: true,
    next: [],
  };
  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const url = new URL(request.url ?? '', state.url);
    const name = `${request.method ?? ''} ${url.pathname}`;
    const body = Buffer.concat(chunks).toString('utf8');
    const planned = state.next.findIndex((step) => name.startsWith(step.request));
    const [step] = planned < 0 ? [] : state.next.splice(planned, 1);
    state.requests.push(name);
    if (step?.act === 'cut before') return void request.socket.destroy();
    if (typeof step?.act === 'number') {
      send(response, { status: step.act, body: scimError(step.act, 'scripted') });
      return;
    }
    const answer = authorized(request, url) ? route(name, url, body, request) : { status: 401 };
    if (step?.act === 'cut after') request.socket.destroy();
    else send(response, answer);
  }

  function authorized({ headers }: IncomingMessage, url: URL): boolean {
    const [scheme, token = ''] = (headers.authorization ?? '').split(' ');
    const text = Buffer.from(token, 'base64').toString('utf8');
    const user = url.pathname === '/graphql' ? 'api' : '';
    return scheme === 'Basic' && text === `${user}:${apiKey}`;
  }

  function route(name: string, url: URL, body: string, request: IncomingMessage): Answer {
    const type = name.endsWith('/graphql') ? 'application/json' : 'application/scim+json';
    if (body !== '' && request.headers['content-type'] !== type) return { status: 415 };
    const value = body === '' ? {} : (JSON.parse(body) as Record<string, unknown>);
    if (name === 'GET /scim/Groups') return listGroups(url.searchParams.get('filter'));
    if (name === 'POST /scim/Groups') return createGroup(value);
    if (name === 'GET /scim/Users') return listUsers(url.searchParams.get('filter'));
    if (name.startsWith('PATCH /scim/Users/')) return patchUser(name.slice('PATCH /scim/Users/'.length), value);
    if (name === 'POST /graphql') return graphql(value);
    return { status: 404 };
  }

  function listGroups(filter: string | null): Answer {
    const [, wanted] = /^displayName eq "([^"]+)"$/.exec(filter ?? '') ?? [];
    if (wanted === undefined) return { status: 400, body: scimError(400, 'unsupported filter') };
    const team = state.teams.get(wanted);
    return { status: 200, body: list(team === undefined ? [] : [groupOf(wanted, team)]) };
  }

  function createGroup(value: Readonly<Record<string, unknown>>): Answer {
    const { schemas, displayName, members, storageBucket, ...others } = value;
    const bucket = storageBucket as Readonly<Record<string, string>> | undefined;
    if (JSON.stringify(schemas) !== JSON.stringify([GROUP])) return { status: 400, body: scimError(400, 'schemas') };
    if (typeof displayName !== 'string' || !Array.isArray(members) || Object.keys(others).length > 0) {
      return { status: 400, body: scimError(400, 'displayName and members are required, and nothing else is known') };
    }
    const people = members.map((member) => (member as { readonly value?: unknown }).value);
    if (!people.every((one) => typeof one === 'string')) return { status: 400, body: scimError(400, 'members') };
    if (bucket !== undefined && !PROVIDERS.includes(bucket['provider'] ?? '')) {
      return { status: 400, body: scimError(400, `provider must be one of ${PROVIDERS.join(', ')}`) };
    }
    if (bucket?.['name'] === '') return { status: 400, body: scimError(400, 'name is required') };
    if (state.teams.has(displayName)) return { status: 409, body: scimError(409, 'team already exists') };
    const team = { id: `team-${state.teams.size}`, members: people, storageBucket: bucket };
    state.teams.set(displayName, team);
    return { status: 201, body: groupOf(displayName, team) };
  }

  function listUsers(filter: string | null): Answer {
    const [, field, wanted] = /^(userName|emails\.value) eq "([^"]+)"$/.exec(filter ?? '') ?? [];
    const found = USERS.filter((user) => (field === 'userName' ? user.userName : user.email) === wanted);
    return { status: 200, body: list(found.map(({ id, userName }) => ({ id, userName, active: true }))) };
  }

  function patchUser(id: string, { schemas, Operations: operations }: Readonly<Record<string, unknown>>): Answer {
    const [, team = ''] =
      /^\[\{"op":"replace","path":"teamRoles","value":\[\{"roleName":"admin","teamName":"([^"]+)"\}\]\}\]$/.exec(
        JSON.stringify(operations),
      ) ?? [];
    const isDocumented = JSON.stringify(schemas) === JSON.stringify([PATCH]) && state.teams.has(team);
    if (!isDocumented) return { status: 400, body: scimError(400, 'patch') };
    if (!USERS.some((user) => user.id === id)) return { status: 404, body: scimError(404, 'no such user') };
    state.requests.push(`${id} is admin of ${team}`);
    return { status: 200, body: { id } };
  }

  function graphql({ query, variables }: Readonly<Record<string, unknown>>): Answer {
    const asked = Object.keys(answers).find((field) => String(query).includes(field));
    const data = asked === undefined ? undefined : answers[asked]?.(variables ?? {});
    return data === undefined
      ? { status: 400, body: { errors: [{ message: 'Cannot query field' }] } }
      : { status: 200, body: { data } };
  }

  const answers: Readonly<Record<string, (variables: { readonly name?: string }) => unknown>> = {
    '__type(name: "StorageBucketInfoInput")': () => ({
      input: { inputFields: ['name', 'provider', 'path', 'kmsKeyID'].map((name) => ({ name })) },
    }),
    availableBucketProviders: () => state.offered && { serverInfo: { availableBucketProviders: state.offered } },
    testBucketStoreConnection: () => ({ testBucketStoreConnection: state.faults }),
    storageBucketInfo({ name = '' }) {
      const team = state.teams.get(name);
      const entity = team && { name, settings: { storageBucketInfo: team.storageBucket ?? null } };
      return state.tellsBuckets ? { entity: entity ?? null } : undefined;
    },
  };

  return Object.assign(state, {
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  });
}

/** The documented shape: `Value` and `Display` with capitals, and no bucket. */
function groupOf(displayName: string, { id, members }: StandInTeam): unknown {
  return {
    displayName,
    id,
    members: members.map((member) => ({ Value: member, Ref: '', Type: '', Display: member })),
    meta: { resourceType: 'Group', location: `Groups/${id}` },
    schemas: [GROUP],
  };
}

function list(resources: readonly unknown[]): unknown {
  return { Resources: resources, itemsPerPage: 9999, schemas: [LIST], startIndex: 1, totalResults: resources.length };
}

function scimError(status: number, detail: string): unknown {
  return { schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], detail, status: String(status) };
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/scim+json' });
  response.end(body === undefined ? '' : JSON.stringify(body));
}
