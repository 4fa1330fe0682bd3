import { INSTANCE_STORAGES, TEAM_STORAGES, type InstanceStorage, type TeamStorage } from '../../api/resources.ts';
import { INTERVALS } from '../../domain/intervals.ts';
import { claimId, type ClaimKind, type ClaimRecord } from '../../domain/publication/ledger.ts';
import { createDeletedPolicies, type DeletedPolicies } from './deleted-policies.ts';
import { NO_EVIDENCE, type RemovalEvidence } from '../../domain/publication/removal-evidence.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ObjectKey, ResourceType } from '../../api/object.ts';
import type { KubeClient, KubeFailure, ObjectReader } from '../../ports/kube.ts';

/** Up to this number, objects are requested one by one; more are listed. */
const MAX_GETS = 20;

const REMOVAL = INTERVALS.publication.removal;

export interface RemovalWants {
  readonly gone: readonly ClaimRecord[];
  readonly confirmed: readonly ClaimRecord[];
}

/** The result of a check, and when to check again what was not decided. */
export interface RemovalFindings {
  readonly evidence: RemovalEvidence;
  readonly againMs?: number;
  /** The API server refused the check. */
  readonly failure?: KubeFailure;
}

/**
 * Checks whether objects that seem to be gone are gone. A cache may be behind, a deletion may be the first half of a
 * replacement, and if a kind is no longer served, all its objects look deleted. So the API server is asked, after a
 * time without deletions, and a record leaves only if the API server reports its object as missing.
 */
export interface RemovalCheck extends DeletedPolicies {
  check(instance: string, namespace: string, wants: RemovalWants): Promise<RemovalFindings>;
}

interface Place {
  readonly namespace: string;
  /** Requests that the API server refused. */
  readonly failures: KubeFailure[];
}

// eslint-disable-next-line max-lines-per-function -- its steps share since when each claim is waited for
export function createRemovalCheck(deps: {
  readonly kube: Pick<KubeClient, 'get' | 'list' | 'servedVerbs'>;
  readonly instances: ObjectReader<InstanceStorage>;
  readonly teams: ObjectReader<TeamStorage>;
  readonly clock: Clock;
}): RemovalCheck {
  const startedAt = deps.clock.monotonic();
  const lastDeletion = new Map<string, number>();
  const policies = createDeletedPolicies();
  /**
   * By instance: since when each of its claims is being waited for, so that a claim that never settles does not shorten
   * the wait of others.
   */
  const waitingSince = new Map<string, ReadonlyMap<string, number>>();

  /** Milliseconds for which each claim must still be waited for. */
  function waits(instance: string, namespace: string, records: readonly ClaimRecord[]): ReadonlyMap<string, number> {
    const now = deps.clock.monotonic();
    const before = waitingSince.get(instance);
    const since = new Map(records.map(claimId).map((id) => [id, before?.get(id) ?? now] as const));
    waitingSince.set(instance, since);
    // Deletions before the start were not observed, so the start counts as one.
    const quietAt = Math.max(lastDeletion.get(namespace) ?? startedAt, startedAt) + REMOVAL.quiet;
    return new Map(
      [...since].map(([id, at]) => [id, Math.max(0, Math.min(quietAt, at + REMOVAL.longest) - now)] as const),
    );
  }

  async function check(instance: string, namespace: string, wants: RemovalWants): Promise<RemovalFindings> {
    const failures: KubeFailure[] = [];
    const findings = await checkSettled(instance, { namespace, failures }, wants);
    const [failure] = failures;
    return failure === undefined ? findings : { ...findings, failure };
  }

  async function checkSettled(instance: string, at: Place, wants: RemovalWants): Promise<RemovalFindings> {
    const { namespace } = at;
    const confirmed = await confirmedOf(at, wants.confirmed);
    const againForConfirmed = confirmed.size < wants.confirmed.length ? { againMs: REMOVAL.check } : {};
    if (wants.gone.length === 0) {
      waitingSince.delete(instance);
      return { evidence: { ...NO_EVIDENCE, confirmed }, ...againForConfirmed };
    }
    if (!deps.instances.synced || !deps.teams.synced) {
      return { evidence: { ...NO_EVIDENCE, confirmed }, againMs: REMOVAL.check };
    }
    const left = waits(instance, namespace, wants.gone);
    const ripe = wants.gone.filter((record) => left.get(claimId(record)) === 0);
    const waitMs = Math.max(...left.values());
    if (ripe.length === 0) return { evidence: { ...NO_EVIDENCE, confirmed }, againMs: waitMs };
    const found = await checkKinds(at, ripe);
    for (const record of wants.gone) if (found.unserved.has(record.kind)) policies.keep(namespace, record);
    const isSettled = wants.gone.every((record) => found.gone.has(claimId(record)) || found.unserved.has(record.kind));
    if (isSettled) waitingSince.delete(instance);
    const again = isSettled ? againForConfirmed : { againMs: Math.min(REMOVAL.check, waitMs || REMOVAL.check) };
    return { evidence: { ...found, confirmed }, ...again };
  }

  async function checkKinds(at: Place, wanted: readonly ClaimRecord[]): Promise<Omit<RemovalEvidence, 'confirmed'>> {
    const gone = new Set<string>();
    const unserved = new Set<ClaimKind>();
    for (const [kind, records] of Map.groupBy(wanted, (record) => record.kind)) {
      const served = await isServed(kind, at);
      if (served === 'No') unserved.add(kind);
      if (served === 'Yes') for (const id of await goneOf(kind, at, records)) gone.add(id);
    }
    return { gone, unserved };
  }

  /** `Unknown` also while the CRD is being deleted: then its objects vanish without a deletion of their own. */
  async function isServed(kind: ClaimKind, { failures }: Place): Promise<'Yes' | 'No' | 'Unknown'> {
    const verbs = await deps.kube.servedVerbs(typeOf(kind));
    if (!verbs.ok) {
      failures.push(verbs.error);
      return 'Unknown';
    }
    if (verbs.value.length === 0) return 'No';
    return verbs.value.includes('create') ? 'Yes' : 'Unknown';
  }

  async function goneOf(
    kind: ClaimKind,
    { namespace, failures }: Place,
    records: readonly ClaimRecord[],
  ): Promise<readonly string[]> {
    if (records.length > MAX_GETS) {
      const listed = await deps.kube.list(typeOf(kind), namespace);
      if (!listed.ok) {
        failures.push(listed.error);
        return [];
      }
      const names = new Set(listed.value.map(({ metadata }) => metadata.name));
      return records.filter(({ name }) => !names.has(name)).map(claimId);
    }
    const found: string[] = [];
    for (const record of records) {
      const key = { namespace, name: record.name };
      const answer = await deps.kube.get(typeOf(kind), key);
      const isGone = answer.ok
        ? isOtherIncarnation(record, answer.value.metadata.uid) && isAsJudged(kind, key, answer.value)
        : isMissing(answer.error, record);
      if (isGone) found.push(claimId(record));
      else if (!answer.ok && answer.error.status !== 404) failures.push(answer.error);
    }
    return found;
  }

  /** Claims whose object at the API server is the one in the cache. */
  async function confirmedOf(
    { namespace, failures }: Place,
    records: readonly ClaimRecord[],
  ): Promise<ReadonlySet<string>> {
    const found = new Set<string>();
    for (const { kind, name } of records) {
      const key = { namespace, name };
      const live = await deps.kube.get(typeOf(kind), key);
      if (live.ok && isAsJudged(kind, key, live.value)) found.add(claimId({ kind, name }));
      else if (!live.ok && live.error.status !== 404) failures.push(live.error);
    }
    return found;
  }

  /**
   * Whether an object at the API server is the one in the cache. If the cache lacks it, its state has not been derived
   * yet.
   */
  function isAsJudged(kind: ClaimKind, key: ObjectKey, { metadata }: InstanceStorage | TeamStorage): boolean {
    const cached = kind === 'InstanceStorage' ? deps.instances.get(key) : deps.teams.get(key);
    return cached?.metadata.uid === metadata.uid && cached?.metadata.generation === metadata.generation;
  }

  return {
    ...policies,
    check,
    deleted(object, isLastVersion) {
      lastDeletion.set(object.metadata.namespace ?? '', deps.clock.monotonic());
      policies.deleted(object, isLastVersion);
    },
  };
}

/** Another object has the name and asks for no bucket; `claimState` has handled that case. */
function isOtherIncarnation(record: ClaimRecord, uid: string | undefined): boolean {
  return record.uid !== undefined && uid !== undefined && record.uid !== uid;
}

/** A 404 that names the object. A 404 for a path that is not served names none. */
function isMissing(failure: KubeFailure, { name }: ClaimRecord): boolean {
  return failure.status === 404 && failure.details?.name === name;
}

function typeOf(kind: ClaimKind): ResourceType<InstanceStorage | TeamStorage> {
  return kind === 'InstanceStorage' ? INSTANCE_STORAGES : TEAM_STORAGES;
}
