import { expect, it } from '@jest/globals';
import type { KubeFailure } from '../../ports/kube.ts';
import { ledgerFault, outputFault } from './publication-problems.ts';

const PROD = { namespace: 'wandb', name: 'prod', uid: 'uid-prod' };

it.each<[string, KubeFailure, string]>([
  [
    'no answer',
    { status: 0, reason: 'ECONNREFUSED', message: 'the API server did not answer' },
    'The ledger of prod could not be read or written: the API server did not answer (ECONNREFUSED).',
  ],
  [
    'a fault of the server, whose text may hold anything',
    { status: 500, reason: 'InternalError', message: 'CANARY' },
    'The ledger of prod could not be read or written: the API server answered 500 InternalError.',
  ],
  [
    'a refusal, whose text names the quota',
    { status: 403, reason: 'Forbidden', message: 'exceeded quota: secrets' },
    'The ledger of prod could not be read or written: the API server answered 403 Forbidden: exceeded quota: secrets.',
  ],
])(
  'says what happened, and refuses nothing in the name of a server that did not answer: %s',
  (_name, failure, says) => {
    expect(ledgerFault(PROD, { kind: 'Kube', failure }).problem.message).toBe(says);
    expect(outputFault(PROD, { kind: 'Kube', failure }).problem.message).toBe(says.replace('ledger', 'output'));
  },
);
