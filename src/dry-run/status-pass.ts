import { isDeepStrictEqual } from '../base/deep-equal.ts';
import { keyOf } from '../api/object-key.ts';
import type { StorageKind } from '../controllers/storage/findings.ts';
import { createGathering, type GatherDeps } from '../controllers/storage/gather-findings.ts';
import type { StorageObject } from '../controllers/storage/resolved-storage.ts';
import type { ObjectCache } from '../kube/object-cache.ts';
import type { createStandInReferences } from './stand-in-references.ts';

/** Whether a pass has found what the one before had found. */
export type PassResult = 'Settled' | 'Changed';

/** Computes the status of every object of a kind, as its controller does, and keeps it in the cache. */
export function createStatusPass<T extends StorageObject>(
  deps: GatherDeps & Pick<ReturnType<typeof createStandInReferences>, 'withoutStandIns'>,
  kind: StorageKind<T>,
  cache: Pick<ObjectCache<T>, 'reader' | 'writer'>,
): () => Promise<PassResult> {
  const gathering = createGathering<T>(deps);
  let version = 0;

  async function report(object: T): Promise<PassResult> {
    const resolved = kind.resolve(keyOf(object));
    if (resolved === undefined) return 'Settled';
    const gathered = await gathering.gather(resolved);
    if (gathered.kind === 'Awaited') return 'Changed';
    const { status } = kind.report(deps.withoutStandIns(gathered.findings));
    if (isDeepStrictEqual(object.status, status)) return 'Settled';
    const resourceVersion = `status-${(version += 1)}`;
    cache.writer.put({ ...object, metadata: { ...object.metadata, resourceVersion }, status });
    return 'Changed';
  }

  return async () => {
    const results: PassResult[] = [];
    for (const object of cache.reader.list()) results.push(await report(object));
    return results.includes('Changed') ? 'Changed' : 'Settled';
  };
}
