import { keyOf, keyText, parseKey } from '../../api/object-key.ts';
import type { ObservableMap } from '../../runtime/observable-map.ts';
import type { WorkQueue } from '../../runtime/work-queue.ts';
import { needsReconcile } from '../storage/storage-changes.ts';
import type { WatchedObjects } from '../watched-objects.ts';

/** Wakes the teams with `spec.provision`: by their spec, the rollout that they wait for, and the API key. */
export function wireProvisionTriggers(deps: {
  readonly watches: Pick<WatchedObjects, 'instances' | 'teams' | 'allowedSecrets'>;
  readonly deliveries: Pick<ObservableMap<string, unknown>, 'onChange'>;
  readonly queue: Pick<WorkQueue, 'add'>;
}): void {
  const { watches, queue } = deps;
  watches.teams.onChange((change) => {
    const asked =
      change.object.spec.provision ?? (change.type === 'updated' ? change.previous.spec.provision : undefined);
    if (asked !== undefined) queue.add(keyText(keyOf(change.object)), 'fast');
  });
  watches.instances.onChange((change) => {
    if (needsReconcile(change)) wakeIn(change.object.metadata.namespace);
  });
  watches.allowedSecrets.onChange(({ object }) => {
    const isKey = watches.instances.reader
      .list(object.metadata.namespace)
      .some(({ spec }) => spec.deployment.apiKeySecretRef?.name === object.metadata.name);
    if (isKey) wakeIn(object.metadata.namespace);
  });
  deps.deliveries.onChange((keys) => {
    for (const key of keys) wakeIn(parseKey(key).namespace);
  });

  function wakeIn(namespace: string | undefined): void {
    const asking = watches.teams.reader.list(namespace).filter(({ spec }) => spec.provision !== undefined);
    for (const team of asking) queue.add(keyText(keyOf(team)), 'fast');
  }
}
