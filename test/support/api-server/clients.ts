import { err, ok, type Result } from '../../../src/base/result.ts';
import { Secret } from '../../../src/base/secret.ts';
import type { KubeObject, ObjectKey, ResourceType } from '../../../src/api/object.ts';
import type { Applied, KubeCall, KubeClient, KubeFailure } from '../../../src/ports/kube.ts';
import { NOT_SERVED, notFound } from './failures.ts';
import { frozenCopy, type Fields } from './json.ts';
import type { Kind } from './kinds.ts';
import type { ApiRequest, Verb } from './requests.ts';
import { selects } from './selector.ts';
import type { Served } from './served.ts';
import type { Storage } from './storage.ts';
import { apiVersionOf, type Target, type Writes } from './writes.ts';

/** Somebody else: writes without faults, and patches whatever they like. */
export interface ApiUser extends KubeClient {
  mergePatch<T extends KubeObject>(type: ResourceType<T>, key: ObjectKey, patch: object): KubeCall<T>;
}

/** Does a request in its turn, and lets hooks and faults have their say. */
export type Send = <T>(request: ApiRequest, act: () => Result<T, KubeFailure>) => KubeCall<T>;

/** The verbs of the port, each one request. `owner`: the manager of writes that name none. */
export function createClient(
  deps: { readonly served: Served; readonly storage: Storage; readonly writes: Writes; readonly send: Send },
  by: ApiRequest['by'],
  owner: string,
): ApiUser {
  const { served, storage, writes, send } = deps;

  /** Acts where the type is served. */
  function at<T>(
    { verb, manager = owner }: { readonly verb: Verb; readonly manager?: string },
    type: ResourceType<KubeObject>,
    key: ObjectKey,
    act: (target: Target) => Result<T, KubeFailure>,
  ): KubeCall<T> {
    return send({ verb, kind: type.kind, key, manager, by }, () => {
      const kind = served.kindOf(type);
      return kind === undefined ? err(NOT_SERVED) : act({ kind, version: type.version, key });
    });
  }

  /** Writes a manifest, and gives the object. */
  function write<T extends KubeObject>(
    as: { readonly verb: Verb; readonly manager?: string },
    type: ResourceType<T>,
    object: Applied<T>,
    act: (target: Target, manifest: Fields) => Result<Fields, KubeFailure>,
  ): KubeCall<T> {
    // What the caller changes later must not change what was sent.
    const manifest = frozenCopy(object) as unknown as Fields;
    return at(as, type, keyIn(object), (target) => shown(type, target.kind, act(target, manifest)));
  }

  return {
    get: <T extends KubeObject>(type: ResourceType<T>, key: ObjectKey) =>
      at({ verb: 'get', manager: '' }, type, key, ({ kind }) => {
        const found = storage.get(kind, key);
        return found === undefined ? err(notFound(kind, key.name)) : shown(type, kind, ok(found));
      }),
    list: <T extends KubeObject>(type: ResourceType<T>, namespace: string, labelSelector?: string) =>
      at({ verb: 'list', manager: '' }, type, { namespace, name: '' }, ({ kind }) =>
        ok(
          storage
            .list(kind, namespace)
            .filter((object) => selects(labelSelector, object))
            .map((object) => presented(type, kind, object)),
        ),
      ),
    servedVersions: (group) =>
      send({ verb: 'servedVersions', kind: group, key: { namespace: '', name: '' }, manager: '', by }, () =>
        ok(served.versions(group)),
      ),
    servedVerbs: (type) =>
      send({ verb: 'servedVerbs', kind: type.plural, key: { namespace: '', name: '' }, manager: '', by }, () =>
        ok(served.kindOf(type) === undefined ? [] : ALL_VERBS),
      ),
    apply: (type, object, options) =>
      write({ verb: 'apply', manager: options.fieldManager }, type, object, (target, manifest) =>
        writes.apply(target, manifest, { ...options, subresource: '' }),
      ),
    applyStatus: (type, object, options) =>
      write({ verb: 'applyStatus', manager: options.fieldManager }, type, object, (target, manifest) =>
        writes.apply(target, manifest, { ...options, subresource: 'status' }),
      ),
    create: (type, object) =>
      write({ verb: 'create' }, type, object, (target, manifest) => writes.create(target, manifest, owner)),
    replace: (type, object) =>
      write({ verb: 'replace' }, type, object, (target, manifest) => writes.replace(target, manifest, owner)),
    mergePatch: <T extends KubeObject>(
      type: ResourceType<T>,
      key: ObjectKey,
      patch: object,
      { fieldManager: manager = owner }: { readonly fieldManager?: string } = {},
    ) => {
      const sent = frozenCopy(patch);
      return at({ verb: 'mergePatch', manager }, type, key, (target) =>
        shown(type, target.kind, writes.mergePatch(target, sent, manager)),
      );
    },
    delete: (type, key) => at({ verb: 'delete' }, type, key, writes.remove),
    requestToken: (key, { audience }) =>
      at({ verb: 'requestToken', manager: '' }, SERVICE_ACCOUNT, key, ({ kind }) => {
        if (storage.get(kind, key) === undefined) return err(notFound(kind, key.name));
        return ok(new Secret(`token ${storage.newUid()} of ${key.namespace}/${key.name} for ${audience}`));
      }),
  };
}

const ALL_VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

const SERVICE_ACCOUNT = { group: '', version: 'v1', plural: 'serviceaccounts', kind: 'ServiceAccount' };

/** An answer in the version of the API that was asked for. */
function shown<T extends KubeObject>(
  type: ResourceType<T>,
  kind: Kind,
  answer: Result<Fields, KubeFailure>,
): Result<T, KubeFailure> {
  return answer.ok ? ok(presented(type, kind, answer.value)) : answer;
}

function presented<T extends KubeObject>(type: ResourceType<T>, kind: Kind, object: Fields): T {
  return { ...object, apiVersion: apiVersionOf(kind, type.version), kind: kind.kind } as unknown as T;
}

function keyIn(object: Pick<KubeObject, 'metadata'>): ObjectKey {
  return { namespace: object.metadata.namespace ?? '', name: object.metadata.name };
}
