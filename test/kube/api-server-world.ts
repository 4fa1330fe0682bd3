import { createKubeClient } from '../../src/kube/client.ts';
import type { KubeConnection } from '../../src/kube/connection.ts';
import type { KubeObject, ObjectKey, ResourceType } from '../../src/api/object.ts';
import type { KubeClient, KubeFailure } from '../../src/ports/kube.ts';
import type { Result } from '../../src/base/result.ts';
import type { ApiUser } from '../support/api-server/clients.ts';
import type { ApiServer } from '../support/api-server/server.ts';

/** An API server, real or in memory, with a namespace of its own. */
export interface World {
  readonly namespace: string;
  /** A client that says nothing of who it is. */
  readonly kube: KubeClient;
  user(manager: string): ApiUser;
}

export function realWorld(connection: KubeConnection, namespace: string): World {
  return {
    namespace,
    kube: createKubeClient(connection),
    user(manager) {
      const client = createKubeClient(named(connection, manager));
      return {
        ...client,
        mergePatch: (type, key, patch) => client.mergePatch(type, key, patch as never, { fieldManager: manager }),
      };
    },
  };
}

/** Our client leaves the manager of what it creates to the server; here it has a name. */
function named(connection: KubeConnection, manager: string): KubeConnection {
  return {
    ...connection,
    request: (request) => connection.request({ ...request, path: withManager(request.path, request.method, manager) }),
  };
}

function withManager(path: string, method: string, manager: string): string {
  const [plain = '', query = ''] = path.split('?');
  const parameters = new URLSearchParams(query);
  if (method === 'GET' || method === 'DELETE') return path;
  if (!parameters.has('fieldManager')) parameters.set('fieldManager', manager);
  return `${plain}?${parameters.toString()}`;
}

export function memoryWorld(server: ApiServer, namespace: string): World {
  return { namespace, kube: server.client(), user: (manager) => server.user(manager) };
}

type Answer = Result<unknown, KubeFailure>;

/**
 * What two servers must agree on. Names that a server makes (UIDs, versions,
 * times) become counted ones; of a refused value only the fields are compared,
 * as the words are the server's own.
 */
export function createNormaliser(namespace: string) {
  const uids = new Map<string, string>();
  const versions = new Map<string, string>();

  function counted(names: Map<string, string>, prefix: string, value: string): string {
    if (!names.has(value)) names.set(value, `${prefix}-${String(names.size + 1)}`);
    return names.get(value) ?? '';
  }

  function text(value: string): string {
    const plain = value.replaceAll(namespace, 'NAMESPACE').replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, 'TIME');
    return [...uids].reduce((words, [uid, name]) => words.replaceAll(uid, name), plain);
  }

  function value(item: unknown, field = ''): unknown {
    if (Array.isArray(item)) {
      const items = item.map((each: unknown) => value(each));
      // The server goes through owners in no order.
      return field === 'managedFields' || field === 'conflicts' ? items.toSorted(byText) : items;
    }
    if (typeof item === 'object' && item !== null) {
      return Object.fromEntries(
        Object.entries(item)
          .toSorted(([left], [right]) => (left < right ? -1 : 1))
          .map(([name, each]) => [name, value(each, name)]),
      );
    }
    if (typeof item !== 'string') return item;
    if (field === 'uid') return counted(uids, 'uid', item);
    if (field === 'resourceVersion') return counted(versions, 'version', item);
    return text(item);
  }

  function failure({ message, ...rest }: KubeFailure): unknown {
    if (rest.reason !== 'Invalid') return value({ ...rest, message });
    return value({ ...rest, fields: refusedFields(message) });
  }

  return (answer: Answer): unknown =>
    answer.ok ? { ok: true, value: value(answer.value) } : { ok: false, error: failure(answer.error) };
}

function byText(left: unknown, right: unknown): number {
  return JSON.stringify(left) < JSON.stringify(right) ? -1 : 1;
}

/** The fields that the message of a 422 is about. API server 1.30 leaves `status.` out. */
function refusedFields(message: string): readonly string[] {
  const fields = [...message.matchAll(/(?:is invalid: \[?|, )([\w.[\]-]+): [A-Z]/g)].map(([, field = '']) => field);
  return [...new Set(fields.map((field) => field.replace(/^status\./, '')))].sort();
}

/** One short story, played on both servers. */
export interface Script {
  readonly name: string;
  /** `see` notes an answer; what it notes must be the same on both. */
  play(world: World, see: <T extends Answer>(answer: T) => T): Promise<void>;
}

/** What the servers are asked for by the scripts. */
export function keyOf({ namespace }: World, name: string): ObjectKey {
  return { namespace, name };
}

/** A manifest of a type in the world's namespace. */
export function manifestOf<T extends KubeObject>(
  { namespace }: World,
  type: ResourceType<T>,
  name: string,
  { metadata, ...fields }: { readonly metadata?: object; readonly [field: string]: unknown } = {},
) {
  const apiVersion = type.group === '' ? type.version : `${type.group}/${type.version}`;
  return { apiVersion, kind: type.kind, metadata: { name, namespace, ...metadata }, ...fields } as never;
}
