import { anything, both, flag, listOf, objectOf, oneOf, type Schema } from '../../base/schema.ts';
import type { BucketAddress } from '../bucket/storage.ts';
import { bareAddress } from './file-store-address.ts';

// What people or other programs put into the place of a ledger is refused as a whole, before any of it is published.

const text: Schema = (value, at) => (typeof value === 'string' ? undefined : `${at} must be a text.`);
const count: Schema = (value, at) => (Number.isSafeInteger(value) ? undefined : `${at} must be a whole number.`);
/** Far above what fits into a Secret. */
const MOST = 1_000_000;

const endpoint = objectOf({ scheme: oneOf('http', 'https'), host: text, port: count }, ['scheme', 'host', 'port']);
const place = objectOf(
  {
    provider: text,
    name: text,
    path: text,
    region: text,
    endpoint,
    storageAccount: text,
    kmsKeyArn: text,
    kmsKeyId: text,
  },
  ['provider', 'name', 'path'],
);

/** What each provider needs beside a name. */
const NEEDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['S3', ['region']],
  ['S3Compatible', ['endpoint', 'region']],
  ['AzureBlob', ['storageAccount']],
]);

const complete: Schema = (value, at) => {
  const { provider } = value as { readonly provider: string };
  return objectOf({}, NEEDS.get(provider) ?? [])(value, at);
};

/** Host, port and region together make a URL. */
const writable: Schema = (value, at) => {
  try {
    bareAddress(value as BucketAddress);
    return undefined;
  } catch {
    return `${at} must be the address of a bucket.`;
  }
};

const address = both(both(place, complete), writable);

/** The fields of each kind of credential. */
const CREDENTIALS: ReadonlyMap<string, readonly string[]> = new Map([
  ['AccessKey', ['accessKeyId', 'secretAccessKey']],
  ['ServiceAccountKey', ['clientEmail', 'privateKey']],
  ['AccountKey', ['accountKey']],
]);

const credential = both(objectOf({ kind: oneOf(...CREDENTIALS.keys()) }, ['kind']), (value, at) => {
  const fields = CREDENTIALS.get((value as { readonly kind: string }).kind) ?? [];
  return objectOf(Object.fromEntries(fields.map((field) => [field, text])), fields)(value, at);
});

const row = objectOf({ address, credential, digest: text, source: objectOf({}), provenAt: text, rotatedAt: text }, [
  'address',
  'digest',
  'provenAt',
]);

const record = objectOf(
  {
    kind: oneOf('InstanceStorage', 'TeamStorage'),
    name: text,
    team: text,
    uid: text,
    address,
    mode: text,
    hasRow: flag,
    digest: text,
    boundRevision: count,
    boundAt: text,
    provenAt: text,
    filesLeftIn: text,
  },
  ['kind', 'name', 'address', 'mode', 'hasRow', 'boundRevision', 'boundAt', 'provenAt'],
);

const written = objectOf({ separator: text, variables: listOf(text, MOST) }, ['separator', 'variables']);

/** The form of the present format: everything that the outputs are rendered from. */
export const LEDGER_FORM: Schema = objectOf(
  {
    salt: text,
    revision: count,
    written,
    rows: listOf(row, MOST),
    slot: row,
    claims: listOf(record, MOST),
    knownHash: objectOf({ digest: text, hash: text }, ['digest', 'hash']),
    awaitsProof: anything,
  },
  ['salt', 'revision', 'written', 'rows', 'claims'],
);

const formerRecord = objectOf(
  {
    claim: objectOf({ kind: oneOf('InstanceStorage', 'TeamStorage'), name: text, uid: text, team: text }, [
      'kind',
      'name',
      'uid',
    ]),
    storage: address,
    credential,
    provenAt: text,
    rotatedAt: text,
    retained: flag,
  },
  ['claim', 'storage', 'provenAt', 'retained'],
);

/** The form of formats 1 and 2. */
export const FORMER_LEDGER_FORM: Schema = objectOf({ salt: text, stores: listOf(formerRecord, MOST) }, [
  'salt',
  'stores',
]);
