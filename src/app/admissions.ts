import { Ledgers } from '../controllers/admission/ledgers.ts';
import type { WatchedObjects } from '../controllers/watched-objects.ts';
import type { ObservableMap } from '../runtime/observable-map.ts';
import { teamKey } from '../controllers/storage/indexes.ts';
import { instanceOfLedger, isOurs } from '../controllers/publication/output-names.ts';
import type { PartialObject } from '../api/object.ts';
import { Admissions } from '../domain/admission/admit.ts';
import type { Proof } from '../domain/publication/proof.ts';

/** The one decider over everything that is watched, and what it knows of the ledgers. */
export function createAdmissions(deps: {
  readonly watches: Pick<WatchedObjects, 'instances' | 'teams' | 'managedSecrets'>;
  readonly proofs: Pick<ObservableMap<string, Proof>, 'get'>;
}): { readonly admissions: Admissions; readonly ledgers: Ledgers } {
  const { instances, teams, managedSecrets } = deps.watches;
  const ledgers = new Ledgers((namespace) => [
    ...new Set([
      ...instances.reader.list(namespace).map(({ metadata }) => metadata.name),
      // An instance that is gone may have left a ledger, which binds its claims.
      ...managedSecrets.reader
        .list(namespace)
        .map((secret) => ownerOfLedger(secret))
        .filter((name) => name !== undefined),
    ]),
  ]);
  const admissions = new Admissions({
    instance: (key) => instances.reader.get(key),
    instancesIn: (namespace) => instances.reader.list(namespace),
    team: (key) => teams.reader.get(key),
    teamsNamed: (namespace, team) => teams.reader.by('team', teamKey({ namespace, team })),
    ledgersIn: (namespace) => ledgers.in(namespace),
    isProven: (uid) => deps.proofs.get(uid) !== undefined,
  });
  return { admissions, ledgers };
}

/** The instance whose ledger this is; a copy under another name still has the labels of the first, and is none. */
function ownerOfLedger(secret: PartialObject): string | undefined {
  const instance = instanceOfLedger(secret.metadata.name);
  return instance !== undefined && isOurs(secret, instance) ? instance : undefined;
}
