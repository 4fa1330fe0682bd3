import { isDeepStrictEqual } from '../base/deep-equal.ts';
import { createDeclaredInstances } from '../controllers/admission/declared-instances.ts';
import { Ledgers } from '../controllers/admission/ledgers.ts';
import type { WatchedObjects } from '../controllers/watched-objects.ts';
import { claimantsOf } from '../controllers/publication/live-claims.ts';
import type { ObservableMap } from '../runtime/observable-map.ts';
import { teamKey } from '../controllers/storage/indexes.ts';
import { instanceOfLedger, isOurs } from '../controllers/publication/output-names.ts';
import { parseKey } from '../api/object-key.ts';
import type { KubeObject, PartialObject } from '../api/object.ts';
import type { ObjectReader } from '../ports/kube.ts';
import { Admissions } from '../domain/admission/admit.ts';
import { keyOf, type ClaimKey, type World } from '../domain/admission/world.ts';
import type { CloudEndpoints } from '../domain/bucket/store-endpoint.ts';
import type { Proof } from '../domain/publication/proof.ts';

/** Admission over everything that is watched, and the ledgers that it reads. */
export function createAdmissions(deps: {
  readonly watches: Pick<WatchedObjects, 'instances' | 'teams' | 'managedSecrets'>;
  readonly proofs: Pick<ObservableMap<string, Proof>, 'get'>;
  readonly clouds: CloudEndpoints;
}): { readonly admissions: Admissions; readonly ledgers: Ledgers } {
  const { instances, teams, managedSecrets } = deps.watches;
  /** Claims that count as bound to an instance while its ledger is unknown. */
  function boundByStatus(key: string): readonly ClaimKey[] {
    const instance = parseKey(key);
    return claimantsOf(instance, { instances: instances.reader, teams: teams.reader })
      .filter((claim) => claim.status?.boundBucket !== undefined)
      .filter((claim) => admissions.whereabouts(claim).instanceName === instance.name)
      .map(keyOf);
  }

  const instancesIn = createDeclaredInstances(instances.reader);
  const ledgers = new Ledgers(ledgerNames(instancesIn, managedSecrets.reader), boundByStatus);
  const admissions = new Admissions({
    instance: (key) => instances.reader.get(key),
    instancesIn,
    team: (key) => teams.reader.get(key),
    teamsNamed: (namespace, team) => teams.reader.by('team', teamKey({ namespace, team })),
    ledgersIn: (namespace) => ledgers.in(namespace),
    clouds: deps.clouds,
    isProven: (uid) => deps.proofs.get(uid) !== undefined,
  });
  return { admissions, ledgers };
}

/**
 * Names of the instances that have, or may have, a ledger. Each claim asks for them many times, so the names of a
 * namespace are computed again only when one of its lists changed.
 */
function ledgerNames(
  instancesIn: World['instancesIn'],
  managedSecrets: Lists<PartialObject>,
): (namespace: string) => readonly string[] {
  const known = new Map<string, { readonly of: readonly unknown[]; readonly names: readonly string[] }>();
  return (namespace) => {
    const here = instancesIn(namespace);
    const secrets = managedSecrets.list(namespace);
    const before = known.get(namespace);
    if (before?.of[0] === here && before.of[1] === secrets) return before.names;
    // A deleted instance may have left a ledger, which still binds its claims.
    const owners = secrets.map((secret) => ownerOfLedger(secret)).filter((name) => name !== undefined);
    const found = [...new Set([...here.map(({ metadata }) => metadata.name), ...owners])];
    // The operator's own writes change the list of Secrets, and no name.
    const names = before !== undefined && isDeepStrictEqual(before.names, found) ? before.names : found;
    known.set(namespace, { of: [here, secrets], names });
    return names;
  };
}

type Lists<T extends KubeObject> = Pick<ObjectReader<T>, 'list'>;

/** The instance whose ledger this is. A copy under another name has the same labels and is not a ledger. */
function ownerOfLedger(secret: PartialObject): string | undefined {
  const instance = instanceOfLedger(secret.metadata.name);
  return instance !== undefined && isOurs(secret, instance) ? instance : undefined;
}
