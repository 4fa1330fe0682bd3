import { CATALOGUE } from '../../checks/catalogue.ts';
import type { CheckResult } from '../../checks/check.ts';
import type { StorageObject } from '../../controllers/storage/resolved-storage.ts';
import { byRole, CONDITIONS } from '../../domain/conditions/condition-table.ts';
import { asDraft, findCondition, type ConditionDraft } from '../../domain/conditions/conditions.ts';
import { isDecided } from '../dry-run-validator.ts';
import { isNotGiven } from '../stand-in-references.ts';
import type { Finding, UnplacedFinding } from './check-report.ts';

export interface StatusView {
  /** The buckets were asked. */
  readonly isLive: boolean;
  /** Secrets, ConfigMaps and ServiceAccounts that are in no file were looked for in a cluster. */
  readonly hasCluster: boolean;
}

/** Conditions that the checks decide: the checks themselves say more. */
const BUCKET_GATES = new Set<string>(['BucketReachable', 'BucketUsable', 'BrowserAccess']);

/** What the status of a storage says, as findings. `instance`: the one that a team belongs to. */
export function statusFindings(
  object: StorageObject,
  view: StatusView,
  instance?: StorageObject,
): readonly UnplacedFinding[] {
  const { conditions = [], checks = [] } = object.status ?? {};
  const isRequired = 'isolation' in object.spec && object.spec.isolation === 'Required';
  const { gates, reported } = byRole(object.kind, conditions.map(asDraft), isRequired);
  const missing = view.hasCluster ? undefined : missingOf(instance);
  const of = (list: readonly ConditionDraft[], isAdvisory: boolean) =>
    list.flatMap((condition) =>
      condition.reason === 'InstanceNotReady' && missing !== undefined
        ? [instanceUndecided(missing, view)]
        : conditionFinding(object, condition, { ...view, isAdvisory }),
    );
  return [
    ...of(gates, false),
    ...checks.filter((check) => view.isLive || isDecided(check)).map(checkFinding),
    ...of(reported, true),
  ];
}

/** What an instance lacks because it is in none of the files: `Secret wandb-bucket`. */
function missingOf(instance: StorageObject | undefined): string | undefined {
  const ready = findCondition(instance?.status?.conditions ?? [], 'Ready');
  return ready !== undefined && isNotGiven(ready.reason) ? objectIn(ready.message) : undefined;
}

/** A team on the bucket of an instance of which nobody knows whether it would be Ready. */
function instanceUndecided(missing: string, view: StatusView): UnplacedFinding {
  const message = `The team is on the bucket of its InstanceStorage, which was not checked: ${missing} is in none of the files.`;
  return { check: 'Ready', result: view.isLive ? 'Unknown' : 'Skip', reason: 'InstanceNotReady', message };
}

function conditionFinding(
  { kind }: StorageObject,
  condition: ConditionDraft,
  view: StatusView & { readonly isAdvisory: boolean },
): readonly UnplacedFinding[] {
  const { type, reason, message } = condition;
  const row = CONDITIONS[kind].find((one) => one.type === type);
  const isRepeated = row?.role === 'Summary' && !(type === 'Ready' && OWN_REASONS_OF_READY.has(reason));
  if (BUCKET_GATES.has(type) || isRepeated) return [];
  const isMissingHere = isNotGiven(reason) && !view.hasCluster;
  const result = resultOf(condition, row?.polarity === 'Negative', view);
  return [
    {
      check: type,
      result: view.isAdvisory && result === 'Fail' ? 'Warn' : result,
      ...{ reason, message: isMissingHere ? notGiven(message) : message },
      ...(view.isAdvisory && { advisory: true as const }),
    },
  ];
}

/** `Ready` repeats another condition, unless it has one of these reasons. */
const OWN_REASONS_OF_READY = new Set(['InstanceNotReady', 'Suspended']);

/** Without a cluster nobody knows whether the object exists. */
function notGiven(message: string): string {
  const what = objectIn(message);
  // The file of a ServiceAccount does not help: its token is what signs in.
  if (what.startsWith('ServiceAccount ')) {
    return `A token of ${what} is needed, and only a cluster issues it, so what depends on it was not checked. Use --cluster.`;
  }
  const fromEnvFile = what.startsWith('ConfigMap ') ? '' : ' or by --env-file';
  return `${what} is in none of the files, so what depends on it was not checked. Give it in a file${fromEnvFile}, or use --cluster.`;
}

function objectIn(message: string): string {
  const [what = 'An object that the spec names'] = /\b(?:Secret|ConfigMap|ServiceAccount) [^\s,:]+/.exec(message) ?? [];
  return what;
}

function resultOf({ type, status, reason }: ConditionDraft, isNegative: boolean, view: StatusView): Finding['result'] {
  if (isNegative) return status === 'True' ? 'Warn' : 'Pass';
  if (status === 'True') return 'Pass';
  // What follows from another finding is no finding of its own.
  if (FOLLOWING.has(reason) || (reason === 'InstanceNotReady' && !view.isLive)) return 'Skip';
  const isMissingHere = isNotGiven(reason) && !view.hasCluster;
  if (status === 'False' && !isMissingHere) return 'Fail';
  return view.isLive || type === 'Accepted' ? 'Unknown' : 'Skip';
}

const FOLLOWING = new Set(['NotReached', 'AwaitingProof', 'Suspended']);

/** The result of a check of a bucket as a finding. */
export function checkFinding({ name, result, reason, message = '', remedy }: CheckResult): UnplacedFinding {
  const required = CATALOGUE.find((check) => check.name === name)?.required;
  const isAdvisory = required === false || (required === 'WhenKnown' && result === 'Unknown');
  return {
    ...{ check: name, result, reason, message },
    ...(remedy !== undefined && { remedy }),
    ...(isAdvisory && { advisory: true as const }),
  };
}
