import { describe, expect, it } from '@jest/globals';
import { bucket, proofOf, SALT_TEXT } from '../../../test/support/fakes/publication.ts';
import { without } from '../../base/defined.ts';
import { Secret } from '../../base/secret.ts';
import { credentialDigest } from '../credentials/credential.ts';
import { isFromInputs, isSameProof, proofUnder, type Proof } from './proof.ts';

const SALT = new Secret(SALT_TEXT);
const OTHER = new Secret('f'.repeat(32));
const PROOF: Proof = { ...proofOf(bucket('omega'), 'k1'), salt: SALT, inputs: 'of the former salt' };

describe('two proofs are the same', () => {
  it('whenever they were made', () => {
    expect(isSameProof(PROOF, { ...PROOF, provenAt: '2027-01-01T00:00:00Z' })).toBe(true);
  });

  it.each<[string, Partial<Proof>]>([
    ['claim', { uid: 'another' }],
    ['instance', { instance: 'wandb/another' }],
    ['key', { digest: 'another' }],
    ['inputs', { inputs: 'others' }],
    ['bucket', { storage: bucket('theta') }],
  ])('but not of another %s', (_, changes) => {
    expect(isSameProof(PROOF, { ...PROOF, ...changes })).toBe(false);
  });
});

describe('a proof under another salt than it was made with', () => {
  it('has the digest under that salt, each time the same object', () => {
    const again = proofUnder(OTHER, PROOF);
    expect(again.digest).toBe(credentialDigest(OTHER, PROOF.credential));
    expect(again.digest).not.toBe(PROOF.digest);
    expect(proofUnder(OTHER, PROOF)).toBe(again);
    const third = new Secret('e'.repeat(32));
    expect(proofUnder(third, PROOF).digest).toBe(credentialDigest(third, PROOF.credential));
  });

  it('is the same where nothing depends on the salt', () => {
    expect(proofUnder(SALT, PROOF)).toBe(PROOF);
    const unsalted = without(PROOF, 'salt');
    expect(proofUnder(OTHER, unsalted)).toBe(unsalted);
    const byIdentity = without(PROOF, 'credential');
    expect(proofUnder(OTHER, byIdentity)).toBe(byIdentity);
  });
});

describe('whether a proof is from the present inputs', () => {
  const now = { salt: SALT, digest: PROOF.digest, inputs: PROOF.inputs };

  it('is told by their fingerprint under the same salt', () => {
    expect(isFromInputs(PROOF, now)).toBe(true);
    expect(isFromInputs(PROOF, { ...now, inputs: 'others' })).toBe(false);
  });

  it('is told by the key alone under another salt', () => {
    const digest = credentialDigest(OTHER, PROOF.credential);
    expect(isFromInputs(PROOF, { salt: OTHER, digest, inputs: 'cannot be compared' })).toBe(true);
    expect(isFromInputs(PROOF, { salt: OTHER, digest: 'another key', inputs: PROOF.inputs })).toBe(false);
  });
});
