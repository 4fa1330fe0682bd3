import { expect, it } from '@jest/globals';
import { bucket, EMPTY, instanceClaim, proven, team, update } from '../../../test/support/fakes/publication.ts';
import { Secret } from '../../base/secret.ts';
import type { BucketStorage } from '../bucket/storage.ts';
import type { Credential } from '../credentials/credential-types.ts';
import { decodeLedger, encodeLedger } from './ledger-format.ts';
import { renderOutputs } from './outputs.ts';

const GCS: BucketStorage = {
  provider: 'GCS',
  name: 'g',
  path: '',
  credentials: { kind: 'ServiceAccountKey', secretName: 'g', key: 'k' },
};
const AZURE: BucketStorage = {
  provider: 'AzureBlob',
  name: 'a',
  path: 'p',
  storageAccount: 'acme',
  credentials: { kind: 'AccountKey', secretName: 'a', key: 'k' },
};

function withCredential(storage: BucketStorage, credential: Credential) {
  const claim = proven(team(storage.name, storage), 'd1');
  return { ...claim, proof: { ...claim.proof!, credential } };
}

/** With a record and a row of each kind. */
const LEDGER = encodeLedger({
  ...update(EMPTY, [
    proven(instanceClaim(bucket('runs', 'p')), 'd0'),
    proven(team('omega', bucket('b', 'p')), 'd1'),
    withCredential(GCS, { kind: 'ServiceAccountKey', clientEmail: 'a@b', privateKey: new Secret('pem') }),
    withCredential(AZURE, { kind: 'AccountKey', accountKey: new Secret('a2V5') }),
  ]).ledger,
  knownHash: { digest: 'd', hash: 'h' },
});

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** The value with one part replaced, for each part of it. */
function* changed(value: Json, by: Json | undefined): Generator<Json | undefined> {
  yield by;
  if (typeof value !== 'object' || value === null) return;
  for (const [name, part] of Object.entries(value)) {
    for (const other of changed(part, by)) {
      const entries = Object.entries(value).map(([key, one]) => [key, key === name ? other : one]);
      yield Array.isArray(value) ? entries.map(([, one]) => one as Json) : (Object.fromEntries(entries) as Json);
    }
  }
}

/** What becomes of the ledger: it is refused, or all that the operator does with it succeeds. */
function use(text: string): 'refused' | 'used' {
  const decoded = decodeLedger(text);
  if (!decoded.ok || decoded.value.kind === 'Former') return 'refused';
  const { ledger } = decoded.value;
  renderOutputs(ledger, 'wandb');
  encodeLedger(update(ledger, [proven(team('omega', bucket('b', 'p')), 'd2')]).ledger);
  return 'used';
}

it.each<[string, Json | undefined]>([
  ['nothing', undefined],
  ['null', null],
  ['a number', 1.5],
  ['a text', 'another text'],
  ['a list', []],
  ['an object', {}],
])('a ledger in which a value is replaced by %s is refused as a whole, or nothing fails later', (_, by) => {
  const texts = [...changed(JSON.parse(LEDGER) as Json, by)].map((one) => JSON.stringify(one));
  const seen = texts.map((text) => {
    try {
      return use(text);
    } catch (error) {
      return `${String(error)}: ${text}`;
    }
  });
  expect(seen.filter((one) => one !== 'refused' && one !== 'used')).toEqual([]);
  expect(seen.filter((one) => one === 'refused').length).toBeGreaterThan(50);
});

it('a ledger as it was written is used', () => {
  expect(use(LEDGER)).toBe('used');
});
