import { createSign } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { PresignedMethod } from '../../src/domain/observations/observations.ts';
import { createOpenBucket } from '../../src/drivers/registry.ts';
import { createAddressPolicy } from '../../src/net/address-policy.ts';
import { createGuardedHttp } from '../../src/net/guarded-http.ts';
import type { BucketClient } from '../../src/ports/bucket.ts';
import {
  corsFor,
  createGcsAccount,
  createGcsBucket,
  gcsAdmin,
  gcsTarget,
  withForeignKey,
  type GcsAccount,
} from '../servers/gcs.ts';
import type { GcsPermission } from '../servers/gcs-state.ts';
import { GCS_PERMISSIONS } from '../servers/gcs-state.ts';
import { sharedServers } from '../servers/shared.ts';

const APP = 'https://wandb.acme.example';
const SCOPE = 'https://www.googleapis.com/auth/devstorage.read_write';

const net = createGuardedHttp({
  policy: createAddressPolicy({ allowedEndpoints: ['127.0.0.0/8'], deniedCidrs: [], apiServerAddresses: [] }),
  proxy: {},
});

let owner: GcsAccount;
let bucket = '';
beforeAll(async () => {
  owner = await createGcsAccount(sharedServers().gcs);
  bucket = await createGcsBucket(sharedServers().gcs, { account: owner, prefix: 'gate' });
  await gcsAdmin(sharedServers().gcs, 'putObject', { bucket, key: 'there', body: 'a body' });
});

async function clientOf(account: GcsAccount, name = bucket): Promise<BucketClient> {
  const { target, clouds } = gcsTarget(sharedServers().gcs, { bucket: name, account });
  return createOpenBucket({ net, clouds })(target);
}

async function signedUrl(
  method: PresignedMethod,
  options: { account?: GcsAccount; seconds?: number; key?: string } = {},
) {
  const client = await clientOf(options.account ?? owner);
  const signed = await client.presign(
    { method, key: options.key ?? 'there', expiresInSeconds: options.seconds ?? 60 },
    AbortSignal.timeout(20_000),
  );
  if (!signed.ok) throw new Error(signed.error.kind);
  return signed.value.url;
}

async function ask(url: string, init: RequestInit = {}) {
  const response = await fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(10_000) });
  return { status: response.status, headers: response.headers, body: await response.text() };
}

async function xmlCode(url: string, init: RequestInit = {}) {
  const { status, body } = await ask(url, init);
  return [status, /<Error><Code>(\w+)<\/Code>/.exec(body)?.[1] ?? body];
}

function token(account: GcsAccount, claims: Readonly<Record<string, unknown>> = {}): string {
  const now = Math.floor(Date.now() / 1000);
  const said = { iss: account.email, sub: account.email, scope: SCOPE, iat: now, exp: now + 3600, ...claims };
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(said)}`;
  return `${text}.${createSign('sha256').update(text).sign(account.privateKey, 'base64url')}`;
}

/** The listing as the JSON API gives it, or its refusal. */
async function list(authorization?: string, name = bucket) {
  const headers = authorization === undefined ? {} : { authorization };
  const { status, body } = await ask(`${sharedServers().gcs.endpoint}/storage/v1/b/${name}/o`, { headers });
  const { kind, error } = JSON.parse(body) as { kind?: string; error?: { errors: readonly { reason: string }[] } };
  return [status, kind ?? error?.errors[0]?.reason];
}

describe('a V4 signed URL', () => {
  it.each<[PresignedMethod, number]>([
    ['GET', 200],
    ['HEAD', 200],
    ['PUT', 200],
    ['DELETE', 204],
  ])('lets %s through', async (method, status) => {
    const key = `signed-${method}`;
    await gcsAdmin(sharedServers().gcs, 'putObject', { bucket, key, body: 'a body' });
    const answer = await ask(await signedUrl(method, { key }), { method, ...(method === 'PUT' && { body: 'new' }) });
    expect(answer.status).toBe(status);
    await gcsAdmin(sharedServers().gcs, 'putObject', { bucket, key, body: '' });
  });

  it('is refused when anything of it was changed', async () => {
    const url = await signedUrl('GET');
    const other = url.endsWith('0') ? '1' : '0';
    const changed = [
      url.slice(0, -1) + other,
      url.replace('/there?', '/elsewhere?'),
      url.replace('X-Goog-Expires=60', 'X-Goog-Expires=61'),
      `${url}&generation=1`,
    ];
    for (const one of changed) expect(await xmlCode(one)).toEqual([403, 'SignatureDoesNotMatch']);
    expect(await xmlCode(url, { method: 'DELETE' })).toEqual([403, 'SignatureDoesNotMatch']);
  });

  it('is refused of an account that nobody knows, and with a key that is not its own', async () => {
    const unknown = await createGcsAccount(sharedServers().gcs, { known: false });
    for (const account of [unknown, await withForeignKey(owner)]) {
      expect(await xmlCode(await signedUrl('GET', { account }))).toEqual([403, 'SignatureDoesNotMatch']);
    }
  });

  it('is refused when it has expired', async () => {
    const url = await signedUrl('GET', { seconds: 1 });
    const end = Date.now() + 10_000;
    while ((await ask(url)).status === 200 && Date.now() < end)
      await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await xmlCode(url)).toEqual([400, 'ExpiredToken']);
  });

  it('says what is missing', async () => {
    expect(await xmlCode(await signedUrl('GET', { key: 'not there' }))).toEqual([404, 'NoSuchKey']);
    const nowhere = await (
      await clientOf(owner, 'nobody-made-this')
    ).presign({ method: 'GET', key: 'there', expiresInSeconds: 60 }, AbortSignal.timeout(20_000));
    expect(await xmlCode(nowhere.ok ? nowhere.value.url : '')).toEqual([404, 'NoSuchBucket']);
  });
});

describe('a bearer token', () => {
  it('lets through whoever signed it, for a scope or for the service', async () => {
    expect(await list(`Bearer ${token(owner)}`)).toEqual([200, 'storage#objects']);
    const aud = 'https://storage.googleapis.com/';
    expect(await list(`Bearer ${token(owner, { scope: undefined, aud })}`)).toEqual([200, 'storage#objects']);
  });

  it.each<[string, (account: GcsAccount) => Promise<string> | string]>([
    ['signed by another key', async (account) => token(await withForeignKey(account))],
    ['of an unknown account', async () => token(await createGcsAccount(sharedServers().gcs, { known: false }))],
    ['that has expired', (account) => token(account, { iat: 1_700_000_000, exp: 1_700_003_600 })],
    ['that lasts too long', (account) => token(account, { exp: Math.floor(Date.now() / 1000) + 7200 })],
    ['for another subject', (account) => token(account, { sub: 'somebody@else.example' })],
    ['for another service', (account) => token(account, { scope: undefined, aud: 'https://pubsub.googleapis.com/' })],
    ['that is none', () => 'ya29.not-a-jwt'],
  ])('%s is refused', async (_name, make) => {
    expect(await list(`Bearer ${await make(owner)}`)).toEqual([401, 'authError']);
  });

  it('does not open a bucket that is not there', async () => {
    expect(await list(`Bearer ${token(owner)}`, 'nobody-made-this')).toEqual([404, 'notFound']);
  });
});

describe('whoever is nobody', () => {
  it('is refused by both APIs, until the bucket is public', async () => {
    const account = owner;
    const open = await createGcsBucket(sharedServers().gcs, { account, prefix: 'open' });
    const listing = `${sharedServers().gcs.endpoint}/${open}`;
    expect(await list(undefined, open)).toEqual([401, 'required']);
    expect(await xmlCode(listing)).toEqual([403, 'AccessDenied']);
    await gcsAdmin(sharedServers().gcs, 'setPublic', { bucket: open, isPublic: true });
    expect(await list(undefined, open)).toEqual([200, 'storage#objects']);
    expect((await ask(listing)).body).toContain(`<Name>${open}</Name>`);
    expect(await xmlCode(`${listing}/new`, { method: 'PUT', body: 'mine' })).toEqual([403, 'AccessDenied']);
  });
});

describe('a permission', () => {
  it.each<[GcsPermission, (client: BucketClient, signal: AbortSignal) => Promise<{ readonly ok: boolean }>]>([
    ['storage.objects.list', (client, signal) => client.list('', 1, signal)],
    ['storage.objects.create', (client, signal) => client.create('new', Buffer.from('new'), signal)],
    ['storage.objects.get', (client, signal) => client.read('there', signal)],
    ['storage.objects.delete', (client, signal) => client.remove('there', '1', signal)],
  ])('that is not granted is missed: %s', async (permission, use) => {
    const account = await createGcsAccount(sharedServers().gcs);
    const permissions = GCS_PERMISSIONS.filter((one) => one !== permission);
    const own = await createGcsBucket(sharedServers().gcs, { account, permissions });
    await gcsAdmin(sharedServers().gcs, 'putObject', { bucket: own, key: 'there', body: 'a body' });
    const used = await use(await clientOf(account, own), AbortSignal.timeout(10_000));
    expect(used).toMatchObject({ ok: false, error: { kind: 'AccessDenied', httpStatus: 403 } });
  });
});

describe('a condition', () => {
  it('keeps from replacing an object and from deleting another generation of it', async () => {
    const client = await clientOf(owner);
    const signal = AbortSignal.timeout(10_000);
    const failed = {
      ok: false,
      error: { kind: 'PreconditionFailed', httpStatus: 412, providerCode: 'conditionNotMet' },
    };
    expect(await client.create('there', Buffer.from('new'), signal)).toMatchObject(failed);
    expect(await client.remove('there', '1', signal)).toMatchObject(failed);
    const read = await client.read('there', signal);
    expect(read.ok && Buffer.from(read.value.body).toString()).toBe('a body');
  });

  it('is told as such to whoever may not delete, though GCS speaks of the permission', async () => {
    const account = await createGcsAccount(sharedServers().gcs);
    const permissions = ['storage.objects.create', 'storage.objects.get'] as const;
    const own = await createGcsBucket(sharedServers().gcs, { account, permissions });
    const client = await clientOf(account, own);
    const signal = AbortSignal.timeout(10_000);
    expect(await client.create('once', Buffer.from('new'), signal)).toMatchObject({ ok: true });
    expect(await client.create('once', Buffer.from('new'), signal)).toMatchObject({
      ok: false,
      error: { kind: 'PreconditionFailed', httpStatus: 403, providerCode: 'forbidden' },
    });
  });
});

describe('the CORS setting of a bucket', () => {
  async function preflight(url: string, origin: string, method = 'PUT') {
    const headers = {
      origin,
      'access-control-request-method': method,
      'access-control-request-headers': 'content-type',
    };
    const { status, headers: said } = await ask(url, { method: 'OPTIONS', headers });
    return [status, said.get('access-control-allow-origin'), said.get('access-control-allow-methods')];
  }

  it('decides what preflights and answers say', async () => {
    const account = owner;
    const own = await createGcsBucket(sharedServers().gcs, { account, cors: [corsFor(APP)] });
    const url = `${sharedServers().gcs.endpoint}/${own}/any`;
    expect(await preflight(url, APP)).toEqual([200, APP, 'GET, HEAD, PUT']);
    expect(await preflight(url, 'https://other.example')).toEqual([200, null, null]);
    expect(await preflight(url, APP, 'DELETE')).toEqual([200, null, null]);
    const { status, headers } = await ask(url, { headers: { origin: APP } });
    expect([status, headers.get('access-control-allow-origin'), headers.get('access-control-expose-headers')]).toEqual([
      403,
      APP,
      'Content-Type, Content-MD5, ETag',
    ]);
    await gcsAdmin(sharedServers().gcs, 'setCors', { bucket: own, cors: [] });
    expect(await preflight(url, APP)).toEqual([200, null, null]);
  });
});
