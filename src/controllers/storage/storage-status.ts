import type { InstanceStorageStatus, TeamStorageStatus } from '../../api/resources.ts';
import { defined } from '../../base/defined.ts';
import { isBoundTo } from '../../domain/admission/world.ts';
import {
  asDraft,
  findCondition,
  kubeTime,
  stampConditions,
  type Condition,
} from '../../domain/conditions/conditions.ts';
import { byRole, inOrder } from '../../domain/conditions/condition-table.ts';
import type { SignIn } from '../../domain/credentials/sign-in.ts';
import { judgedSpec } from '../../domain/spec/judged-spec.ts';
import {
  computeReadiness,
  suspendedConditions,
  type GateVerdict,
  type SuspendedInput,
} from '../../domain/conditions/readiness.ts';
import { boundBucket, rotation, storageFacts, type StorageFacts } from '../../domain/status/status-fields.ts';
import { placeOf } from '../../domain/publication/ledger.ts';
import type { Findings } from './findings.ts';
import { parseKey } from '../../api/object-key.ts';
import { publishedVerdict } from './storage-gates.ts';
import { recordOf, type Verdict } from './verdict.ts';
import type { StorageObject, ResolvedStorage } from './resolved-storage.ts';

/** The fields that the status of both kinds has. */
export type CommonStatus = Pick<TeamStorageStatus, keyof TeamStorageStatus & keyof InstanceStorageStatus>;

/**
 * - `Always`: kept until a report replaces it.
 * - `OfValidation`: describes the last validation. Kept until the next one, or until the object has no bucket.
 * - `OfBucket`: describes the bucket. Kept while the spec resolves to none because of a problem; else replaced as a whole.
 * - `Computed`: at each report.
 */
const FIELDS: Readonly<Record<keyof CommonStatus, 'Always' | 'OfValidation' | 'OfBucket' | 'Computed'>> = {
  boundBucket: 'Always',
  provider: 'OfBucket',
  bucket: 'OfBucket',
  region: 'OfBucket',
  address: 'OfBucket',
  credentialMode: 'OfBucket',
  principal: 'OfBucket',
  checks: 'OfValidation',
  rotation: 'OfValidation',
  config: 'Always',
  lastFullValidationTime: 'OfValidation',
  lastHandledReconcileAt: 'Always',
  judgedSpec: 'Always',
  observedGeneration: 'Computed',
  conditions: 'Computed',
};

const FIELD_NAMES = Object.keys(FIELDS) as (keyof CommonStatus)[];

/** The part of the status that is the same for both kinds. */
export function commonStatus<T extends StorageObject>(findings: Findings<T>): CommonStatus {
  const { object } = findings.resolved;
  return {
    ...keptStatus(findings),
    ...bucketStatus(findings),
    observedGeneration: object.metadata.generation ?? 0,
    ...(object.spec.suspend !== true && { judgedSpec: judgedSpec(object.spec) }),
    ...(findings.handledRequest !== undefined && { lastHandledReconcileAt: findings.handledRequest }),
  };
}

function keptStatus<T extends StorageObject>(findings: Findings<T>): CommonStatus {
  const { object, storage } = findings.resolved;
  const previous: CommonStatus = object.status ?? {};
  const hasNone = hasNoBucket(findings);
  const isKept = (field: keyof CommonStatus): boolean => {
    // Where the bucket may change, a later one is a new one.
    if (field === 'boundBucket') return !hasNone || object.spec.bucketChangePolicy !== 'Allow';
    if (field === 'config') return !hasNone || object.kind === 'InstanceStorage';
    if (FIELDS[field] === 'OfBucket') return !hasNone && storage === undefined;
    return FIELDS[field] === 'Always' || (FIELDS[field] === 'OfValidation' && !hasNone);
  };
  const kept = FIELD_NAMES.filter((field) => previous[field] !== undefined && isKept(field));
  return Object.fromEntries(kept.map((field) => [field, previous[field]]));
}

/** The claim asks for no bucket, and may: none is published for it either. */
function hasNoBucket<T extends StorageObject>(findings: Findings<T>): boolean {
  const { storage, problem, refusal, publishedBy } = findings.resolved;
  if (storage !== undefined || problem !== undefined || refusal !== undefined) return false;
  const isLedgerKnown = publishedBy === undefined && findings.published?.salt !== undefined;
  return isLedgerKnown && recordOf(findings) === undefined;
}

function bucketStatus<T extends StorageObject>(findings: Findings<T>): CommonStatus {
  const { object, storage } = findings.resolved;
  if (storage === undefined) return {};
  const record = recordOf(findings);
  const isHere = record !== undefined && placeOf(record.address) === placeOf(storage);
  const bound = boundBucket(
    object.status?.boundBucket,
    isHere ? record : undefined,
    object.spec.bucketChangePolicy ?? 'Forbid',
  );
  const facts = storageFacts(storage, signInOf(findings), findings.published?.salt);
  return {
    ...facts,
    ...(facts.principal === undefined && knownPrincipal(object, facts)),
    ...(bound !== undefined && { boundBucket: bound }),
    ...validationStatus(findings),
  };
}

/** While the credentials cannot be read, the principal is the one that was last read in the same way. */
function knownPrincipal(object: StorageObject, { provider, credentialMode }: StorageFacts): CommonStatus {
  const { status } = object;
  const isSame = status?.provider === provider && status.credentialMode === credentialMode;
  return defined({ principal: isSame ? status.principal : undefined });
}

function validationStatus<T extends StorageObject>(findings: Findings<T>): CommonStatus {
  const { validation } = findings;
  if (validation === undefined) return {};
  return {
    checks: validation.results.map((result) => ({ ...result })),
    rotation: rotation(validation.fingerprint, findings.published?.claim?.row, {
      previous: findings.resolved.object.status?.rotation,
      server: validation.server,
    }),
    ...(validation.lastFullAt > 0 && { lastFullValidationTime: kubeTime(validation.lastFullAt) }),
  };
}

function signInOf<T extends StorageObject>({ references }: Findings<T>): SignIn | undefined {
  return references?.ok === true ? references.value.signIn : undefined;
}

/** The conditions in the order of the kind, and when one of them changes by itself. */
export function conditionsOf<T extends StorageObject>(
  findings: Findings<T>,
  verdict: () => Verdict,
  now: number,
): { readonly conditions: readonly Condition[]; readonly afterMs?: number } {
  const { object } = findings.resolved;
  const previous = object.status?.conditions ?? [];
  const generation = object.metadata.generation ?? 0;
  if (object.spec.suspend === true) {
    const stamp = { generation, now: kubeTime(now) };
    const conditions = suspendedConditions(previous, { ...stamp, ...pastOf(findings.resolved) });
    return { conditions: inOrder(object.kind, withPublished(conditions, findings, stamp)) };
  }
  const { conditions: drafts, readyReason, readyMessage } = verdict();
  const roles = byRole(object.kind, drafts, 'isolation' in object.spec && object.spec.isolation === 'Required');
  const { conditions, stallsInMs } = computeReadiness({
    ...{ generation, now, previous, readyReason, readyMessage },
    ...roles,
  });
  return { conditions: inOrder(object.kind, conditions), ...defined({ afterMs: stallsInMs }) };
}

/** Suspending keeps the result of the validation; `Published` is still reported. */
function withPublished<T extends StorageObject>(
  conditions: readonly Condition[],
  findings: Findings<T>,
  stamp: { readonly generation: number; readonly now: string },
): readonly Condition[] {
  const { object, storage, instanceKey } = findings.resolved;
  if (recordOf(findings) === undefined && findCondition(conditions, 'Published') === undefined) return conditions;
  const name = object.kind === 'InstanceStorage' ? object.metadata.name : parseKey(instanceKey ?? '').name;
  const { type, status, reason, message } = suspendedVerdict(
    publishedVerdict(findings, storage, name),
    storage,
    findings,
  );
  const published = stampConditions([{ type, status, reason, message }], object.status?.conditions ?? [], stamp);
  return [...conditions.filter((condition) => condition.type !== 'Published'), ...published];
}

/** The credential of a suspended object is not read, so it is unknown whether it is still the published one. */
function suspendedVerdict<T extends StorageObject>(
  verdict: GateVerdict,
  storage: Findings<T>['resolved']['storage'],
  findings: Findings<T>,
): GateVerdict {
  const record = recordOf(findings);
  const isHere =
    storage !== undefined &&
    record !== undefined &&
    findings.resolved.publishedBy === undefined &&
    placeOf(storage) === placeOf(record.address);
  const previous = findCondition(findings.resolved.object.status?.conditions ?? [], 'Published');
  if (verdict.reason !== 'LastKnownGood' || !isHere || previous?.status !== 'True') return verdict;
  return asDraft(previous);
}

/** The spec for which a suspended object was validated and proven, from its status. */
function pastOf(resolved: ResolvedStorage<StorageObject>): Pick<SuspendedInput, 'isJudged' | 'wasProven'> {
  const { metadata, spec, status } = resolved.object;
  const ready = findCondition(status?.conditions ?? [], 'Ready');
  const judgedGeneration = ready?.observedGeneration ?? -1;
  // Statuses of earlier versions do not have `judgedSpec`.
  const isSameSpec =
    status?.judgedSpec === undefined
      ? judgedGeneration >= (metadata.generation ?? 0)
      : status.judgedSpec === judgedSpec(spec);
  return {
    isJudged: isSameSpec && !(ready?.status === 'True' && leadsElsewhere(resolved)),
    wasProven: wasProven(resolved.object),
  };
}

function wasProven({ status }: StorageObject): boolean {
  const isTrue = (type: string): boolean => findCondition(status?.conditions ?? [], type)?.status === 'True';
  return status?.boundBucket !== undefined || isTrue('Ready') || isTrue('Published');
}

/**
 * Whether the same spec resolves to another bucket than the validated one, because the source in `bucketFrom` changed.
 */
function leadsElsewhere({ object, storage, problem }: ResolvedStorage<StorageObject>): boolean {
  const { boundBucket: bound } = object.status ?? {};
  if (problem?.reason === 'BucketChangeForbidden') return true;
  return bound !== undefined && storage !== undefined && !isBoundTo(bound, storage);
}
