import { fileStoreEntry, redactedAddress } from '../../../src/domain/publication/file-store-address.ts';
import { readAddress } from '../../../src/domain/import/read-address.ts';
import { readPlainText } from '../../../src/domain/import/read-input.ts';
import { parseFileStore } from '../../../src/domain/publication/parse-file-store.ts';
import { readListing } from '../../../src/domain/publication/read-listing.ts';
import { readSeal } from '../../../src/domain/publication/seal.ts';
import { parseLabelSelector } from '../../../src/domain/shard/label-selector.ts';
import { parseEndpoint } from '../../../src/domain/spec/parse-endpoint.ts';
import { endpointUrl } from '../../../src/domain/bucket/storage.ts';
import { parseRecord } from '../../../src/dry-run/record/record.ts';
import { parseManifests } from '../../../src/manifests/parse-manifests.ts';
import { expectSentence } from './expect-sentence.ts';
import type { Target } from './target.ts';

const ADDRESSES = [
  's3://id:secret-of-this-key@minio.example:9000/b/p/q?region=us-east-1&tls=true',
  's3://b/p',
  's3://AKIA:sec%2Fret-of-key@s3.eu-central-1.amazonaws.com/b?region=eu-central-1',
  'gs://b/p',
  'gs://robot%40acme.iam.gserviceaccount.com:-----BEGIN@b',
  'az://account/c/p',
  'az://account:a2V5LW9mLXRoaXMtYWNjb3VudA%3D%3D@account/c',
  'cw://',
  'cw://id:secret-of-this-key@cwobject.com/b',
  'cw://cwobject.com/b?region=us-east-04a',
  'https://b.s3.amazonaws.com/p',
  's3://***:***@minio.example/b',
];
const WORDS = [
  's3://',
  'gs://',
  'az://',
  'cw://',
  'https://',
  '%2F',
  '%',
  '?region=',
  '&tls=false',
  '***',
  ':9000',
  '[::1]',
  'cwobject.com',
  '.blob.core.windows.net',
  '.s3.amazonaws.com',
  'kms=',
];

/** Whatever was read from an address can be written; and what the operator itself would write is read as the same. */
function addressIsStable(text: string): void {
  const parsed = parseFileStore(text);
  if (parsed === undefined) return;
  const { address, credential } = parsed;
  const written = fileStoreEntry(address, credential);
  if (redactedAddress(address, credential?.kind ?? 'Ambient').includes('secret-of'))
    throw new Error('the secret is shown');
  if (written !== text) return;
  const again = parseFileStore(written);
  if (again === undefined || fileStoreEntry(again.address, again.credential) !== text) throw new Error('it changes');
}

function importsSafely(text: string): void {
  const { value, findings } = readAddress(text.trim(), { at: 'address', kind: 'InstanceBucket' });
  const secret = value?.credential?.secret?.reveal() ?? '';
  const told = JSON.stringify(findings);
  if (secret.length >= 12 && told.includes(secret)) throw new Error('a finding tells the secret');
  for (const form of ['file-stores', 'env'] as const) readPlainText(text, form);
}

function endpointIsStable(text: string): void {
  const endpoint = parseEndpoint(text);
  if (!endpoint.ok) {
    expectSentence(endpoint.error);
    return;
  }
  const written = endpointUrl(endpoint.value);
  const again = parseEndpoint(written);
  if (!again.ok || endpointUrl(again.value) !== written) throw new Error('it changes when it is read again');
}

function readsRecord(text: string): void {
  const record = parseRecord(text);
  if (!record.ok) expectSentence(record.error);
}

function readsSelector(text: string): void {
  const selector = parseLabelSelector(text);
  if (!selector.ok) {
    expectSentence(selector.error);
    return;
  }
  const again = parseLabelSelector(selector.value.text);
  if (!again.ok || again.value.text !== selector.value.text) throw new Error('it changes when it is written again');
}

function readsManifests(text: string): void {
  for (const { message } of parseManifests(text, 'file.yaml').unreadable)
    if (message === '') throw new Error('there is no message');
}

export const textTargets: readonly Target[] = [
  { name: 'addresses', seeds: ADDRESSES, words: WORDS, run: addressIsStable },
  {
    name: 'imported-settings',
    seeds: [
      ...ADDRESSES,
      ADDRESSES.join(','),
      `BUCKET=${ADDRESSES[1] ?? ''}\nGORILLA_SUPPORTED_FILE_STORES=${ADDRESSES[0] ?? ''}`,
    ],
    words: [...WORDS, ',', '\nBUCKET=', 'AWS_REGION=', "'", 'export '],
    run: importsSafely,
  },
  {
    name: 'endpoints',
    seeds: ['https://minio.example:9000', 'http://[::1]:80', 'https://a.b', 'https://user@a.b/path?q#f'],
    words: ['https://', 'http://', '[::1]', ':65536', '.', 'xn--', '%41'],
    run: endpointIsStable,
  },
  {
    name: 'records',
    seeds: [
      '{"format":"byob-record/1","version":"1","probes":[{"context":{"storage":{}},"observations":{"mode":"Full"},"ignore":[],"results":[]}]}',
    ],
    words: ['"context":', '"probes":', 'null'],
    run: readsRecord,
  },
  {
    name: 'selectors',
    seeds: ['a=b', 'a!=b,c in (d,e),f notin (g),!h,i'],
    words: [' in (', ' notin (', '!', '==', ',', ')'],
    run: readsSelector,
  },
  {
    name: 'listings',
    seeds: [
      '- claim: TeamStorage/omega\n  team: omega\n  address: s3://***:***@minio.example/b/p?region=us-east-1&tls=true\n  entry: true\n  provenAt: "2026-01-01T00:00:00Z"\n  retained: false\n',
      '1.7.salt.' + 'a'.repeat(64),
    ],
    words: ['- claim: ', 'address: ', 'provenAt: ', '&a ', '*a', '!!binary ', '<<: '],
    run: (text) => {
      readListing(text);
      readSeal(text);
    },
  },
  {
    name: 'manifests',
    seeds: [
      'apiVersion: storage.wandb.com/v1alpha1\nkind: TeamStorage\nmetadata: {name: omega, namespace: ns}\nspec: {team: omega}\n',
      'kind: List\nitems:\n- apiVersion: v1\n  kind: Secret\n  metadata:\n    name: a\n---\n{}\n---\n[1]\n',
    ],
    words: ['---\n', 'kind: ', 'items:\n', '&a ', '*a', '<<: *a', '!!map ', 'apiVersion: ', '? ', '|\n '],
    run: readsManifests,
  },
];
