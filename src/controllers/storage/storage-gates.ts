import { GATES, type CheckResult, type Gate } from '../../checks/check.ts';
import { failureClass, isProven, rollUp } from '../../checks/roll-up.ts';
import { defined } from '../../base/defined.ts';
import { findCondition } from '../../domain/conditions/conditions.ts';
import { explainProblem, type Problem } from '../../domain/conditions/problem.ts';
import type { GateVerdict } from '../../domain/conditions/readiness.ts';
import { publishedGate, type CurrentInputs } from '../../domain/publication/published-gate.ts';
import type { BucketStorage } from '../../domain/bucket/storage.ts';
import { outputName } from '../publication/output-names.ts';
import { parseKey } from '../../api/object-key.ts';
import type { Findings } from './findings.ts';
import { recordOf, type Verdict } from './verdict.ts';
import type { StorageObject } from './resolved-storage.ts';

/** `Accepted` for an object whose spec and references to other CRs are valid. */
export const ACCEPTED: GateVerdict = {
  type: 'Accepted',
  status: 'True',
  reason: 'Accepted',
  message: 'The spec is complete and nothing conflicts with it.',
};

/** `Accepted`, with a notice if there is one. */
export function acceptedGate(notice: string | undefined): GateVerdict {
  return notice === undefined ? ACCEPTED : { ...ACCEPTED, message: `The spec is complete. ${notice}` };
}

/** The message of Ready, with a notice if there is one. */
export function withNotice(message: string, notice: string | undefined): string {
  return notice === undefined ? message : `${message} ${notice}`;
}

/**
 * The conditions of an object that is not accepted; after a fault of the operator `Accepted` is Unknown. What was
 * published before stays and is reported.
 */
export function refusedVerdict<T extends StorageObject>(
  problem: Problem,
  findings: Findings<T>,
  instanceName: string,
): Verdict {
  return {
    conditions: [refusedGate(problem), ...keptVerdict(findings, instanceName)],
    readyReason: 'Valid',
    readyMessage: '',
  };
}

/** `Published` for an object that asks for no bucket but still has an entry. */
export function keptVerdict<T extends StorageObject>(
  findings: Findings<T>,
  instanceName: string,
): readonly GateVerdict[] {
  const recorded = findCondition(findings.resolved.object.status?.conditions ?? [], 'Published');
  const { isKnown, problem } = findings.published ?? {};
  const isAbsent = recordOf(findings) === undefined && (recorded === undefined || isKnown === true);
  if (isAbsent && problem === undefined) return [];
  return [publishedVerdict(findings, undefined, instanceName)];
}

function refusedGate(problem: Problem): GateVerdict {
  const status = problem.failureClass === 'transient' ? 'Unknown' : 'False';
  return { ...closedGate('Accepted', problem), status };
}

/** The gates of a storage with a bucket, in the order in which an administrator would fix them. */
export function bucketVerdict<T extends StorageObject>(
  findings: Findings<T>,
  storage: BucketStorage,
  instanceName: string,
): Verdict {
  const results = findings.validation?.results;
  const rolled = results === undefined ? undefined : rollUp(results);
  const { refusal, notice } = findings.resolved;
  const conditions = [
    refusal === undefined ? acceptedGate(notice) : refusedGate(refusal),
    credentialsGate(findings),
    ...GATES.map((type) => bucketGate(type, rolled?.[type], results)),
    publishedVerdict(findings, storage, instanceName),
  ];
  const ignored = GATES.some((gate) => rolled?.[gate].ignored === true);
  return {
    conditions,
    readyReason: ignored ? 'ValidWithIgnoredChecks' : 'Valid',
    readyMessage: withNotice(
      ignored
        ? 'The bucket is published; spec.validation.ignore leaves out required checks.'
        : 'The bucket passed every required check and is published.',
      notice,
    ),
  };
}

function closedGate(type: string, problem: Problem): GateVerdict {
  return {
    type,
    status: 'False',
    reason: problem.reason,
    message: explainProblem(problem),
    failureClass: problem.failureClass,
  };
}

function credentialsGate<T extends StorageObject>(findings: Findings<T>): GateVerdict {
  const type = 'CredentialsResolved';
  const { references } = findings;
  if (references?.ok === false) return closedGate(type, references.error);
  return references === undefined
    ? { type, status: 'Unknown', reason: 'NotReached', message: 'The credentials have not been read yet.' }
    : { type, status: 'True', reason: 'Resolved', message: 'The credentials were read and are well-formed.' };
}

/** What the output Secret holds for the object, independent of the other gates. */
export function publishedVerdict<T extends StorageObject>(
  findings: Findings<T>,
  storage: BucketStorage | undefined,
  instanceName: string,
): GateVerdict {
  const { published, resolved } = findings;
  const { spec, status } = resolved.object;
  const instance = resolved.publishedBy === undefined ? instanceName : parseKey(resolved.publishedBy).name;
  return publishedGate(
    published?.claim ?? (published?.isKnown === true ? { served: 'No' } : undefined),
    currentInputs(findings, storage),
    {
      secretName: outputName(instance),
      instance,
      ...defined({
        problem: published?.problem,
        // Without a bucket to prove the claim may not leave.
        leavesFor: resolved.publishedBy === undefined || storage === undefined ? undefined : instanceName,
      }),
      isReadOnly: spec.validation?.mode === 'ReadOnly',
      previous: findCondition(status?.conditions ?? [], 'Published'),
    },
  );
}

function currentInputs<T extends StorageObject>(
  { references, validation }: Findings<T>,
  storage: BucketStorage | undefined,
): CurrentInputs {
  const { digest, credential } = references?.ok === true ? references.value : {};
  return defined({
    storage,
    digest,
    credential,
    isProven: validation === undefined ? undefined : isProven(validation.results),
  });
}

function bucketGate(
  type: Gate,
  rolled: ReturnType<typeof rollUp>[Gate] | undefined,
  results: readonly CheckResult[] | undefined,
): GateVerdict {
  if (rolled === undefined || results === undefined) {
    return {
      type,
      status: 'Unknown',
      reason: 'NotReached',
      message: 'The bucket is probed once the gates before this one are True.',
    };
  }
  const failure = failureClass(results);
  return {
    type,
    status: rolled.status,
    reason: rolled.reason,
    message: rolled.message,
    failureClass: failure === 'none' ? 'transient' : failure,
  };
}
