import { keyOf, keyText } from '../../api/object-key.ts';
import type { WorkQueue } from '../../runtime/work-queue.ts';
import { needsReconcile } from '../storage/storage-changes.ts';
import type { WatchedObjects } from '../watched-objects.ts';

/** Wakes the delivery of an instance: by its spec, and by those of its rivals for the same target. */
export function wireDeliveryTriggers(deps: {
  readonly watches: Pick<WatchedObjects, 'instances'>;
  readonly queue: Pick<WorkQueue, 'add'>;
}): {
  /** To be called with the instances whose publication changed. */
  readonly published: (instances: readonly string[]) => void;
} {
  const { instances } = deps.watches;
  instances.onChange((change) => {
    if (!needsReconcile(change)) return;
    const { object } = change;
    const rivals = instances.reader.list(object.metadata.namespace ?? '');
    for (const one of [...rivals, object]) deps.queue.add(keyText(keyOf(one)), 'fast');
  });
  return {
    published: (keys) => {
      for (const key of keys) deps.queue.add(key, 'fast');
    },
  };
}
