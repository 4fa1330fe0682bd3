import type { CacheWriter } from '../../../src/kube/object-cache.ts';
import type { KubeObject } from '../../../src/api/object.ts';
import { fieldsIn, type Fields } from './json.ts';
import type { Kind } from './kinds.ts';
import { selects } from './selector.ts';
import type { Storage, StoredChange } from './storage.ts';

export interface WatchOptions {
  readonly labelSelector?: string;
  /** Absent: all namespaces. */
  readonly namespace?: string;
  readonly metadataOnly?: boolean;
}

/** A list and watch that moves only when the test says so. */
export interface Feed {
  /** Brings the next events to the store, one unless told otherwise; how many there were. */
  deliver(count?: number): number;
  deliverAll(): void;
  /** As after a 410: forgets what is pending and lists. Where the kind is not served the store keeps what it has. */
  relist(): void;
  /** How many events wait. */
  readonly pending: number;
}

interface Event {
  readonly type: 'put' | 'remove';
  readonly object: Fields;
}

/** Lists into the store at once; later changes wait for `deliver`. */
export function createFeed<T extends KubeObject>(deps: {
  readonly storage: Storage;
  readonly kind: Kind;
  readonly apiVersion: string;
  readonly isServed: () => boolean;
  readonly options: WatchOptions;
  readonly writer: CacheWriter<T>;
}): Feed {
  const { storage, kind, apiVersion, isServed, options, writer } = deps;
  let pending: Event[] = [];
  /** Without a list no watch is open. */
  let isOpen = false;

  function seen(object: Fields | undefined): boolean {
    if (object === undefined || !selects(options.labelSelector, object)) return false;
    return options.namespace === undefined || fieldsIn(object['metadata'])['namespace'] === options.namespace;
  }

  function shown(object: Fields): T {
    const head = { apiVersion, kind: kind.kind, metadata: object['metadata'] };
    return (options.metadataOnly === true ? head : { ...object, ...head }) as unknown as T;
  }

  function happened(change: StoredChange): void {
    if (change.kind !== kind || !isOpen) return;
    if (seen(change.after)) pending.push({ type: 'put', object: change.object });
    // It may still be there, and match no more.
    else if (seen(change.before)) pending.push({ type: 'remove', object: change.object });
  }

  function deliver(count = 1): number {
    const events = pending.slice(0, count);
    pending = pending.slice(count);
    for (const { type, object } of events) {
      if (type === 'put') writer.put(shown(object));
      else writer.remove(shown(object));
    }
    return events.length;
  }

  function relist(): void {
    pending = [];
    isOpen = isServed();
    if (isOpen) writer.replace(storage.list(kind, options.namespace).filter(seen).map(shown));
  }

  storage.onChange(happened);
  relist();
  return {
    deliver,
    deliverAll() {
      while (pending.length > 0) deliver(pending.length);
    },
    relist,
    get pending() {
      return pending.length;
    },
  };
}
