import type { TeamStorage } from '../api/resources.ts';
import { wireAdmissionTriggers } from '../controllers/admission/admission-triggers.ts';
import { instancesOf } from '../controllers/admission/instances-of.ts';
import type { Ledgers } from '../controllers/admission/ledgers.ts';
import { wireDeliveryTriggers } from '../controllers/delivery/delivery-triggers.ts';
import { wireProvisionTriggers } from '../controllers/provision/provision-triggers.ts';
import { wirePublicationTriggers } from '../controllers/publication/publication-triggers.ts';
import { watchPublications } from '../controllers/publication/publication-views.ts';
import { wireShardTriggers } from '../controllers/shard/shard-triggers.ts';
import { wireStorageTriggers } from '../controllers/storage/storage-triggers.ts';
import type { WatchedObjects } from '../controllers/watched-objects.ts';
import type { Admissions } from '../domain/admission/admit.ts';
import type { WorkQueue } from '../runtime/work-queue.ts';

/** Dependencies of a controller's triggers, except those that are created here and shared. */
type DepsOf<T extends (deps: never) => unknown> = Omit<
  Parameters<T>[0],
  'watches' | 'queue' | 'queues' | 'instancesOf'
>;

/** Wires the triggers of all controllers. Which change wakes a controller is defined beside the controller. */
export function wireTriggers(
  deps: DepsOf<typeof wireStorageTriggers> &
    DepsOf<typeof wirePublicationTriggers> &
    DepsOf<typeof wireProvisionTriggers> &
    Omit<DepsOf<typeof wireAdmissionTriggers>, 'publishSoon'> &
    Pick<Parameters<typeof watchPublications>[0], 'publications'> & {
      readonly admissions: Admissions;
      readonly ledgers: Ledgers;
      readonly watches: WatchedObjects;
      /** Several processes act, each for a part of the storages. */
      readonly isSharded: boolean;
      readonly queues: Readonly<Record<'instances' | 'teams' | 'publish' | 'delivery' | 'provision', WorkQueue>>;
    },
): Pick<ReturnType<typeof wirePublicationTriggers>, 'publisherEnded'> {
  const { watches, queues } = deps;
  const shared = { ...deps, instancesOf: (team: TeamStorage) => instancesOf(team, deps) };
  const { publishSoon, publisherEnded } = wirePublicationTriggers({ ...shared, queue: queues.publish });
  wireAdmissionTriggers({ ...deps, publishSoon });
  const storage = wireStorageTriggers(shared);
  if (deps.isSharded) wireShardTriggers({ watches, queues });
  const delivery = wireDeliveryTriggers({ watches, queue: queues.delivery });
  wireProvisionTriggers({ ...deps, queue: queues.provision });
  watchPublications(
    { publications: deps.publications, instances: watches.instances.reader, teams: watches.teams.reader },
    {
      claims: storage.published,
      instances(keys) {
        storage.publishedInstances(keys);
        delivery.published(keys);
      },
    },
  );
  return { publisherEnded };
}
