import { keyText } from '../../api/object-key.ts';
import type { PartialObject } from '../../api/object.ts';
import type { WorkQueue } from '../../runtime/work-queue.ts';
import { instanceOfLedger } from '../publication/output-names.ts';
import type { WatchedObjects } from '../watched-objects.ts';

/**
 * Wakes the delivery and the teams of an InstanceStorage that is gone: its ledger decides which shard acts for them. The
 * publisher is woken by every change of a ledger.
 */
export function wireShardTriggers(deps: {
  readonly watches: Pick<WatchedObjects, 'instances' | 'teams'> & {
    readonly managedSecrets: Pick<WatchedObjects['managedSecrets'], 'onChange'>;
  };
  readonly queues: Readonly<Record<'delivery' | 'teams', Pick<WorkQueue, 'add'>>>;
}): void {
  const { instances, teams, managedSecrets } = deps.watches;
  managedSecrets.onChange((change) => {
    if (change.type === 'updated' && isSame(change.object, change.previous)) return;
    const { namespace = '', name } = change.object.metadata;
    const instance = instanceOfLedger(name);
    if (instance === undefined || instances.reader.get({ namespace, name: instance }) !== undefined) return;
    deps.queues.delivery.add(keyText({ namespace, name: instance }), 'fast');
    for (const { metadata } of teams.reader.list(namespace)) {
      deps.queues.teams.add(keyText({ namespace, name: metadata.name }), 'fast');
    }
  });
}

function isSame({ metadata: left }: PartialObject, { metadata: right }: PartialObject): boolean {
  const textOf = (labels = {}): string => JSON.stringify(Object.entries(labels).sort());
  return textOf(left.labels) === textOf(right.labels);
}
