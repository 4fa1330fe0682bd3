import { expect, it } from '@jest/globals';
import { bucket, proofOf } from '../../../test/support/fakes/publication.ts';
import { isSameProof, type Proof } from './proof.ts';

const PROOF = proofOf(bucket('b'), 'd1');

it.each<[string, Partial<Proof>, boolean]>([
  ['a later time', { provenAt: '2030-01-01T00:00:00Z' }, true],
  ['another incarnation', { uid: 'other' }, false],
  ['another instance', { instance: 'ns/other' }, false],
  ['another credential', { digest: 'other' }, false],
  ['another bucket', { storage: bucket('c') }, false],
  // A proof is dropped when its inputs are not the present ones: those of the newest proof must be kept.
  ['other inputs, such as another CA', { inputs: 'other' }, false],
])('a proof with %s', (_what, changes, isSame) => {
  expect(isSameProof(PROOF, { ...PROOF, ...changes })).toBe(isSame);
});
