import { createWatchSource } from '../../src/kube/watch-source.ts';
import type { KubeObject, ResourceType } from '../../src/api/object.ts';
import { adminConnection } from './shared.ts';

/** Every version that a real watch shows of one object, or of all objects of a kind. */
export interface Versions<T> {
  /** In order; a deletion is not a version. */
  readonly seen: readonly T[];
  /** How often the object was deleted. */
  readonly deletions: number;
  stop(): Promise<void>;
}

/** Watches one object, or all of its kind, from what there is now; it resolves once the watch is open. */
export async function watchVersions<T extends KubeObject>(
  type: ResourceType<T>,
  namespace: string,
  name?: string,
): Promise<Versions<T>> {
  const isWanted = ({ metadata }: T): boolean => name === undefined || metadata.name === name;
  const source = createWatchSource<T>(adminConnection(), { type, namespace });
  const ended = new AbortController();
  const page = await source.page(undefined, ended.signal);
  if (!page.ok) throw new Error(`list of ${type.plural}: ${page.error.reason}`);
  const watch = await source.watch(page.value.resourceVersion, 300, ended.signal);
  if (!watch.ok) throw new Error(`watch of ${type.plural}: ${watch.error.reason}`);
  const seen: T[] = page.value.items.filter(isWanted);
  const state = { deletions: 0 };
  const running = (async () => {
    for await (const { type: what, object } of watch.value) {
      if (what === 'BOOKMARK' || what === 'ERROR' || !isWanted(object)) continue;
      if (what === 'DELETED') state.deletions += 1;
      else seen.push(object);
    }
  })().catch(() => undefined);
  return {
    seen,
    get deletions() {
      return state.deletions;
    },
    async stop() {
      ended.abort();
      await running;
    },
  };
}
