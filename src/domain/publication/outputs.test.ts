import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import { anyAmbientBucket, anyBucket, ledgerStore } from '../../../test/fakes/arbitrary-stores.ts';
import { parseAddress, type ParsedAddress } from '../../../test/fakes/file-store-grammar.ts';
import { azureBlob, gcs, s3 } from '../../../test/fakes/observations.ts';
import { podEnvironment, type ChartValues } from '../../../test/fakes/wandb-chart.ts';
import { bucketId } from '../bucket-identity.ts';
import { revealCredential } from '../credential.ts';
import { decodeLedger, encodeLedger, type LedgerStore } from './ledger.ts';
import { renderOutputs } from './outputs.ts';
import { Secret } from '../secret.ts';
import type { BucketStorage, S3Storage } from '../storage.ts';

const FORMAT = { separator: ',', variables: ['GORILLA_SUPPORTED_FILE_STORES', 'SUPPORTED_FILE_STORES'] };
const CONTEXT = { secretName: 'wandb-storage', cloud: 'OnPremises', format: FORMAT } as const;

function ledgerOf(stores: readonly LedgerStore[]) {
  return { salt: new Secret('0123456789abcdef0123456789abcdef'), stores };
}

/** The instance bucket of a W&B that signs in by the identity of its workload. */
function ambientStore(storage: BucketStorage): LedgerStore {
  return {
    claim: { kind: 'InstanceStorage', name: 'wandb', uid: 'uid-1' },
    storage,
    credentialDigest: '',
    provenAt: '2026-01-01T00:00:00Z',
    deletionPolicy: 'Retain',
    retained: false,
  };
}

/** User and secret as an address carries them. */
function userOf({ credential }: LedgerStore): Pick<ParsedAddress, 'user' | 'secret'> {
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

function withKey(store: LedgerStore, secret: string): LedgerStore {
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

/** The same without what the other consumers are told elsewhere. */
function essence({ scheme, user, secret, host, bucket, path, query }: ParsedAddress) {
  return { scheme, user, secret, host, bucket, path, query };
}

describe('the file stores', () => {
  it('are read back exactly as they were encoded, one entry for each bucket (property)', () => {
    fc.assert(
      fc.property(fc.array(anyBucket, { minLength: 1, maxLength: 5 }), (buckets) => {
        const stores = buckets.map((bucket, index) => ledgerStore(bucket, 'TeamStorage', index));
        const { secret } = renderOutputs(ledgerOf(stores), CONTEXT);
        const entries = (secret['SUPPORTED_FILE_STORES'] ?? '').split(',').map(parseAddress);

        expect(entries).toHaveLength(new Set(stores.map(({ storage }) => bucketId(storage))).size);
        for (const entry of entries) {
          const store = stores.find(
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
        const store = ledgerStore(bucket, 'TeamStorage');
        const { secret } = renderOutputs(ledgerOf([store]), CONTEXT);
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
        const stores = buckets.map((bucket, index) => ledgerStore(bucket, 'TeamStorage', index));
        const rendered = renderOutputs(ledgerOf(stores), { ...CONTEXT, format: { ...FORMAT, separator } });
        const value = rendered.secret['SUPPORTED_FILE_STORES'] ?? '';
        const entries = value.split(separator).map(parseAddress);
        expect(entries).toHaveLength(new Set(stores.map(({ storage }) => bucketId(storage))).size);
        expect(value.split(separator)).toEqual(value.split(separator).toSorted());
        expect(rendered.fileStoresBytes).toBe(Buffer.byteLength(value));
      }),
    );
  });

  it('do not depend on the order in which claims came (property)', () => {
    fc.assert(
      fc.property(
        fc
          .array(anyBucket, { minLength: 2, maxLength: 6 })
          .map((buckets) => buckets.map((bucket, index) => ledgerStore(bucket, 'TeamStorage', index)))
          .chain((stores) => fc.tuple(fc.constant(stores), fc.shuffledSubarray(stores, { minLength: stores.length }))),
        ([stores, shuffled]) => {
          expect(renderOutputs(ledgerOf(shuffled), CONTEXT)).toEqual(renderOutputs(ledgerOf(stores), CONTEXT));
        },
      ),
    );
  });
});

describe('the instance bucket', () => {
  it('reaches a pod of the operator-wandb chart as exactly this bucket with this key (property)', () => {
    fc.assert(
      fc.property(anyBucket, (bucket) => {
        const store = ledgerStore(bucket, 'InstanceStorage');
        const { secret, configMap } = renderOutputs(ledgerOf([store]), CONTEXT);
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

  it.each<readonly [string, LedgerStore]>(
    fc
      .sample(anyBucket, { seed: 7, numRuns: 200 })
      .filter(({ storage }, index, all) => all.findIndex((one) => one.storage.provider === storage.provider) === index)
      .map((bucket) => [bucket.storage.provider, withKey(ledgerStore(bucket, 'InstanceStorage'), AWKWARD)] as const),
  )('of %s reaches a pod and the v2 operator with a key of every awkward character', (_provider, store) => {
    const { secret, configMap } = renderOutputs(ledgerOf([store]), CONTEXT);
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
    const store = ambientStore({ ...s3, credentials: { kind: 'Ambient' }, ...changes });
    const { secret, configMap } = renderOutputs(ledgerOf([store]), CONTEXT);
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
    const { secret, configMap } = renderOutputs(ledgerOf([ambientStore(storage)]), CONTEXT);
    const pod = podEnvironment(parse(configMap['values.yaml'] ?? '') as ChartValues, { 'wandb-storage': secret });

    expect([secret['BUCKET'], pod['BUCKET']]).toEqual([address, address]);
    expect(pod).not.toHaveProperty('AZURE_STORAGE_KEY');
    expect(secret).not.toHaveProperty('SecretKey');
  });

  it('reaches the v2 operator with raw values (property)', () => {
    fc.assert(
      fc.property(anyBucket, (bucket) => {
        const store = ledgerStore(bucket, 'InstanceStorage');
        const { secret } = renderOutputs(ledgerOf([store]), CONTEXT);
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
      const marked = buckets.map((bucket, index) => ledgerStore(bucket, 'TeamStorage', index));
      const { configMap } = renderOutputs(ledgerOf(marked), CONTEXT);
      const shown = JSON.stringify(configMap);
      for (const store of marked) {
        const { secret } = userOf(store);
        // Shorter ones are in any text.
        if (secret.length >= 12) expect(shown.includes(secret)).toBe(false);
      }
    }),
  );
});

it('reads a ledger back exactly as it was written, equal bytes for equal ledgers (property)', () => {
  fc.assert(
    fc.property(fc.array(anyBucket, { maxLength: 4 }), (buckets) => {
      const stores = buckets.map((bucket, index) => ledgerStore(bucket, 'TeamStorage', index));
      const text = encodeLedger(ledgerOf(stores));
      const again = decodeLedger(text);
      const plain = (list: readonly LedgerStore[] = []) =>
        list
          .map(({ credential, ...rest }) => ({ ...rest, credential: credential && revealCredential(credential) }))
          .sort((left, right) => (left.claim.uid < right.claim.uid ? -1 : 1));

      expect(plain(again?.stores)).toEqual(plain(stores));
      expect(again === undefined ? '' : encodeLedger(again)).toBe(text);
    }),
  );
});
