import { err, ok } from '../../../src/base/result.ts';
import type { WatchEvent, WatchSource } from '../../../src/kube/watch-source.ts';
import type { KubeObject } from '../../../src/api/object.ts';
import type { KubeFailure } from '../../../src/ports/kube.ts';

type Delivery = WatchEvent<KubeObject> | 'end' | 'break';

interface OpenWatch {
  /** Behind a black hole since then: what comes after a gap can never come. */
  deaf: boolean;
  readonly deliver: (delivery: Delivery) => void;
}

/**
 * An API server's list and watch over one type, in memory: versions that rise,
 * pages, a history that can be compacted, and watches that can end or break.
 */
export class FakeCluster implements WatchSource<KubeObject> {
  /** What was asked of it, such as `list`, `list p2` and `watch 17`. */
  readonly requests: string[] = [];
  /** Answers of the next requests, whatever they ask for. */
  readonly failures: KubeFailure[] = [];
  pageSize = 500;
  /** How an expired version is refused: real API servers do both. */
  expiredAs: 'status' | 'event' = 'status';
  /** A black hole: connections stand, and nothing comes through. */
  silent = false;
  version = 10;
  private oldest = 0;
  private uids = 0;
  private readonly objects = new Map<string, KubeObject>();
  private readonly history: { readonly version: number; readonly event: WatchEvent<KubeObject> }[] = [];
  private readonly snapshots = new Map<string, { readonly version: number; readonly rest: readonly KubeObject[] }>();
  private readonly open = new Set<OpenWatch>();

  get openWatches(): number {
    return this.open.size;
  }

  /** Names and versions, as a reader of a store should see them. */
  state(): Readonly<Record<string, string | undefined>> {
    return versionsOf([...this.objects.values()]);
  }

  put(name: string): KubeObject {
    const previous = this.objects.get(name);
    const uid = previous?.metadata.uid ?? `uid-${String(++this.uids)}`;
    const object = configMap(name, String(++this.version), uid);
    this.objects.set(name, object);
    this.happened({ type: previous === undefined ? 'ADDED' : 'MODIFIED', object });
    return object;
  }

  delete(name: string): void {
    const previous = this.objects.get(name);
    if (previous === undefined) return;
    this.objects.delete(name);
    this.happened({ type: 'DELETED', object: configMap(name, String(++this.version), previous.metadata.uid) });
  }

  /** Something else in the cluster changed: only a bookmark tells. */
  changeElsewhere(): void {
    this.version += 1;
  }

  bookmark(): void {
    this.toAll({ type: 'BOOKMARK', object: configMap('', String(this.version)) });
  }

  /** Forgets the past: older versions, and tokens of pages, are `Expired` from now on. */
  compact(): void {
    this.oldest = this.version;
    this.snapshots.clear();
  }

  /** The server ends every watch, as it does when their time is over. */
  endWatches(): void {
    this.toAll('end');
  }

  /** The connections are reset. */
  breakWatches(): void {
    this.toAll('break');
  }

  page: WatchSource<KubeObject>['page'] = (token, signal) => {
    this.requests.push(token === undefined ? 'list' : `list ${token}`);
    if (signal.aborted) return Promise.resolve(err(NO_ANSWER));
    const failure = this.failures.shift();
    if (failure !== undefined) return Promise.resolve(err(failure));
    if (this.silent) return new Promise((resolve) => signal.addEventListener('abort', () => resolve(err(NO_ANSWER))));
    const from =
      token === undefined ? { version: this.version, rest: [...this.objects.values()] } : this.snapshots.get(token);
    if (from === undefined) return Promise.resolve(err(EXPIRED));
    const items = from.rest.slice(0, this.pageSize);
    const rest = from.rest.slice(this.pageSize);
    const next = `${String(from.version)}-${String(rest.length)}`;
    if (rest.length > 0) this.snapshots.set(next, { version: from.version, rest });
    return Promise.resolve(ok({ items, resourceVersion: String(from.version), ...(rest.length > 0 && { next }) }));
  };

  watch: WatchSource<KubeObject>['watch'] = (resourceVersion, _seconds, signal) => {
    this.requests.push(`watch ${resourceVersion}`);
    if (signal.aborted) return Promise.resolve(err(NO_ANSWER));
    const failure = this.failures.shift();
    if (failure !== undefined) return Promise.resolve(err(failure));
    const expired = Number(resourceVersion) < this.oldest;
    if (expired && this.expiredAs === 'status') return Promise.resolve(err(EXPIRED));
    const past: readonly Delivery[] = expired
      ? [{ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } as unknown as KubeObject }, 'end']
      : this.silent
        ? []
        : this.history.filter(({ version }) => version > Number(resourceVersion)).map(({ event }) => event);
    return Promise.resolve(ok(this.stream(past, signal)));
  };

  private async *stream(past: readonly Delivery[], signal: AbortSignal): AsyncGenerator<WatchEvent<KubeObject>> {
    const pending: Delivery[] = [...past];
    let wake: () => void = () => undefined;
    const me: OpenWatch = {
      deaf: this.silent,
      deliver(delivery) {
        pending.push(delivery);
        wake();
      },
    };
    const abort = (): void => me.deliver('break');
    signal.addEventListener('abort', abort);
    this.open.add(me);
    try {
      for (;;) {
        const delivery = pending.shift();
        if (delivery === 'end') return;
        if (delivery === 'break') throw Object.assign(new Error('connection reset'), { code: 'ECONNRESET' });
        if (delivery === undefined) await new Promise<void>((resolve) => (wake = resolve));
        else yield delivery;
      }
    } finally {
      this.open.delete(me);
      signal.removeEventListener('abort', abort);
    }
  }

  private happened(event: WatchEvent<KubeObject>): void {
    this.history.push({ version: this.version, event });
    this.toAll(event);
  }

  private toAll(delivery: Delivery): void {
    for (const watch of this.open) {
      watch.deaf ||= this.silent;
      if (!watch.deaf) watch.deliver(delivery);
    }
  }
}

const EXPIRED: KubeFailure = { status: 410, reason: 'Expired', message: 'too old resource version' };
const NO_ANSWER: KubeFailure = { status: 0, reason: 'AbortError', message: 'the API server did not answer' };

export function configMap(name: string, resourceVersion: string, uid = `uid-${name}`): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { namespace: 'ns', name, resourceVersion, uid },
  };
}

export function versionsOf(objects: readonly KubeObject[]): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(objects.map(({ metadata }) => [metadata.name, metadata.resourceVersion]));
}
