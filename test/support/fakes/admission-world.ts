import type { InstanceStorage, TeamStorage } from '../../../src/api/resources.ts';
import { Admissions, type Admission } from '../../../src/domain/admission/admit.ts';
import { keyOf, type Claimant, type LedgerView, type World } from '../../../src/domain/admission/world.ts';
import { slotAddress, type ClaimRecord, type Ledger } from '../../../src/domain/publication/ledger.ts';
import { PUBLIC_CLOUDS } from '../../../src/domain/bucket/store-endpoint.ts';
import { EMPTY } from './publication.ts';
import { bucketSpec, storageOf } from './publishing-world.ts';

interface Contents {
  readonly objects: readonly Claimant[];
  /** The ledgers of each namespace; of a namespace that is not named all are known and empty. */
  readonly ledgers?: Readonly<Record<string, readonly LedgerView[]>>;
  /** UIDs of objects that hold a proof. */
  readonly proven?: readonly string[];
}

/** All that admission looks at, from lists of objects and ledgers. */
export function admissionWorld({ objects, ledgers = {}, proven = [] }: Contents): World {
  const instances = objects.filter((one): one is InstanceStorage => one.kind === 'InstanceStorage');
  const teams = objects.filter((one): one is TeamStorage => one.kind === 'TeamStorage');
  const within = <T extends Claimant>(all: readonly T[], namespace: string): readonly T[] =>
    all.filter((one) => one.metadata.namespace === namespace);
  const lists = new Map(['ns', 'n2'].map((namespace) => [namespace, within(instances, namespace)]));
  return {
    instance: ({ namespace, name }) => within(instances, namespace).find((one) => one.metadata.name === name),
    instancesIn: (namespace) => lists.get(namespace) ?? [],
    team: ({ namespace, name }) => within(teams, namespace).find((one) => one.metadata.name === name),
    teamsNamed: (namespace, team) => within(teams, namespace).filter(({ spec }) => spec.team === team),
    ledgersIn: (namespace) => ledgers[namespace] ?? [],
    clouds: PUBLIC_CLOUDS,
    isProven: (uid) => proven.includes(uid),
  };
}

/** The admission of one of these objects, which has to be among them. */
export function admissionOf(object: Claimant, contents: Contents): Admission {
  const admissions = new Admissions(admissionWorld(contents));
  admissions.note(contents.objects.map(keyOf));
  const admission = admissions.of(keyOf(object));
  if (admission === undefined) throw new Error(`there is no ${object.metadata.name}`);
  return admission;
}

/** A record of a team, by default of omega at the bucket `b`. */
export function recordOf({
  name = 'omega',
  at = 'b',
  path,
  ...changes
}: Partial<ClaimRecord> & { readonly at?: string; readonly path?: string } = {}): ClaimRecord {
  const storage = storageOf(bucketSpec(at, path === undefined ? {} : { path }));
  return {
    kind: 'TeamStorage',
    name,
    uid: `uid-${name}`,
    address: slotAddress(storage),
    mode: 'AccessKey',
    hasRow: true,
    boundRevision: 1,
    boundAt: '2026-02-01T00:00:00Z',
    provenAt: '2026-02-01T00:00:00Z',
    ...changes,
  };
}

/** The ledger of an instance with these records. */
export function ledgerOf(
  instance: string,
  ...claims: readonly ClaimRecord[]
): LedgerView & { readonly ledger: Ledger } {
  return { instance, ledger: { ...EMPTY, claims } };
}
