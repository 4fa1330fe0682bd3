import { describe, expect, it } from '@jest/globals';
import { azureBlob, gcs, s3 } from '../../../test/support/fakes/observations.ts';
import { Secret } from '../../base/secret.ts';
import { otherEndpointOfServer, PUBLIC_CLOUDS, storeEndpoint } from '../bucket/store-endpoint.ts';
import type { BucketStorage } from '../bucket/storage.ts';
import { withCloudEndpoint } from '../spec/cloud-endpoint.ts';
import { bareAddress, fileStoreEntry, instanceBucketAddress } from './file-store-address.ts';
import { chartBucket, instanceSecretKeys } from './instance-keys.ts';
import { rowAddress, slotAddress } from './ledger.ts';
import { parseFileStore } from './parse-file-store.ts';

const KEY = { kind: 'AccessKey', accessKeyId: 'AKIA', secretAccessKey: new Secret('s') } as const;
const awsAt = (aws: string) => ({ ...PUBLIC_CLOUDS, aws });
const FIPS = awsAt('https://s3-fips.{region}.amazonaws.com');

const ENDPOINTS: readonly (readonly [what: string, template: string, region: string])[] = [
  ['the public one', PUBLIC_CLOUDS.aws, 'eu-central-1'],
  ['the public one of another partition', PUBLIC_CLOUDS.aws, 'eusc-de-east-1'],
  ['FIPS', 'https://s3-fips.{region}.amazonaws.com', 'us-gov-west-1'],
  ['a private endpoint', 'https://bucket.vpce-0a1b-2c3d.s3.{region}.vpce.amazonaws.com', 'eu-central-1'],
  ['a sovereign cloud that no table has', 'https://s3.{region}.cloud.example', 'xx-north-1'],
  ['an emulator', 'http://127.0.0.1:9000', 'us-east-1'],
];

describe.each(ENDPOINTS)('%s of AWS (--aws-endpoint)', (_, template, region) => {
  const clouds = awsAt(template);
  const storage = withCloudEndpoint({ ...s3, region }, clouds);
  const dialled = new URL(storeEndpoint(storage, clouds));
  const row = { address: slotAddress(storage), credential: KEY, digest: 'd', provenAt: '2026-01-01T00:00:00Z' };

  it('is dialled and published alike, in every output', () => {
    const hostIn = (url: string): string => /@([^/]*)\//.exec(url)?.[1] ?? '';
    expect(hostIn(fileStoreEntry(storage, KEY))).toBe(dialled.host);
    expect(hostIn(instanceBucketAddress(row.address, KEY))).toBe(dialled.host);
    expect(chartBucket(row, 'secret')['name']).toBe(dialled.host);
    const { Host, Port, TlsEnabled, ForcePathStyle } = instanceSecretKeys(row);
    expect(Port === undefined ? Host : `${Host}:${Port}`).toBe(dialled.host);
    expect({ TlsEnabled, ForcePathStyle }).toEqual({
      TlsEnabled: String(dialled.protocol === 'https:'),
      ForcePathStyle: 'false',
    });
  });

  it('can be read back from what is published', () => {
    const entry = fileStoreEntry(storage, KEY);
    const read = parseFileStore(entry)?.address;
    expect(read).toEqual(rowAddress(storage));
    expect(read === undefined ? '' : fileStoreEntry(read, KEY)).toBe(entry);
  });
});

it('says how W&B reaches an endpoint that it would take for that of another store', () => {
  const address = bareAddress(withCloudEndpoint({ ...s3, region: 'us-gov-west-1' }, FIPS));
  expect(address).toBe(
    's3://s3-fips.us-gov-west-1.amazonaws.com/acme-wandb?region=us-gov-west-1&forcePathStyle=false&tls=true',
  );
});

it.each<[string, BucketStorage, Partial<typeof PUBLIC_CLOUDS>, string | undefined]>([
  ['AWS with a key, at its public address', s3, {}, undefined],
  ['AWS with a key, at another', s3, FIPS, undefined],
  [
    "AWS by W&B's own identity, at another",
    { ...s3, credentials: { kind: 'Ambient' } },
    FIPS,
    `https://s3.${s3.region}.amazonaws.com`,
  ],
  ["AWS by W&B's own identity, at its public address", { ...s3, credentials: { kind: 'Ambient' } }, {}, undefined],
  ['Google Cloud', gcs, { gcs: 'https://gcs.acme.example' }, 'https://storage.googleapis.com'],
  [
    'Azure in China',
    azureBlob,
    { azureBlob: 'https://{account}.blob.core.chinacloudapi.cn' },
    `https://${azureBlob.storageAccount}.blob.core.windows.net`,
  ],
  [
    'CoreWeave',
    { provider: 'CoreWeave', name: 'acme', path: '', credentials: s3.credentials },
    { coreWeave: 'https://cwlota.com' },
    'https://cwobject.com',
  ],
])('knows where the server looks for a bucket that was proven elsewhere: %s', (_, storage, flags, server) => {
  const clouds = { ...PUBLIC_CLOUDS, ...flags };
  expect(otherEndpointOfServer(withCloudEndpoint(storage, clouds), clouds)).toBe(server);
});
