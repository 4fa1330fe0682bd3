import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { publishedBuckets } from '../servers/file-stores.ts';
import {
  applySecret,
  applyStorage,
  currentOnes,
  getStorage,
  minioBucket,
  requestValidation,
  rootKey,
  untilStorage,
} from '../servers/objects.ts';
import { startOperator, type OperatorProcess } from '../servers/operator.ts';
import { adminRequest, newBucket, newNamespace, sharedServers } from '../servers/shared.ts';
import { until } from '../servers/until.ts';

let namespace = '';
let operator: OperatorProcess;
let neighbour = '';
let odd = '';
const minio = () => sharedServers().minio;
const user = () => minio().rootUser;

beforeAll(async () => {
  namespace = await newNamespace('bad');
  [neighbour, odd] = await Promise.all([newBucket('neighbour'), newBucket('odd')]);
  await applySecret(namespace, 'root', rootKey(minio()));
  await applyStorage(namespace, 'InstanceStorage', 'wandb', {
    deployment: { type: 'SelfManaged', cloud: 'OnPremises', url: 'https://wandb.example.com' },
    bucket: minioBucket(minio(), await newBucket('instance'), 'root'),
  });
  await applyStorage(namespace, 'TeamStorage', 'neighbour', {
    team: 'neighbour',
    bucket: minioBucket(minio(), neighbour, 'root'),
  });
  operator = await startOperator(namespace);
  await untilStorage({ namespace, kind: 'TeamStorage', name: 'neighbour' }, { ready: 'True', published: 'True' });
});

afterAll(async () => {
  await operator.stop();
});

type Data = Readonly<Record<string, string | Uint8Array>>;

const ec = () => pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
const rsa = () => pem(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);
const pem = (key: ReturnType<typeof generateKeyPairSync>['privateKey']): string =>
  key.export({ type: 'pkcs8', format: 'pem' }).toString();
const keyFile = (changes: object): Data => ({
  'key.json': JSON.stringify({
    type: 'service_account',
    client_email: 'wandb@acme.iam.gserviceaccount.com',
    private_key: rsa(),
    ...changes,
  }),
});
const pair = (secret: string | Uint8Array): Data => ({ ACCESS_KEY: user(), SECRET_KEY: secret });

const s3 =
  (keys: object = {}) =>
  (secret: string) => {
    const bucket = minioBucket(minio(), 'never-reached', secret);
    const secretRef = { name: secret, ...keys };
    return { ...bucket, s3Compatible: { ...bucket.s3Compatible, credentials: { accessKey: { secretRef } } } };
  };
const gcs = (name: string) => ({
  provider: 'GCS',
  name: 'never-reached',
  gcs: { credentials: { serviceAccountKey: { secretRef: { name } } } },
});
const azure = (name: string) => ({
  provider: 'AzureBlob',
  name: 'never-reached',
  azureBlob: { storageAccount: 'acmewandb', credentials: { accountKey: { secretRef: { name } } } },
});
const odder = { accessKeyIdKey: '__proto__', secretAccessKeyKey: 'constructor' };

type Row = readonly [what: string, data: () => Data, bucket: (secret: string) => unknown, reason: string, says: RegExp];

const SECRETS: readonly Row[] = [
  ['an empty Secret', () => ({}), s3(), 'SecretKeyMissing', /has no key ACCESS_KEY \(it has: none\)/],
  ['an empty value', () => pair(''), s3(), 'SecretMalformed', /Key SECRET_KEY .* is empty/],
  ['a binary value', () => pair(Buffer.from([0, 255, 1, 128, 13])), s3(), 'SecretMalformed', /binary|line break/],
  ['bytes that are no text', () => pair(Buffer.from([200, 201, 202])), s3(), 'SecretMalformed', /binary/],
  ['other keys', () => ({ key: 'a', secret: 'b' }), s3(), 'SecretKeyMissing', /it has: key, secret\)/],
  ['a value from Windows', () => pair('the-secret\r\n'), s3(), 'SecretMalformed', /line break/],
  ['a key id from Windows', () => ({ ACCESS_KEY: 'id\r\n', SECRET_KEY: 's' }), s3(), 'SecretMalformed', /ACCESS_KEY/],
  ['a value of 1 MB', () => pair('x'.repeat(1_000_000)), s3(), 'SecretMalformed', /more than 1024 characters/],
  ['keys of a prototype alone', () => protoData('a', 'b'), s3(), 'SecretKeyMissing', /__proto__, constructor/],
  ['keys that every object inherits', () => pair('x'), s3(odder), 'SecretKeyMissing', /has no key __proto__/],
  ['a key file that is no JSON', () => ({ 'key.json': '{"type":' }), gcs, 'SecretMalformed', /is not a JSON object/],
  ['a key file that is a list', () => ({ 'key.json': '[1]' }), gcs, 'SecretMalformed', /is not a JSON object/],
  [
    'a key file nested 8000 deep',
    () => ({ 'key.json': '['.repeat(8000) }),
    gcs,
    'SecretMalformed',
    /is not a JSON object/,
  ],
  ['a key file of 1 MB', () => ({ 'key.json': 'x'.repeat(1_000_000) }), gcs, 'SecretMalformed', /more than 16384/],
  [
    'an external account',
    () => keyFile({ type: 'external_account' }),
    gcs,
    'CredentialTypeNotAllowed',
    /only service_account/,
  ],
  ['a type that is a sentence', () => keyFile({ type: 'a {{b}}' }), gcs, 'CredentialTypeNotAllowed', /type \(none\)/],
  ['no private key', () => keyFile({ private_key: undefined }), gcs, 'SecretMalformed', /no private_key/],
  ['an EC key', () => keyFile({ private_key: ec() }), gcs, 'SecretMalformed', /RSA key in PEM/],
  ['another universe', () => keyFile({ universe_domain: 'evil.example' }), gcs, 'SecretMalformed', /another universe/],
  ['an e-mail that is none', () => keyFile({ client_email: 'a:b@c,d' }), gcs, 'SecretMalformed', /no client_email/],
  [
    'a key that is not base64',
    () => ({ AZURE_STORAGE_KEY: 'not*base64,at@all' }),
    azure,
    'SecretMalformed',
    /base64 text/,
  ],
  ['a short key', () => ({ AZURE_STORAGE_KEY: 'c2hvcnQ=' }), azure, 'SecretMalformed', /base64 text/],
];

/** `{ __proto__: … }` in source would set the prototype. */
function protoData(proto: string, constructor: string): Data {
  return Object.fromEntries([
    ['__proto__', proto],
    ['constructor', constructor],
  ]);
}

describe('Secrets that hold no usable key', () => {
  const nameOf = (index: number): string => `secret-${String(index)}`;

  beforeAll(async () => {
    await Promise.all(SECRETS.map(([, data], index) => applySecret(namespace, nameOf(index), data())));
    await Promise.all(
      SECRETS.map(([, , bucket], index) => {
        const name = nameOf(index);
        return applyStorage(namespace, 'TeamStorage', name, { team: name, bucket: bucket(name) });
      }),
    );
  });

  const rows = SECRETS.map(([what, , , reason, says], index) => ({ what, name: nameOf(index), reason, says }));

  it.each(rows)('$what: the object itself says so', async ({ name, reason, says }) => {
    const at = { namespace, kind: 'TeamStorage', name } as const;
    const object = await untilStorage(at, { ready: 'False', reason, published: 'False' }, 15);

    const resolved = object.status?.conditions?.find(({ type }) => type === 'CredentialsResolved');
    expect(resolved).toMatchObject({ status: 'False', reason, message: expect.stringMatching(says) });
    expect(resolved?.message.length).toBeLessThan(500);
  });

  it('keys named __proto__ and constructor are keys like others', async () => {
    await applySecret(namespace, 'odd', protoData(user(), minio().rootPassword));
    const { name: bucketName, ...rest } = s3(odder)('odd');
    expect(bucketName).toBe('never-reached');
    // Whatever a path may hold beside slashes: it belongs to no entry.
    const bucket = { ...rest, name: odd, path: 'tëams/a,b@c:d' };
    await applyStorage(namespace, 'TeamStorage', 'odd', { team: 'odd', bucket });

    await untilStorage({ namespace, kind: 'TeamStorage', name: 'odd' }, { ready: 'True', published: 'True' });
  });

  it('the neighbour is Ready and validated on request, and exactly the good entries are published', async () => {
    const token = await requestValidation(namespace, 'TeamStorage', 'neighbour');
    await until('the request is answered', async () => {
      const { status } = await getStorage(namespace, 'TeamStorage', 'neighbour');
      return status?.lastHandledReconcileAt === token;
    });

    await untilStorage({ namespace, kind: 'TeamStorage', name: 'neighbour' }, { ready: 'True', published: 'True' });
    expect(await publishedBuckets(namespace)).toEqual([neighbour, odd].sort());
    expect(await currentOnes(namespace)).toEqual(['neighbour', 'odd', 'wandb']);
  });
});

const bucketWith = (changes: object) => ({ bucket: { ...minioBucket(minio(), 'omega', 'root'), ...changes } });
const storeWith = (changes: object) => ({
  bucket: {
    ...minioBucket(minio(), 'omega', 'root'),
    s3Compatible: { ...minioBucket(minio(), 'omega', 'root').s3Compatible, ...changes },
  },
});

const NAMES = [',', '@', '?', '%', '\n', '/..', 'ü', '{{a}}', '$(VAR)'].map(
  (text) =>
    [`a name with ${JSON.stringify(text)}`, () => bucketWith({ name: `a${text}` }), /spec\.bucket\.name/] as const,
);
const PATHS = ['?', '%', '\n', '/../b', '/', '{{a}}', '$(VAR)', '\u0000'].map(
  (text) =>
    [`a path with ${JSON.stringify(text)}`, () => bucketWith({ path: `a${text}` }), /spec\.bucket\.path/] as const,
);

describe('what admission refuses, it refuses with the field and what is wrong', () => {
  it.each([
    ...NAMES,
    ...PATHS,
    ['a number for a text', () => bucketWith({ name: 5 }), /spec\.bucket\.name: Invalid value: "integer"/],
    ['a list for an object', () => bucketWith({ s3Compatible: [] }), /s3Compatible: Invalid value: "array"/],
    ['null for a name', () => bucketWith({ name: null }), /spec\.bucket\.name: (Required|Invalid) value/],
    ['an interval of a year', () => ({ validation: { interval: '1y' } }), /spec\.validation\.interval/],
    ['a negative interval', () => ({ validation: { interval: '-5s' } }), /spec\.validation\.interval/],
    ['an unknown field, 100 deep', () => bucketWith({ deep: nested(100) }), /unknown field "spec\.bucket\.deep"/],
    ['a name that is nested', () => bucketWith({ name: nested(100) }), /spec\.bucket\.name/],
    ['a variable in a Secret name', () => storeWith({ credentials: refTo('$(VAR)') }), /secretRef\.name/],
    ['a comma in the host', () => storeWith({ endpoint: 'http://a,b' }), /s3Compatible\.endpoint/],
  ] as const)('%s', async (_, spec, says) => {
    const path = `/apis/storage.wandb.com/v1alpha1/namespaces/${namespace}/teamstorages`;
    const answer = await adminRequest('POST', `${path}?dryRun=All&fieldValidation=Strict`, {
      apiVersion: 'storage.wandb.com/v1alpha1',
      kind: 'TeamStorage',
      metadata: { name: 'refused' },
      spec: { team: 'refused', ...spec() },
    });

    expect([400, 422]).toContain(answer.status);
    expect(answer.body['message']).toMatch(says);
  });
});

const refTo = (name: string) => ({ accessKey: { secretRef: { name } } });
const nested = (depth: number): unknown => (depth === 0 ? {} : { in: nested(depth - 1) });
