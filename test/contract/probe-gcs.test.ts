import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  corsFor,
  createGcsAccount,
  createGcsBucket,
  gcsAdmin,
  gcsTarget,
  withForeignKey,
  type GcsAccount,
} from '../servers/gcs.ts';
import { GCS_PERMISSIONS, type GcsCorsRule, type GcsPermission } from '../servers/gcs-state.ts';
import { freePorts } from '../servers/process.ts';
import { sharedServers } from '../servers/shared.ts';

import { APP, failedChecks, probeBucket, PROBE_UID, textsOf, type Outcome } from './probe-outcome.ts';

interface Case {
  readonly bucket: string;
  readonly account: GcsAccount;
  readonly endpoint?: string;
  readonly path?: string;
  readonly mode?: 'Full' | 'Light';
}

function probe(situation: Case): Promise<Outcome> {
  const endpoint = situation.endpoint ?? sharedServers().gcs.endpoint;
  const place = gcsTarget({ ...sharedServers().gcs, endpoint }, situation);
  return probeBucket(place, situation.mode === undefined ? {} : { mode: situation.mode });
}

function everything(bucket: string): Promise<readonly string[]> {
  return gcsAdmin(sharedServers().gcs, 'listEverything', { bucket });
}

/** The bed has no TLS and is on loopback: all that a good bucket there has not passed. */
const GOOD = { TlsTrusted: 'PlainHttp', EndpointPublic: 'EndpointNotPublic' };

let account: GcsAccount;
beforeAll(async () => {
  account = await createGcsAccount(sharedServers().gcs);
});

function newBucket(
  permissions: readonly GcsPermission[] = GCS_PERMISSIONS,
  cors: readonly GcsCorsRule[] = [corsFor(APP)],
) {
  return createGcsBucket(sharedServers().gcs, { account, permissions, cors });
}

describe('a probe of GCS', () => {
  it.each(['', 'teams/omega', "teams/ü & 100% #1?+'(1)!~*=:@,;/日本語"])(
    'passes every check on a good bucket and leaves it as it was, under the path %j',
    async (path) => {
      const bucket = await newBucket();
      const key = `${path === '' ? '' : `${path}/`}model.bin`;
      await gcsAdmin(sharedServers().gcs, 'putObject', { bucket, key, body: 'a model' });
      const before = await everything(bucket);
      const { reasons, seen } = await probe({ bucket, account, path });
      expect(reasons).toEqual(GOOD);
      expect(seen.requests).toBe(20);
      expect(await everything(bucket)).toEqual(before);
      // The URL of a resumable upload does not name the object.
      const changes = (await gcsAdmin(sharedServers().gcs, 'requests', { bucket })).filter(
        ({ method, path: at }) => ['PUT', 'DELETE'].includes(method) && !at.startsWith('/upload/'),
      );
      const elsewhere = changes.filter(
        (one) => !decodeURIComponent(one.path).includes(`.wandb-storage-probe/${PROBE_UID}/`),
      );
      expect([changes.length, elsewhere]).toEqual([5, []]);
    },
  );

  it('sends two requests for a light probe', async () => {
    const bucket = await newBucket();
    const { seen } = await probe({ bucket, account, mode: 'Light' });
    expect(seen).toMatchObject({
      mode: 'Light',
      list: { ok: true, value: { keys: 0 } },
      presigned: { GET: { ok: true, value: { httpStatus: 404 } } },
      crossOrigin: { GET: { ok: true } },
      requests: 2,
    });
    expect(await gcsAdmin(sharedServers().gcs, 'requests', { bucket })).toHaveLength(2);
  });

  it('names a bucket that is not there', async () => {
    const outcome = await probe({ bucket: 'nobody-made-this', account });
    expect(outcome.reasons).toMatchObject({ BucketExists: 'BucketNotFound' });
    expect(failedChecks(outcome)).toEqual(['BucketExists']);
  });

  it.each<[string, () => Promise<GcsAccount>]>([
    ['an account that GCS does not have', () => createGcsAccount(sharedServers().gcs, { known: false })],
    ['a key that is not that of the account', () => withForeignKey(account)],
  ])('names %s, and does not tell the key', async (_name, make) => {
    const bucket = await newBucket();
    const other = await make();
    const outcome = await probe({ bucket, account: other });
    expect(outcome.reasons).toMatchObject({ Authenticated: 'CredentialsInvalid' });
    expect(failedChecks(outcome)).toEqual(['Authenticated']);
    expect(textsOf(outcome)).toContain(other.email);
    expect(JSON.stringify(outcome)).not.toContain(other.privateKey.slice(100, 140));
    expect(await everything(bucket)).toEqual([]);
  });

  it.each<[GcsPermission, Readonly<Record<string, string>>]>([
    ['storage.objects.list', { BucketExists: 'HiddenByStore', CanList: 'ListDenied' }],
    ['storage.objects.create', { CanWrite: 'WriteDenied' }],
    ['storage.objects.get', { CanRead: 'ReadDenied' }],
  ])('names the missing permission %s and leaves nothing', async (permission, expected) => {
    const bucket = await newBucket(GCS_PERMISSIONS.filter((one) => one !== permission));
    const outcome = await probe({ bucket, account });
    expect(outcome.reasons).toMatchObject(expected);
    expect(failedChecks(outcome)).toHaveLength(1);
    expect(textsOf(outcome)).toContain(`It lacks ${permission}.`);
    expect(await everything(bucket)).toEqual([]);
  });

  it('keeps to one object where deletion is not granted, and removes it once it is', async () => {
    const bucket = await newBucket(GCS_PERMISSIONS.filter((one) => one !== 'storage.objects.delete'));
    const { email } = account;
    const grant = (permissions: readonly GcsPermission[]) =>
      gcsAdmin(sharedServers().gcs, 'setPermissions', { bucket, email, permissions });
    const expected = { ...GOOD, CanDelete: 'DeleteDenied' };
    expect((await probe({ bucket, account })).reasons).toEqual(expected);
    expect((await probe({ bucket, account })).reasons).toEqual(expected);
    expect(await everything(bucket)).toHaveLength(1);
    // The object that is there already must not pass for a granted write.
    await grant(['storage.objects.list', 'storage.objects.get']);
    expect((await probe({ bucket, account })).reasons).toMatchObject({ CanWrite: 'WriteDenied' });
    await grant(GCS_PERMISSIONS);
    expect((await probe({ bucket, account })).reasons).toEqual(GOOD);
    expect(await everything(bucket)).toEqual([]);
  });

  it('finds a bucket that anybody can read', async () => {
    const bucket = await newBucket();
    await gcsAdmin(sharedServers().gcs, 'setPublic', { bucket, isPublic: true });
    const outcome = await probe({ bucket, account });
    expect(outcome.reasons).toEqual({ ...GOOD, NotPublic: 'BucketPublic' });
    expect(textsOf(outcome)).toContain(`gcloud storage buckets update gs://${bucket} --public-access-prevention`);
    expect(await everything(bucket)).toEqual([]);
  });

  it.each<[string, readonly GcsCorsRule[], string, string]>([
    ['there is no rule', [], 'CorsOriginNotAllowed', APP],
    ['the rule is for another front end', [corsFor('https://other.example')], 'CorsOriginNotAllowed', APP],
    ['it leaves out PUT', [{ ...corsFor(APP), method: ['GET', 'HEAD'] }], 'CorsMethodNotAllowed', 'cannot send PUT'],
    ['it leaves out a header', [{ ...corsFor(APP), responseHeader: ['ETag'] }], 'CorsHeaderNotAllowed', 'content-type'],
  ])('says what browsers cannot do when %s', async (_name, cors, reason, says) => {
    const bucket = await newBucket(GCS_PERMISSIONS, cors);
    const outcome = await probe({ bucket, account });
    expect(outcome.reasons).toEqual({ ...GOOD, CorsAllowsApp: reason });
    expect(textsOf(outcome)).toContain(says);
    expect(textsOf(outcome)).toContain(`gcloud storage buckets update gs://${bucket} --cors-file=cors.json`);
    expect(await everything(bucket)).toEqual([]);
  });

  it('takes the rule that W&B documents, and only warns that browsers may not read the ETag', async () => {
    const bucket = await newBucket(GCS_PERMISSIONS, [
      { origin: ['*'], method: ['GET', 'HEAD', 'PUT'], responseHeader: ['Content-Type'], maxAgeSeconds: 3000 },
    ]);
    const outcome = await probe({ bucket, account });
    expect(outcome.reasons).toEqual({ ...GOOD, CorsAllowsApp: 'CorsETagHidden' });
    expect(failedChecks(outcome)).toEqual([]);
  });
});

describe('a probe of what is not GCS', () => {
  it('names a port at which nobody listens', async () => {
    const [port = 0] = await freePorts(1);
    const { reasons } = await probe({ bucket: 'any-bucket', account, endpoint: `http://127.0.0.1:${String(port)}` });
    expect(reasons).toEqual({ EndpointReachable: 'ConnectionRefused' });
  });

  it.each<[string, RequestListener]>([
    ['a web server that says yes to everything', html(200)],
    ['a web server that knows nothing', html(404)],
    ['a login page', html(403)],
    ['JSON of another service', (_request, response) => void response.end('{"kind":"storage#bucket"}')],
  ])('is not fooled by %s', async (_name, answer) => {
    const outcome = await withServer(answer, (endpoint) => probe({ bucket: 'any-bucket', account, endpoint }));
    expect(outcome.reasons).toMatchObject({ BucketExists: 'NotAnObjectStore' });
    expect(failedChecks(outcome)).toEqual(['BucketExists']);
  });

  it('follows no redirect, with the token or without', async () => {
    const bucket = await newBucket();
    const target = sharedServers().gcs.endpoint;
    const redirect: RequestListener = (request, response) =>
      void response.writeHead(307, { location: `${target}${request.url ?? ''}` }).end();
    const outcome = await withServer(redirect, (endpoint) => probe({ bucket, account, endpoint }));
    expect(outcome.reasons).toMatchObject({ BucketExists: 'NotAnObjectStore' });
    expect(await gcsAdmin(sharedServers().gcs, 'requests', { bucket })).toEqual([]);
  });
});

function html(status: number): RequestListener {
  return (_request, response) =>
    void response.writeHead(status, { 'content-type': 'text/html' }).end('<html><body>Sign in</body></html>');
}

async function withServer<T>(answer: RequestListener, run: (endpoint: string) => Promise<T>): Promise<T> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await run(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}
