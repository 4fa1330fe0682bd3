import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import {
  anyAmbientBucket,
  anyBucket,
  anyLedger,
  ledgerOf,
  type Bucket,
} from '../../../test/support/fakes/arbitrary-stores.ts';
import { parseAddress, type ParsedAddress } from '../../../test/support/fakes/file-store-grammar.ts';
import { azureBlob, gcs, s3 } from '../../../test/support/fakes/observations.ts';
import { podEnvironment, type ChartValues } from '../../../test/support/fakes/wandb-chart.ts';
import { bucketId } from '../bucket/bucket-id.ts';
import { redactedAddress } from './file-store-address.ts';
import type { ClaimRecord } from './ledger.ts';
import { renderOutputs } from './outputs.ts';
import { Secret } from '../../base/secret.ts';
import type { BucketStorage, S3Storage } from '../bucket/storage.ts';

const NAME = 'wandb-storage';

/** User and secret as an address carries them. */
function userOf({ credential }: Bucket): Pick<ParsedAddress, 'user' | 'secret'> {
  switch (credential?.kind) {
    case 'AccessKey':
      return { user: credential.accessKeyId, secret: credential.secretAccessKey.reveal() };
    case 'ServiceAccountKey':
      return { user: credential.clientEmail, secret: credential.privateKey.reveal() };
    case 'AccountKey':
      return { user: '', secret: credential.accountKey.reveal() };
    case undefined:
      return { user: '', secret: '' };
  }
}

/** What breaks an address, an expansion of the kubelet, or a list of entries. */
const AWKWARD = 'a/b@c:d?e+f%g%2Fh=i,j&k l$(BUCKET_NAME)$$m;|"\\\'#{}';

function withKey(store: Bucket, secret: string): Bucket {
  const value = new Secret(secret);
  switch (store.credential?.kind) {
    case 'AccessKey':
      return { ...store, credential: { ...store.credential, secretAccessKey: value } };
    case 'ServiceAccountKey':
      return { ...store, credential: { ...store.credential, privateKey: value } };
    case 'AccountKey':
      return { ...store, credential: { ...store.credential, accountKey: value } };
    case undefined:
      return store;
  }
}

function shuffled<T>(items: readonly T[]): fc.Arbitrary<readonly T[]> {
  return fc.shuffledSubarray([...items], { minLength: items.length });
}

/** The same without what other consumers read from other keys. */
function essence({ scheme, user, secret, host, bucket, path, query }: ParsedAddress) {
  return { scheme, user, secret, host, bucket, path, query };
}

describe('the file stores', () => {
  it('are read back exactly as they were encoded, one entry for each bucket (property)', () => {
    fc.assert(
      fc.property(fc.array(anyBucket, { minLength: 1, maxLength: 5 }), (buckets) => {
        const { secret } = renderOutputs(ledgerOf(buckets), NAME);
        const entries = (secret['SUPPORTED_FILE_STORES'] ?? '').split(',').map(parseAddress);

        expect(entries).toHaveLength(new Set(buckets.map(({ storage }) => bucketId(storage))).size);
        for (const entry of entries) {
          const store = buckets.find(
            (one) =>
              one.storage.name === entry.bucket &&
              userOf(one).user === entry.user &&
              userOf(one).secret === entry.secret,
          );
          expect(store).toBeDefined();
          // The sub-path belongs to the team's own record in W&B.
          expect(entry.path).toBe('');
        }
        expect(secret['GORILLA_SUPPORTED_FILE_STORES']).toBe(secret['SUPPORTED_FILE_STORES']);
      }),
    );
  });

  it("of W&B's own identity hold the place and no part of a key; CoreWeave is the documented text (property)", () => {
    fc.assert(
      fc.property(anyAmbientBucket, (bucket) => {
        const store = bucket;
        const { secret } = renderOutputs(ledgerOf([store]), NAME);
        const value = secret['SUPPORTED_FILE_STORES'] ?? '';
        if (store.storage.provider === 'CoreWeave') {
          expect(value).toBe('cw://');
          return;
        }
        expect(parseAddress(value)).toMatchObject({ bucket: store.storage.name, path: '', user: '', secret: '' });
      }),
    );
  });

  it('come apart at the separator and nowhere else, whichever it is (property)', () => {
    const separators = fc.constantFrom(',', ';', ' ', '|');
    fc.assert(
      fc.property(fc.array(anyBucket, { minLength: 1, maxLength: 5 }), separators, (buckets, separator) => {
        const rendered = renderOutputs(
          ledgerOf(buckets, { written: { separator, variables: ['SUPPORTED_FILE_STORES'] } }),
          NAME,
        );
        const value = rendered.secret['SUPPORTED_FILE_STORES'] ?? '';
        const entries = value.split(separator).map(parseAddress);
        expect(entries).toHaveLength(new Set(buckets.map(({ storage }) => bucketId(storage))).size);
        expect(value.split(separator)).toEqual(value.split(separator).toSorted());
        expect(rendered.fileStoresBytes).toBe(Buffer.byteLength(value));
      }),
    );
  });

  it('do not depend on the order in which claims came (property)', () => {
    fc.assert(
      fc.property(
        anyLedger.chain((ledger) => fc.tuple(fc.constant(ledger), shuffled(ledger.rows), shuffled(ledger.claims))),
        ([ledger, rows, claims]) => {
          expect(renderOutputs({ ...ledger, rows, claims }, NAME)).toEqual(renderOutputs(ledger, NAME));
        },
      ),
    );
  });
});

describe('the instance bucket', () => {
  it('reaches a pod of the operator-wandb chart as exactly this bucket with this key (property)', () => {
    fc.assert(
      fc.property(anyBucket, (bucket) => {
        const store = bucket;
        const { secret, configMap } = renderOutputs(ledgerOf([], { instance: store }), NAME);
        const values = parse(configMap['values.yaml'] ?? '') as ChartValues;
        const pod = podEnvironment(values, { 'wandb-storage': secret });
        const direct = parseAddress(secret['BUCKET'] ?? '');
        const computed = parseAddress(pod['BUCKET'] ?? '');

        expect(direct).toMatchObject({ bucket: store.storage.name, path: store.storage.path, ...userOf(store) });
        if (store.credential?.kind === 'AccountKey') {
          // The chart's Azure address carries no key: the server takes it from its environment, raw.
          expect(essence(computed)).toEqual({ ...essence(direct), secret: '' });
          expect(pod['AZURE_STORAGE_KEY']).toBe(store.credential.accountKey.reveal());
        } else {
          expect(essence(computed)).toEqual(essence(direct));
        }
        expect(pod['GORILLA_FILE_STORE']).toBe(pod['BUCKET']);
        expect(pod['GORILLA_STORAGE_BUCKET']).toBe(pod['BUCKET']);
      }),
    );
  });

  it.each<readonly [string, Bucket]>(
    fc
      .sample(anyBucket, { seed: 7, numRuns: 200 })
      .filter(({ storage }, index, all) => all.findIndex((one) => one.storage.provider === storage.provider) === index)
      .map((bucket) => [bucket.storage.provider, withKey(bucket, AWKWARD)] as const),
  )('of %s reaches a pod and the v2 operator with a key of every awkward character', (_provider, store) => {
    const { secret, configMap } = renderOutputs(ledgerOf([], { instance: store }), NAME);
    const pod = podEnvironment(parse(configMap['values.yaml'] ?? '') as ChartValues, { 'wandb-storage': secret });
    const computed = parseAddress(pod['BUCKET'] ?? '');

    expect(computed.secret === '' ? pod['AZURE_STORAGE_KEY'] : computed.secret).toBe(AWKWARD);
    expect(computed).toMatchObject({ bucket: store.storage.name, path: store.storage.path });
    expect(secret['SecretKey']).toBe(AWKWARD);
  });

  it.each<readonly [string, Partial<S3Storage>, string]>([
    ['the whole bucket', { path: '' }, 's3://acme-wandb'],
    ['a sub-path', { path: 'teams/a b' }, 's3://acme-wandb/teams/a%20b'],
  ])('of AWS by the identity of W&B is named by no host and no Secret: %s', (_, changes, address) => {
    const store = { storage: { ...s3, credentials: { kind: 'Ambient' as const }, ...changes } };
    const { secret, configMap } = renderOutputs(ledgerOf([], { instance: store }), NAME);
    const pod = podEnvironment(parse(configMap['values.yaml'] ?? '') as ChartValues, { 'wandb-storage': secret });

    expect([secret['BUCKET'], secret['url'], pod['BUCKET']]).toEqual([address, address, address]);
    expect(secret).toMatchObject({ Provider: 's3', Bucket: 'acme-wandb', Region: 'eu-central-1' });
    for (const key of ['Host', 'AccessKey', 'SecretKey', 'ACCESS_KEY']) expect(secret).not.toHaveProperty(key);
    expect(configMap['values.yaml']).toContain('region: eu-central-1');
  });

  it.each<readonly [BucketStorage, string]>([
    [{ ...azureBlob, credentials: { kind: 'Ambient' } }, 'az://acmewandb/omega-data'],
    [{ ...gcs, credentials: { kind: 'Ambient' } }, 'gs://acme-wandb/teams/omega'],
  ])('by the identity of W&B holds no part of a key (%#)', (storage, address) => {
    const { secret, configMap } = renderOutputs(ledgerOf([], { instance: { storage } }), NAME);
    const pod = podEnvironment(parse(configMap['values.yaml'] ?? '') as ChartValues, { 'wandb-storage': secret });

    expect([secret['BUCKET'], pod['BUCKET']]).toEqual([address, address]);
    expect(pod).not.toHaveProperty('AZURE_STORAGE_KEY');
    expect(secret).not.toHaveProperty('SecretKey');
  });

  it('reaches the v2 operator with raw values (property)', () => {
    fc.assert(
      fc.property(anyBucket, (bucket) => {
        const store = bucket;
        const { secret } = renderOutputs(ledgerOf([], { instance: store }), NAME);
        const { user, secret: key } = userOf(store);
        const account = store.storage.provider === 'AzureBlob' ? store.storage.storageAccount : user;

        expect(secret).toMatchObject({ AccessKey: account, SecretKey: key, Bucket: store.storage.name });
        expect(secret['Path'] ?? '').toBe(store.storage.path);
      }),
    );
  });
});

it('shows no secret in the ConfigMap (property)', () => {
  fc.assert(
    fc.property(fc.array(anyBucket, { minLength: 1, maxLength: 3 }), (buckets) => {
      const { configMap } = renderOutputs(ledgerOf(buckets, { instance: buckets[0]! }), NAME);
      const shown = JSON.stringify(configMap);
      for (const store of buckets) {
        const { secret } = userOf(store);
        // Shorter ones are in any text.
        if (secret.length >= 12) expect(shown.includes(secret)).toBe(false);
      }
    }),
  );
});

it('lists the claims as the YAML of the whole list (property)', () => {
  fc.assert(
    fc.property(anyLedger, (ledger) => {
      const { configMap } = renderOutputs(ledger, NAME);
      const order = ({ address, kind, name, uid = '' }: ClaimRecord): string =>
        [bucketId(address), address.path, kind, name, uid].join('\n');
      const sorted = ledger.claims.toSorted((left, right) => (order(left) < order(right) ? -1 : 1));

      expect(configMap['stores.yaml']).toBe(
        stringify(
          sorted.map((record) => ({
            claim: `${record.kind}/${record.name}`,
            ...(record.team !== undefined && { team: record.team }),
            address: redactedAddress(record.address, record.mode),
            entry: record.hasRow,
            provenAt: record.provenAt,
            ...(record.markedRetained === true && { retained: true }),
          })),
        ),
      );
    }),
  );
});

it('has another hash exactly when the data of the Secret is other data (property)', () => {
  fc.assert(
    fc.property(anyLedger, anyLedger, (left, right) => {
      const [one, other] = [renderOutputs(left, NAME), renderOutputs(right, NAME)];
      const isSame = JSON.stringify(one.secret) === JSON.stringify(other.secret);
      expect(one.server.hash === other.server.hash).toBe(isSame);
      expect(renderOutputs({ ...left, revision: left.revision + 1 }, NAME)).toEqual(one);
    }),
  );
});

it('keeps a hash that is known to the server while the data stays, and no longer', () => {
  const [bucket] = fc.sample(anyBucket, { seed: 7, numRuns: 1 });
  if (bucket === undefined) throw new Error('no sample');
  const ledger = ledgerOf([bucket]);
  const { digest } = renderOutputs(ledger, NAME);
  const known = renderOutputs({ ...ledger, knownHash: { digest, hash: 'former' } }, NAME);
  const changed = renderOutputs({ ...ledger, rows: [], knownHash: { digest, hash: 'former' } }, NAME);

  expect([known.server.hash, known.configMap['secret-hash']]).toEqual(['former', 'former']);
  expect(changed.server.hash).toBe(changed.digest);
});

it('leaves the variable out when there is no entry', () => {
  expect(renderOutputs(ledgerOf([]), NAME).secret).toEqual({});
});
