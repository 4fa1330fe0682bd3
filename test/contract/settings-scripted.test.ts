import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Secret } from '../../src/base/secret.ts';
import { PUBLIC_CLOUDS } from '../../src/domain/bucket/store-endpoint.ts';
import {
  listing,
  location,
  refusal,
  startScriptedS3,
  xml,
  type Script,
  type ScriptedS3,
} from '../servers/scripted-s3.ts';
import { failedChecks, probeBucket, textsOf, type Outcome } from './probe-outcome.ts';

/** What AWS says and no emulator does: keys of KMS, archive classes, locations, single grants. */
const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/0f0f0f0f-1111-2222-3333-444455556666';
const GOOD = { TlsTrusted: 'PlainHttp', EndpointPublic: 'EndpointNotPublic' };
const ENCRYPTED = {
  'x-amz-server-side-encryption': 'aws:kms',
  'x-amz-server-side-encryption-aws-kms-key-id': KEY,
};

let store: ScriptedS3;
beforeAll(async () => {
  store = await startScriptedS3('acme-wandb');
});
beforeEach(() => store.reset());
afterAll(() => store.stop());

async function probe(
  script?: Script,
  options: {
    readonly kmsKeyArn?: string;
    readonly expectedBucketOwner?: string;
    readonly objectHeaders?: Readonly<Record<string, string>>;
  } = {},
): Promise<Outcome> {
  const { objectHeaders, ...changes } = options;
  store.reset(script, objectHeaders);
  const credentials = { kind: 'AccessKey', secretName: 's', accessKeyIdKey: 'ID', secretAccessKeyKey: 'KEY' } as const;
  const place = { provider: 'S3', name: store.bucket, path: 'teams/omega', region: 'eu-central-1' } as const;
  const secretAccessKey = new Secret('secret');
  const credential = { kind: 'AccessKey', accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey } as const;
  const target = { storage: { ...place, ...changes, credentials }, credential };
  const outcome = await probeBucket({ target, clouds: { ...PUBLIC_CLOUDS, aws: store.url } });
  expect(store.keys()).toEqual([]);
  return outcome;
}

describe('a probe of the settings of AWS (scripted)', () => {
  it.each([undefined, '111122223333'])('sends all that it may and no more, with owner %s', async (owner) => {
    const outcome = await probe(undefined, owner === undefined ? {} : { expectedBucketOwner: owner });
    expect(outcome.reasons).toEqual(GOOD);
    expect(store.requests).toHaveLength(27);
    expect(outcome.seen.requests).toBe(27);
  });

  it('names what of the documented grant is missing, and is proven all the same', async () => {
    const settings = ['object-lock', 'lifecycle', 'versions', 'location', 'encryption', 'cors'];
    const outcome = await probe(({ query }) =>
      settings.some((name) => query.has(name)) ? refusal(403, 'AccessDenied') : undefined,
    );
    expect(failedChecks(outcome)).toEqual([]);
    expect(outcome.reasons).toEqual({
      ...GOOD,
      ObjectsDeletable: 'SettingNotReadable',
      LifecycleSafe: 'SettingNotReadable',
      GrantComplete: 'GrantIncomplete',
    });
    expect(textsOf(outcome)).toContain(
      '"Action":["s3:ListBucketVersions","s3:GetBucketLocation","s3:GetEncryptionConfiguration","s3:GetBucketCORS"]',
    );
  });

  it('believes the location of a bucket that also answers elsewhere', async () => {
    const outcome = await probe(({ query }) => (query.has('location') ? xml(200, location('EU')) : undefined));
    expect(outcome.reasons['RegionMatches']).toBe('RegionMismatch');
    expect(textsOf(outcome)).toContain('is in eu-west-1');
  });

  it('writes nothing to a bucket whose objects are kept', async () => {
    const lock =
      '<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention><Mode>GOVERNANCE</Mode><Days>7</Days></DefaultRetention></Rule></ObjectLockConfiguration>';
    const outcome = await probe(({ query }) => (query.has('object-lock') ? xml(200, lock) : undefined));
    expect(failedChecks(outcome)).toEqual(['ObjectsDeletable']);
    expect(textsOf(outcome)).toContain('a default retention of 7 days (GOVERNANCE)');
    expect(store.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  it('warns of objects that were archived, and of rules that archive', async () => {
    const rules =
      '<LifecycleConfiguration><Rule><ID>cold</ID><Status>Enabled</Status><Filter><Prefix></Prefix></Filter><Transition><Days>30</Days><StorageClass>DEEP_ARCHIVE</StorageClass></Transition></Rule>' +
      '<Rule><ID>off</ID><Status>Disabled</Status><Filter><Prefix></Prefix></Filter><Expiration><Days>1</Days></Expiration></Rule></LifecycleConfiguration>';
    const old = '<Contents><Key>teams/omega/old.bin</Key><StorageClass>GLACIER</StorageClass></Contents>';
    const outcome = await probe(({ query, headers }) => {
      if (query.has('lifecycle')) return xml(200, rules);
      const isFirst = query.get('list-type') === '2' && query.get('prefix') === 'teams/omega/';
      return isFirst && headers.authorization !== undefined ? xml(200, listing('acme-wandb', old)) : undefined;
    });
    expect(outcome.reasons).toEqual({
      ...GOOD,
      LifecycleSafe: 'LifecycleArchives',
      StorageClassReadable: 'ObjectsArchived',
    });
    expect(textsOf(outcome)).toContain('lifecycle rule "cold" that moves objects there to DEEP_ARCHIVE');
  });
});

describe('a probe of a bucket with a KMS key (scripted)', () => {
  it.each([
    ['KmsKeyDisabled', refusal(400, 'KMS.DisabledException'), 'aws kms enable-key'],
    ['KmsKeyNotFound', refusal(400, 'KMS.NotFoundException'), 'spec.bucket.s3.kmsKeyArn'],
    ['KmsAccessDenied', refusal(403, 'AccessDenied', 'may not kms:GenerateDataKey on'), 'kms:GenerateDataKey*'],
  ])('names %s when it writes', async (reason, answer, says) => {
    const outcome = await probe(({ method }) => (method === 'PUT' ? answer : undefined));
    expect(failedChecks(outcome)).toEqual(['KmsUsable']);
    expect(outcome.reasons['KmsUsable']).toBe(reason);
    expect(textsOf(outcome)).toContain('Writing an object failed');
    expect(textsOf(outcome)).toContain(says);
  });

  it('names a key that encrypts and does not decrypt', async () => {
    const outcome = await probe(({ method, key, headers }) =>
      method === 'GET' && key !== '' && headers.authorization !== undefined && store.keys().includes(key)
        ? refusal(403, 'AccessDenied', 'not authorized to perform: kms:Decrypt on')
        : undefined,
    );
    expect(failedChecks(outcome)).toEqual(['KmsUsable']);
    expect(textsOf(outcome)).toContain('Reading an object back failed');
  });

  it('writes with the key of the spec, and announces its headers to CORS', async () => {
    const outcome = await probe(undefined, { kmsKeyArn: KEY, objectHeaders: ENCRYPTED });
    expect(outcome.reasons).toEqual(GOOD);
    const puts = store.requests.filter(({ method }) => method === 'PUT');
    expect(puts.map(({ headers }) => headers['x-amz-server-side-encryption-aws-kms-key-id'])).toEqual([KEY, KEY]);
    const begun = store.requests.filter(({ method, query }) => method === 'POST' && query.has('uploads'));
    expect(begun.map(({ headers }) => headers['x-amz-server-side-encryption-aws-kms-key-id'])).toEqual([KEY]);
    expect(puts[0]?.query.get('X-Amz-SignedHeaders')).toContain('x-amz-server-side-encryption-aws-kms-key-id');
    const announced = store.requests
      .filter(({ method, headers }) => method === 'OPTIONS' && headers['access-control-request-method'] === 'PUT')
      .map(({ headers }) => headers['access-control-request-headers']);
    expect(announced).toEqual([expect.stringContaining('x-amz-server-side-encryption')]);
  });

  it('names a bucket that encrypts with another key than the spec says', async () => {
    const other = { kmsKeyArn: KEY.replace('0f0f0f0f', '0a0a0a0a'), objectHeaders: ENCRYPTED };
    const outcome = await probe(undefined, other);
    expect(failedChecks(outcome)).toEqual(['EncryptionMatches']);
    expect(textsOf(outcome)).toContain(`encrypts new objects by aws:kms with key ${KEY}`);
  });
});
