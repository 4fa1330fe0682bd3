import { isDeepStrictEqual } from 'node:util';
import type { TeamStorage } from '../api/resources.ts';
import { ObservableMap } from '../runtime/observable-map.ts';
import { keyOf, keyText } from '../api/object-key.ts';
import { createProvision, type Provisions } from '../controllers/provision/provision.ts';
import type { ReferenceReader } from '../controllers/references/references.ts';
import type { ConditionDraft } from '../domain/conditions/conditions.ts';
import { createWandbServer } from '../drivers/wandb/wandb-server.ts';
import type { PlainHttp } from '../ports/http.ts';
import type { Reconcile } from '../runtime/controller.ts';
import type { WorkQueue } from '../runtime/work-queue.ts';
import type { Watches } from './watches.ts';

type Surroundings = Omit<Parameters<typeof createProvision>[0], 'provisions' | 'readApiKey' | 'connect'> & {
  readonly references: Pick<ReferenceReader, 'readApiKey'>;
  readonly http: PlainHttp;
};

/** Wires the creation of teams: what it does, and the board on which it tells of it. */
export function wireProvision(deps: Surroundings): {
  readonly provisions: Provisions;
  readonly reconcile: Reconcile;
} {
  const provisions: Provisions = new ObservableMap<string, ConditionDraft>(isDeepStrictEqual);
  const { reconcile } = createProvision({
    ...deps,
    provisions,
    readApiKey: (...asked) => deps.references.readApiKey(...asked),
    connect: (access) => createWandbServer({ http: deps.http, access }),
  });
  return { provisions, reconcile };
}

/** What wakes it: its team, the rollout that it waits for, and the API key. And whom it wakes: the status of its team. */
export function wireProvisionTriggers(deps: {
  readonly watches: Watches;
  readonly deliveries: Pick<ObservableMap<string, unknown>, 'onChange'>;
  readonly provisions: Provisions;
  readonly queues: { readonly teams: WorkQueue; readonly provision: WorkQueue };
}): void {
  const { watches, queues } = deps;
  watches.teams.onChange((change) => {
    const asked =
      change.object.spec.provision ?? (change.type === 'updated' ? change.previous.spec.provision : undefined);
    if (asked !== undefined) queues.provision.add(keyText(keyOf(change.object)), 'fast');
  });
  watches.instances.onChange((change) => {
    const isEdit =
      change.type === 'updated' && change.object.metadata.generation !== change.previous.metadata.generation;
    if (isEdit || change.type !== 'updated') wakeIn(change.object.metadata.namespace);
  });
  watches.allowedSecrets.onChange(({ object }) => {
    const isKey = watches.instances.reader
      .list(object.metadata.namespace)
      .some(({ spec }) => spec.deployment.apiKeySecretRef?.name === object.metadata.name);
    if (isKey) wakeIn(object.metadata.namespace);
  });
  deps.deliveries.onChange((keys) => {
    for (const key of keys) wakeIn(key.slice(0, key.indexOf('/')));
  });
  deps.provisions.onChange((uids) => {
    for (const uid of uids) wake(watches.teams.reader.by('uid', uid), queues.teams);
  });

  function wakeIn(namespace: string | undefined): void {
    const asking = watches.teams.reader.list(namespace).filter(({ spec }) => spec.provision !== undefined);
    wake(asking, queues.provision);
  }

  function wake(teams: readonly TeamStorage[], queue: WorkQueue): void {
    for (const team of teams) queue.add(keyText(keyOf(team)), 'fast');
  }
}
