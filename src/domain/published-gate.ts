import type { LedgerStore } from './ledger.ts';
import { explainProblem, type Problem } from './problem.ts';
import type { GateVerdict } from './readiness.ts';
import type { BucketStorage } from './storage.ts';
import type { Publication } from './update-ledger.ts';

/** The `Published` gate from what the publisher says; `problem` is what keeps the whole instance from publishing. */
export function publishedGate(
  publication: Publication | undefined,
  current: { readonly storage: BucketStorage; readonly credentialDigest?: string },
  outputs: { readonly secretName: string; readonly problem?: Problem },
): GateVerdict {
  if (outputs.problem !== undefined) return refused(outputs.problem);
  const secret = `Secret ${outputs.secretName}`;
  switch (publication?.state) {
    case undefined:
    case 'AwaitingProof':
      return {
        type: 'Published',
        status: 'False',
        reason: 'AwaitingProof',
        message: `Not in ${secret}: an entry is published once its bucket has passed every required check.`,
        failureClass: 'external',
      };
    case 'Refused':
      return refused(publication.problem);
    case 'NoEntryNeeded':
      return {
        type: 'Published',
        status: 'True',
        reason: 'NoEntryNeeded',
        message: 'W&B reaches this bucket by its own identity: it needs no entry among the file stores.',
      };
    case 'Published':
      return isCurrent(publication.store, current)
        ? { type: 'Published', status: 'True', reason: 'Published', message: `${secret} holds the proven bucket.` }
        : {
            type: 'Published',
            status: 'True',
            reason: 'LastKnownGood',
            message: `${secret} keeps the last proven bucket and credentials until the present ones are proven.`,
          };
  }
}

function isCurrent(
  store: LedgerStore,
  current: { readonly storage: BucketStorage; readonly credentialDigest?: string },
): boolean {
  return (
    store.credentialDigest === current.credentialDigest &&
    JSON.stringify(store.storage) === JSON.stringify(current.storage)
  );
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
