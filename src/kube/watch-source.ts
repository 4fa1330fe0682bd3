import { err, ok } from '../base/result.ts';
import type { KubeObject, ResourceType } from '../api/object.ts';
import type { KubeCall } from '../ports/kube.ts';
import { readText, refusal } from './client.ts';
import type { KubeConnection, KubeResponse } from './connection.ts';
import { noAnswer } from './failure.ts';
import { collectionPath, queryString } from './paths.ts';
import { withoutManagedFields } from './without-managed-fields.ts';

/** One page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly resourceVersion: string;
  /** Token of the next page; absent on the last. */
  readonly next?: string;
}

/** One line of a watch, unchanged. */
export interface WatchEvent<T> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: T;
}

/** The lists and watches of a reflector. */
export interface WatchSource<T extends KubeObject> {
  page(token: string | undefined, signal: AbortSignal): KubeCall<Page<T>>;
  /** Opens a watch after `resourceVersion`; the iterator throws when the stream breaks and ends when the server ends it. */
  watch(resourceVersion: string, timeoutSeconds: number, signal: AbortSignal): KubeCall<AsyncIterable<WatchEvent<T>>>;
}

const PAGE_SIZE = '500';
const METADATA_ONLY = 'as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
const METADATA_LIST_ONLY = 'as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

/** Lists and watches one type in one namespace, or in all. */
export function createWatchSource<T extends KubeObject>(
  connection: KubeConnection,
  options: {
    readonly type: ResourceType<T>;
    readonly namespace?: string;
    readonly labelSelector?: string;
    /** Ask for metadata alone: Secrets are never held whole. */
    readonly metadataOnly?: boolean;
    /** Keeps `metadata.managedFields`, which are dropped otherwise: for readers that need the owner of a field. */
    readonly keepManagedFields?: boolean;
  },
): WatchSource<T> {
  const { type, labelSelector } = options;
  const path = collectionPath(type, options.namespace);
  const apiVersion = type.group === '' ? type.version : `${type.group}/${type.version}`;

  function parse(json: string): unknown {
    return JSON.parse(options.keepManagedFields === true ? json : withoutManagedFields(json));
  }

  /** Items of a typed list carry no apiVersion and kind; metadata-only ones those of PartialObjectMetadata. */
  function typed(item: T): T {
    return { ...item, apiVersion, kind: type.kind };
  }

  function eventOf(event: WatchEvent<T>): WatchEvent<T> {
    return event.type === 'ERROR' ? event : { ...event, object: typed(event.object) };
  }

  return {
    async page(token, signal) {
      const query = queryString({ limit: PAGE_SIZE, labelSelector, continue: token });
      const accept = options.metadataOnly === true ? `application/json;${METADATA_LIST_ONLY}` : 'application/json';
      try {
        const response = await connection.request({ method: 'GET', path: path + query, headers: { accept }, signal });
        const body = await readText(response);
        if (response.statusCode >= 400) return err(refusal(response, body));
        const { items, metadata } = parse(body) as ListBody<T>;
        const { resourceVersion = '', continue: next = '' } = metadata ?? {};
        // An empty answer of a proxy would be read as a list of nothing: every object would seem to be deleted.
        if (resourceVersion === '') return err(noAnswer({ code: 'NotAList' }));
        return ok({ items: (items ?? []).map(typed), resourceVersion, ...(next !== '' && { next }) });
      } catch (error) {
        return err(noAnswer(error));
      }
    },
    async watch(resourceVersion, timeoutSeconds, signal) {
      const query = queryString({
        watch: 'true',
        allowWatchBookmarks: 'true',
        resourceVersion,
        labelSelector,
        timeoutSeconds: String(timeoutSeconds),
      });
      const accept = options.metadataOnly === true ? `application/json;${METADATA_ONLY}` : 'application/json';
      try {
        const response = await connection.request({ method: 'GET', path: path + query, headers: { accept }, signal });
        if (response.statusCode >= 400) return err(refusal(response, await readText(response)));
        return ok(eventsOf<T>(response, (line) => eventOf(parse(line) as WatchEvent<T>)));
      } catch (error) {
        return err(noAnswer(error));
      }
    },
  };
}

interface ListBody<T> {
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
  readonly items?: readonly T[];
}

/** Longest line that we read: more than an object of 1.5 MiB (etcd's limit) needs. */
const MAX_LINE = 8 * 1024 * 1024;

async function* eventsOf<T extends KubeObject>(
  response: KubeResponse,
  parse: (line: string) => WatchEvent<T>,
): AsyncGenerator<WatchEvent<T>> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of response.body as AsyncIterable<Buffer>) {
    rest += decoder.decode(chunk, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MAX_LINE) throw Object.assign(new Error('watch line too long'), { code: 'ResponseTooLarge' });
    for (const line of lines) if (line !== '') yield parse(line);
  }
}
