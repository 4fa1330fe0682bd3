import { describe, expect, it } from '@jest/globals';
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
  [
    'a denial by a webhook, which has this code by default',
    { status: 400, reason: 'BadRequest', message: 'admission webhook "a.b" denied the request: use the vault' },
    'The ledger of prod could not be read or written: the API server answered 400 BadRequest: admission webhook "a.b" denied the request: use the vault.',
  ],
])(
  'says what happened, and refuses nothing in the name of a server that did not answer: %s',
  (_name, failure, says) => {
    expect(ledgerFault(PROD, { kind: 'Kube', failure }).problem.message).toBe(says);
    expect(outputFault(PROD, { kind: 'Kube', failure }).problem.message).toBe(says.replace('ledger', 'output'));
  },
);

describe('the remedy fits who refused the write', () => {
  it.each([
    ['a Role', 403, 'secrets is forbidden: User "a" cannot update', /ServiceAccount to get, create/],
    ['a quota', 403, 'exceeded quota: few', /Raise the quota/],
    ['a webhook', 403, 'admission webhook "a.b" denied the request: no', /exempt its ServiceAccount/],
    ['a webhook without a code', 400, 'admission webhook "a.b" denied the request: no', /exempt its ServiceAccount/],
    [
      'a policy',
      422,
      `secrets "x" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no`,
      /exempt its ServiceAccount/,
    ],
    [
      'a webhook that is down',
      500,
      'Internal error occurred: failed calling webhook "a.b": refused',
      /Repair that webhook/,
    ],
    ['the server', 500, 'etcdserver: request timed out', /^The operator tries again/],
  ])('%s', (_name, status, message, remedy) => {
    const failure = { status, reason: 'Any', message };
    expect(ledgerFault(PROD, { kind: 'Kube', failure }).problem.remedy).toMatch(remedy);
  });
});
