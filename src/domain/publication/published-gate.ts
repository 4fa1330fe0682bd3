import { displayBucket } from '../bucket/bucket-id.ts';
import { credentialConflict } from './credential-conflict.ts';
import { asDraft, type Condition } from '../conditions/conditions.ts';
import { explainProblem, type Problem } from '../conditions/problem.ts';
import type { GateVerdict } from '../conditions/readiness.ts';
import { fingerprintedKey } from '../credentials/credential.ts';
import type { Credential } from '../credentials/credential-types.ts';
import type { BucketStorage } from '../bucket/storage.ts';
import { isProvenFor, type ClaimPublication } from './claim-publication.ts';
import { PUBLISHED_REASONS } from './reasons.ts';
import { bareAddress } from './file-store-address.ts';
import { isSame, placeOf, type ClaimRecord, type Row } from './ledger.ts';

/** The present inputs of a claim. */
export interface CurrentInputs {
  readonly storage?: BucketStorage;
  /** Keyed digest of the credential; absent until that has been read. */
  readonly digest?: string;
  /** The credential itself, if W&B signs in by a key. */
  readonly credential?: Credential;
  /** Every required check passed with these inputs. */
  readonly isProven?: boolean;
}

export interface PublishedContext {
  readonly secretName: string;
  readonly instance: string;
  /** The instance that the claim asks for now, if it is another one. */
  readonly leavesFor?: string;
  /** Why the instance cannot publish, or why it is unknown what is published. */
  readonly problem?: Problem;
  /** `validation.mode` is ReadOnly: the claim never gets a full validation. */
  readonly isReadOnly?: boolean;
  /** The condition as it was recorded last. */
  readonly previous: Condition | undefined;
}

const UNREAD: ClaimPublication = { served: 'Unknown' };

/** The `Published` gate: what the output Secret holds, independent of the validation. */
export function publishedGate(
  publication: ClaimPublication | undefined,
  current: CurrentInputs,
  context: PublishedContext,
): GateVerdict {
  const { served, record, row, refusal } = publication ?? UNREAD;
  if (served === 'Unknown') return unknown(context);
  if (served === 'NotNeeded') return withoutEntry();
  if (record === undefined || row === undefined) return absent(refusal ?? context.problem, current, context);
  if (served === 'No') return absent(context.problem, current, context);
  if (!isProvenFor(record, row)) return refused(unprovenRow(row, current, context));
  return standing(publication ?? UNREAD, { record, row, current, context });
}

function withoutEntry(): GateVerdict {
  return published(
    'NoEntryNeeded',
    'W&B reaches this bucket by its own identity: it needs no entry among the file stores.',
  );
}

/** The entry has a credential that another claim proved: the next key of a shared Secret, or another credential. */
function unprovenRow(row: Row, { storage }: CurrentInputs, { secretName, instance }: PublishedContext): Problem {
  const bucket = displayBucket({ ...row.address, path: '' });
  const isOwnSource =
    storage !== undefined &&
    row.source !== undefined &&
    isSame(row.source, storage.credentials) &&
    isAddressOf(row, storage);
  if (!isOwnSource) return credentialConflict(bucket, 'another claim', instance);
  return {
    reason: 'AwaitingProof',
    message: `Secret ${secretName} holds the key${keyOf(row)} that another claim on bucket ${bucket} has proven with the same reference. It has not been proven for this claim yet.`,
    remedy: 'It is proven once every required check passes with that key, and while spec.suspend is not true.',
    failureClass: PUBLISHED_REASONS.AwaitingProof.class,
  };
}

function isAddressOf(row: Row, storage: BucketStorage): boolean {
  return bareAddress(row.address) === bareAddress(storage);
}

/** The Secret holds what was proven for the claim. Compares it with what the claim asks for now. */
function standing(
  { refusal, waitsFor }: ClaimPublication,
  at: {
    readonly record: ClaimRecord;
    readonly row: Row;
    readonly current: CurrentInputs;
    readonly context: PublishedContext;
  },
): GateVerdict {
  const secret = `Secret ${at.context.secretName}`;
  const kept = keyOf(at.row);
  if (waitsFor !== undefined && waitsFor.length > 0) {
    return published(
      'RotationHeld',
      `${secret} keeps the former credential${kept}: the bucket has one entry, and ${waitsFor.slice(0, 5).join(', ')}${waitsFor.length > 5 ? ' and others' : ''} on the same bucket have not proven the new one yet.`,
    );
  }
  if (refusal !== undefined) {
    return published(
      'LastKnownGood',
      `${secret} keeps the last proven bucket and credential${kept}. ${explainProblem(refusal)}`,
    );
  }
  if (at.context.leavesFor !== undefined) {
    return published(
      'LastKnownGood',
      `${secret} keeps the last proven bucket and credential${kept} until they are proven and published for InstanceStorage ${at.context.leavesFor}.`,
    );
  }
  return isCurrent(at.record, at.row, at.current)
    ? published('Published', `${secret} holds the proven bucket.`)
    : published('LastKnownGood', `${secret} keeps the last proven bucket and credential${kept}${untilWhen(at)}`);
}

/** Until when the former bucket and credential are kept. */
function untilWhen({
  current,
  context,
}: {
  readonly current: CurrentInputs;
  readonly context: PublishedContext;
}): string {
  if (current.storage === undefined) return '.';
  const present = `the present ones${keyOf(current)}`;
  if (current.isProven === true) {
    const why = context.problem === undefined ? '' : ` ${explainProblem(context.problem)}`;
    return `: ${present} are proven and are not published yet.${why}`;
  }
  return ` until ${present} are proven${context.isReadOnly === true ? ', which takes spec.validation.mode Full' : ''}.`;
}

/** The key in parentheses; empty if there is none or it is unknown. */
function keyOf({ credential, digest }: Pick<CurrentInputs, 'credential' | 'digest'>): string {
  return credential === undefined || digest === undefined ? '' : ` (${fingerprintedKey(credential, digest)})`;
}

function isCurrent(record: ClaimRecord, row: Row, { storage, digest }: CurrentInputs): boolean {
  if (storage === undefined || placeOf(storage) !== placeOf(record.address)) return false;
  // An identity has no key that must be read first. Of a suspended claim, nothing is read.
  const isSameKey = row.credential === undefined ? storage.credentials.kind === 'Ambient' : row.digest === digest;
  return isSameKey && isAddressOf(row, storage);
}

/** The recorded condition is kept until the Secret has been read. */
function unknown({ previous, problem }: PublishedContext): GateVerdict {
  if (previous !== undefined && previous.reason !== 'OutputsUnknown') {
    return { ...asDraft(previous), failureClass: 'transient' };
  }
  if (problem !== undefined && problem.failureClass !== 'transient') return refused(problem);
  return {
    type: 'Published',
    status: 'Unknown',
    reason: 'OutputsUnknown',
    message: `The published Secret has not been read yet.${problem === undefined ? '' : ` ${explainProblem(problem)}`}`,
    failureClass: PUBLISHED_REASONS.OutputsUnknown.class,
  };
}

/** The Secret may hold an entry of another or of an unknown claim, so the message is about this claim only. */
function absent(
  problem: Problem | undefined,
  { isProven }: CurrentInputs,
  { secretName, isReadOnly }: PublishedContext,
): GateVerdict {
  if (problem !== undefined) return refused(problem);
  return {
    type: 'Published',
    status: 'False',
    reason: 'AwaitingProof',
    message: `No entry in Secret ${secretName} is known to be for this storage: ${
      isReadOnly === true
        ? 'with spec.validation.mode ReadOnly it gets none, since nothing proves that the bucket can be written. Set it to Full.'
        : isProven === true
          ? 'its bucket has passed every required check and is to be published next.'
          : 'it gets one once its bucket has passed every required check.'
    }`,
    failureClass: PUBLISHED_REASONS.AwaitingProof.class,
  };
}

function published(reason: keyof typeof PUBLISHED_REASONS, message: string): GateVerdict {
  return { type: 'Published', status: 'True', reason, message };
}

function refused(problem: Problem): GateVerdict {
  return {
    type: 'Published',
    status: 'False',
    reason: problem.reason,
    message: explainProblem(problem),
    failureClass: problem.failureClass,
  };
}
