import { err, type Result } from '../../../src/base/result.ts';
import type { CacheWriter } from '../../../src/kube/object-cache.ts';
import type { KubeObject, ResourceType } from '../../../src/api/object.ts';
import type { KubeCall, KubeClient, KubeFailure } from '../../../src/ports/kube.ts';
import { createClient, type ApiUser } from './clients.ts';
import { createFaults, failureOfFault, type Faults } from './faults.ts';
import { createFeed, type Feed, type WatchOptions } from './feed.ts';
import type { ApiRequest, ApiRequestDone } from './requests.ts';
import { createServed } from './served.ts';
import { createStorage } from './storage.ts';
import { apiVersionOf, createWrites } from './writes.ts';

/** A Kubernetes API server in memory. */
export interface ApiServer {
  /** The code under test. `manager`: under what name it owns what it creates and replaces. */
  client(manager?: string): KubeClient;
  user(manager: string): ApiUser;
  watch<T extends KubeObject>(type: ResourceType<T>, options: WatchOptions, writer: CacheWriter<NoInfer<T>>): Feed;
  readonly faults: Faults;
  /** Hears of every request once it is over. */
  onRequest(listener: (request: ApiRequestDone) => void): void;
  /** May hold a request of a client or a user back before anything happens. */
  beforeRequest(hook: (request: ApiRequest) => Promise<void>): void;
  /** All objects of the kind are deleted, then it is not served. */
  removeCrd(kind: string): void;
  installCrd(kind: string): void;
}

/**
 * An API server in memory, faithful where the operator relies on the real one:
 * versions, ownership of fields, conflicts, bounds of the CRDs and what a watch
 * tells; `test/kube/api-server-agreement.test.ts` holds it to that. Nothing is
 * left to chance, or to any time but that of `clock`.
 *
 * It does not model: rules in CEL and their ratcheting, webhooks, RBAC,
 * namespaces as objects, finalizers and garbage collection, controllers,
 * `stringData`, quota, the cap on owners, and most of what the server knows of Deployments.
 */
export function createApiServer(deps: {
  readonly clock: { now(): number };
  /**
   * Nobody's fields are told apart in custom objects, of which each status has one writer: most of what a write costs
   * is that, and a test of many thousand stories does not need it.
   */
  readonly ownerless?: boolean;
}): ApiServer {
  const served = createServed();
  const storage = createStorage(deps);
  const writes = createWrites(storage, deps);
  const faults = createFaults();
  const listeners: ((request: ApiRequestDone) => void)[] = [];
  const hooks: ((request: ApiRequest) => Promise<void>)[] = [];

  /** A request on its way there, what it does there, and the answer on its way back. */
  async function send<T>(request: ApiRequest, act: () => Result<T, KubeFailure>): KubeCall<T> {
    await Promise.resolve();
    for (const hook of hooks) await hook(request);
    const fault = request.by === 'client' ? faults.meet(request) : undefined;
    const { version } = storage;
    const answer = fault?.when === 'before' ? err(failureOfFault(fault)) : act();
    const told = fault?.when === 'after' ? err(failureOfFault(fault)) : answer;
    const done = { ...request, changed: storage.version !== version, status: told.ok ? 200 : told.error.status };
    for (const listener of listeners) listener(done);
    await Promise.resolve();
    return told;
  }

  const parts = { served, storage, writes, send };
  return {
    client: (manager = 'unknown') => createClient(parts, 'client', manager),
    user: (manager) => createClient(parts, 'user', manager),
    watch(type, options, writer) {
      const kind = served.everKindOf(type);
      if (kind === undefined) throw new Error(`no kind ${type.kind}`);
      const isServed = (): boolean => served.kindOf(type) !== undefined;
      return createFeed({ storage, kind, apiVersion: apiVersionOf(kind, type.version), isServed, options, writer });
    },
    faults,
    onRequest: (listener) => void listeners.push(listener),
    beforeRequest: (hook) => void hooks.push(hook),
    removeCrd(name) {
      const kind = served.customKind(name);
      storage.removeAll(kind);
      served.end(kind);
    },
    installCrd: (name) => served.begin(served.customKind(name)),
  };
}
