import { keyText } from '../../api/object-key.ts';
import type { Admissions } from '../../domain/admission/admit.ts';
import { keyOf, type ClaimKey } from '../../domain/admission/world.ts';
import { INTERVALS } from '../../domain/intervals.ts';
import type { Proof } from '../../domain/publication/proof.ts';
import type { ObservableMap } from '../../runtime/observable-map.ts';
import type { WorkQueue } from '../../runtime/work-queue.ts';
import { sourceKey } from '../storage/indexes.ts';
import { needsReconcile } from '../storage/storage-changes.ts';
import type { WatchedObjects } from '../watched-objects.ts';
import type { Ledgers } from './ledgers.ts';

/** Keeps admission up to date, and wakes the claims whose admission may have changed. */
export function wireAdmissionTriggers(deps: {
  readonly watches: Pick<WatchedObjects, 'instances' | 'teams'>;
  readonly queues: { readonly instances: Pick<WorkQueue, 'addAfter'>; readonly teams: Pick<WorkQueue, 'addAfter'> };
  readonly admissions: Pick<Admissions, 'note' | 'of'>;
  readonly ledgers: Pick<Ledgers, 'onChange'>;
  readonly proofs: Pick<ObservableMap<string, Proof>, 'get'>;
  /** Queues the publisher of an instance, `namespace/name`. */
  readonly publishSoon: (instance: string) => void;
}): void {
  const { watches, queues } = deps;

  watches.instances.onChange((change) => {
    if (!needsReconcile(change)) return;
    const { object } = change;
    note([object, ...watches.teams.reader.list(object.metadata.namespace ?? '')].map(keyOf));
  });
  watches.teams.onChange((change) => {
    if (!needsReconcile(change)) return;
    const { object } = change;
    note([object, ...watches.teams.reader.by('source', sourceKey('TeamStorage', object))].map(keyOf));
  });
  deps.ledgers.onChange((claims, isDecided) => {
    note(claims);
    if (!isDecided) wake(claims);
  });

  function note(claims: readonly ClaimKey[]): void {
    const affected = deps.admissions.note(claims);
    wake(affected);
    for (const claim of affected) publishIfProven(claim);
  }

  /** After a short delay, so that changes of many claims in one step are handled together. */
  function wake(claims: readonly ClaimKey[]): void {
    for (const { kind, ...key } of claims) {
      const queue = kind === 'InstanceStorage' ? queues.instances : queues.teams;
      queue.addAfter(keyText(key), INTERVALS.storage.gatherChanges, 'periodic');
    }
  }

  /**
   * A proof that was not admitted before causes no change by itself. The publisher is woken, because the claim may be
   * admitted now.
   */
  function publishIfProven(claim: ClaimKey): void {
    const { object, instanceName, record } = deps.admissions.of(claim) ?? {};
    const isWaiting = record === undefined && deps.proofs.get(object?.metadata.uid ?? '') !== undefined;
    if (isWaiting && instanceName !== undefined) {
      deps.publishSoon(keyText({ namespace: claim.namespace, name: instanceName }));
    }
  }
}
