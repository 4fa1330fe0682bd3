import type { CheckResult } from '../../checks/check.ts';
import { failureClass, isProven, rollUp, type Gate } from '../../checks/roll-up.ts';
import { defined } from '../../base/defined.ts';
import { findCondition } from '../../domain/conditions/conditions.ts';
import { claimId } from '../../domain/publication/ledger.ts';
import { explainProblem, type Problem } from '../../domain/conditions/problem.ts';
import type { GateVerdict } from '../../domain/conditions/readiness.ts';
import { publishedGate, type CurrentInputs } from '../../domain/publication/published-gate.ts';
import type { BucketStorage } from '../../domain/bucket/storage.ts';
import { outputName } from '../publication/output-names.ts';
import { parseKey } from '../../api/object-key.ts';
import type { Findings } from './findings.ts';
import { recordOf, type Verdict } from './verdict.ts';
import type { StorageObject } from './resolved-storage.ts';

const BUCKET_GATES: readonly Gate[] = ['BucketReachable', 'BucketUsable', 'BrowserAccess'];

/** `Accepted` for an object whose spec and references among CRs are good. */
export const ACCEPTED: GateVerdict = {
  type: 'Accepted',
  status: 'True',
  reason: 'Accepted',
  message: 'The spec is complete and nothing conflicts with it.',
};

/** `Accepted` of an object that may have what it asks for, with what is to be said of it all the same. */
export function acceptedGate(notice: string | undefined): GateVerdict {
  return notice === undefined ? ACCEPTED : { ...ACCEPTED, message: `The spec is complete. ${notice}` };
}

/** What Ready says, with what is to be said all the same. */
export function withNotice(message: string, notice: string | undefined): string {
  return notice === undefined ? message : `${message} ${notice}`;
}

/**
 * The verdict on an object that is not accepted; a fault of ours leaves open
 * whether it is. What was published before stays, and is told.
 */
export function refusedVerdict<T extends StorageObject>(
  problem: Problem,
  findings: Findings<T>,
  instanceName: string,
): Verdict {
  return {
    gates: [refusedGate(problem), ...keptVerdict(findings, instanceName)],
    readyReason: 'Valid',
    readyMessage: '',
  };
}

/** `Published` of an object that asks for nothing now, where something stands for it all the same. */
export function keptVerdict<T extends StorageObject>(
  findings: Findings<T>,
  instanceName: string,
): readonly GateVerdict[] {
  const recorded = findCondition(findings.subject.object.status?.conditions ?? [], 'Published');
  const { isKnown, problem } = findings.publication ?? {};
  const isAbsent = recordOf(findings) === undefined && (recorded === undefined || isKnown === true);
  if (isAbsent && problem === undefined) return [];
  return [publishedVerdict(findings, undefined, instanceName)];
}

function refusedGate(problem: Problem): GateVerdict {
  const status = problem.failureClass === 'transient' ? 'Unknown' : 'False';
  return { ...closedGate('Accepted', problem), status };
}

/** The gates of a storage with a bucket to prove, in the order in which a person would mend them. */
export function bucketVerdict<T extends StorageObject>(
  findings: Findings<T>,
  storage: BucketStorage,
  instanceName: string,
): Verdict {
  const results = findings.validation?.results;
  const rolled = results === undefined ? undefined : rollUp(results);
  const { refusal, notice } = findings.subject;
  const gates = [
    refusal === undefined ? acceptedGate(notice) : refusedGate(refusal),
    credentialsGate(findings),
    ...BUCKET_GATES.map((type) => bucketGate(type, rolled?.[type], results)),
    publishedVerdict(findings, storage, instanceName),
  ];
  const ignored = BUCKET_GATES.some((gate) => rolled?.[gate].ignored === true);
  return {
    gates,
    readyReason: ignored ? 'ValidWithIgnoredChecks' : 'Valid',
    readyMessage: withNotice(
      ignored
        ? 'The bucket is published; spec.validation.ignore left required checks out.'
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
  if (findings.credentialProblem !== undefined) return closedGate(type, findings.credentialProblem);
  return findings.references === undefined
    ? { type, status: 'Unknown', reason: 'NotReached', message: 'The credentials have not been read yet.' }
    : { type, status: 'True', reason: 'Resolved', message: 'The credentials were read and are well-formed.' };
}

/** What the output Secret holds for the object, whatever became of the rest. */
export function publishedVerdict<T extends StorageObject>(
  findings: Findings<T>,
  storage: BucketStorage | undefined,
  instanceName: string,
): GateVerdict {
  const { publication, subject } = findings;
  const { kind, metadata, spec, status } = subject.object;
  const isKnown = publication?.isKnown === true;
  const instance = subject.publishedBy === undefined ? instanceName : parseKey(subject.publishedBy).name;
  return publishedGate(
    publication?.claims.get(claimId({ kind, name: metadata.name })) ?? (isKnown ? { served: 'No' } : undefined),
    currentInputs(findings, storage),
    {
      secretName: outputName(instance),
      instance,
      ...(publication?.problem !== undefined && { problem: publication.problem }),
      isReadOnly: spec.validation?.mode === 'ReadOnly',
      previous: findCondition(status?.conditions ?? [], 'Published'),
    },
  );
}

function currentInputs<T extends StorageObject>(
  { digest, references, validation }: Findings<T>,
  storage: BucketStorage | undefined,
): CurrentInputs {
  return defined({
    storage,
    digest,
    credential: references?.credential,
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
      message: 'The bucket is probed once the gates before this one are open.',
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
