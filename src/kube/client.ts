import { err, ok } from '../base/result.ts';
import { Secret } from '../base/secret.ts';
import type { KubeObject, ObjectKey, ResourceType } from '../api/object.ts';
import { keyOf } from '../api/object-key.ts';
import type { Applied, ApplyOptions, KubeCall, KubeClient, KubeFailure, MergePatch } from '../ports/kube.ts';
import type { KubeConnection, KubeRequest, KubeResponse } from './connection.ts';
import { failureOf, MAX_BODY_BYTES, noAnswer, ofStatus } from './failure.ts';
import { collectionPath, objectPath, queryString } from './paths.ts';

/** Deadline of one call. The API server's own is a minute; a shorter one is enough, since callers retry. */
const CALL_DEADLINE_MS = 20_000;

const PAGE_SIZE = 500;

const NO_TOKEN: KubeFailure = {
  status: 0,
  reason: 'NoToken',
  message: 'the answer of the API server holds no token',
};

type Call = Omit<KubeRequest, 'signal'>;

/**
 * Reads and writes single objects as raw JSON, so that fields that we do not
 * know survive. Every failure is a value.
 */
// eslint-disable-next-line max-lines-per-function -- one short function for each verb
export function createKubeClient(connection: KubeConnection): KubeClient {
  async function call<T>(request: Call): KubeCall<T> {
    try {
      const response = await connection.request({ ...request, signal: AbortSignal.timeout(CALL_DEADLINE_MS) });
      const body = await readText(response);
      return response.statusCode >= 400 ? err(refusal(response, body)) : ok(JSON.parse(body) as T);
    } catch (error) {
      return err<KubeFailure>(noAnswer(error));
    }
  }

  function applyAt<T extends KubeObject>(path: string, object: Applied<T>, options: ApplyOptions): KubeCall<T> {
    const query = queryString({ fieldManager: options.fieldManager, force: String(options.force) });
    return call<T>({
      method: 'PATCH',
      path: path + query,
      headers: { 'content-type': 'application/apply-patch+yaml' },
      body: JSON.stringify(object),
    });
  }

  function send<T extends KubeObject>(method: 'POST' | 'PUT', path: string, object: Applied<T>): KubeCall<T> {
    return call<T>({ method, path, headers: { 'content-type': 'application/json' }, body: JSON.stringify(object) });
  }

  async function listAll<T extends KubeObject>(
    type: ResourceType<T>,
    namespace: string | undefined,
    labelSelector?: string,
  ): KubeCall<readonly T[]> {
    const items: T[] = [];
    let next: string | undefined;
    do {
      const query = queryString({ limit: String(PAGE_SIZE), labelSelector, continue: next });
      const page = await call<ListPage<T>>({ method: 'GET', path: collectionPath(type, namespace) + query });
      if (!page.ok) return page;
      // Items of a list carry neither version nor kind.
      const apiVersion = type.group === '' ? type.version : `${type.group}/${type.version}`;
      const { items: found, metadata = {} } = page.value;
      // An empty answer of a proxy would be read as a list of nothing, and what is published as gone.
      if ((metadata.resourceVersion ?? '') === '') return err(noAnswer({ code: 'NotAList' }));
      items.push(...(found ?? []).map((item) => ({ ...item, apiVersion, kind: type.kind })));
      next = metadata.continue;
    } while (next !== undefined && next !== '');
    return ok(items);
  }

  return {
    get: <T extends KubeObject>(type: ResourceType<T>, key: ObjectKey) =>
      call<T>({ method: 'GET', path: objectPath(type, key) }),
    list: listAll,
    async servedVersions(group) {
      const found = await call<ApiGroup>({ method: 'GET', path: `/apis/${encodeURIComponent(group)}` });
      if (!found.ok) return found.error.status === 404 ? ok([]) : found;
      const preferred = found.value.preferredVersion?.version;
      const versions = (found.value.versions ?? []).map(({ version }) => version);
      return ok(versions.toSorted((left, right) => Number(right === preferred) - Number(left === preferred)));
    },
    async servedVerbs({ group, version, plural }) {
      const path = group === '' ? `/api/${version}` : `/apis/${encodeURIComponent(group)}/${version}`;
      const found = await call<ApiResourceList>({ method: 'GET', path });
      if (!found.ok) return found.error.status === 404 ? ok([]) : found;
      // Without a list of resources it is no answer of the discovery API, and no kind counts as gone for it.
      const { resources } = found.value;
      if (resources === undefined) return err(noAnswer({ code: 'NotAList' }));
      return ok(resources.find(({ name }) => name === plural)?.verbs ?? []);
    },
    mergePatch: <T extends KubeObject>(
      type: ResourceType<T>,
      key: ObjectKey,
      patch: MergePatch,
      options: Pick<ApplyOptions, 'fieldManager'>,
    ) =>
      call<T>({
        method: 'PATCH',
        path: objectPath(type, key) + queryString({ fieldManager: options.fieldManager }),
        headers: { 'content-type': 'application/merge-patch+json' },
        body: JSON.stringify(patch),
      }),
    apply: (type, object, options) => applyAt(objectPath(type, keyOf(object)), object, options),
    async applyStatus(type, object, options) {
      const applied = await applyAt(`${objectPath(type, keyOf(object))}/status`, object, options);
      return applied.ok ? applied : err(ofStatus(applied.error));
    },
    create: (type, object) => send('POST', collectionPath(type, keyOf(object).namespace), object),
    replace: (type, object) => send('PUT', objectPath(type, keyOf(object)), object),
    async requestToken(account, { audience, seconds }) {
      const request = {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenRequest',
        spec: { audiences: [audience], expirationSeconds: seconds },
      };
      const issued = await call<{ readonly status?: { readonly token?: unknown } }>({
        method: 'POST',
        path: `${objectPath({ group: '', version: 'v1', plural: 'serviceaccounts' }, account)}/token`,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(request),
      });
      if (!issued.ok) return issued;
      const token = issued.value.status?.token;
      return typeof token === 'string' ? ok(new Secret(token)) : err(NO_TOKEN);
    },
    async delete(type, key) {
      const deleted = await call({ method: 'DELETE', path: objectPath(type, key) });
      return deleted.ok ? ok(undefined) : deleted;
    },
  };
}

interface ListPage<T> {
  readonly items?: readonly T[] | null;
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
}

/** `APIGroup` of the discovery API. */
interface ApiGroup {
  readonly versions?: readonly { readonly version: string }[];
  readonly preferredVersion?: { readonly version: string };
}

/** `APIResourceList` of the discovery API. */
interface ApiResourceList {
  readonly resources?: readonly { readonly name: string; readonly verbs: readonly string[] }[];
}

/** The failure in an answer with status 400 or more. */
export function refusal(response: KubeResponse, body: string): KubeFailure {
  const retryAfter = response.headers['retry-after'];
  return failureOf(response.statusCode, Array.isArray(retryAfter) ? retryAfter[0] : retryAfter, body);
}

/** The whole body as text; a body over the limit is an error, so that it cannot fill the memory. */
export async function readText(response: KubeResponse): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response.body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw Object.assign(new Error('answer too large'), { code: 'ResponseTooLarge' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
