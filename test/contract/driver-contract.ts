import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BucketFailure } from '../../src/domain/observations/bucket-failure.ts';
import { PRESIGNED_METHODS, type PresignedMethod } from '../../src/domain/observations/observations.ts';
import { contentMd5 } from '../../src/base/digest.ts';
import type { Result } from '../../src/base/result.ts';
import { storeEndpoint, type CloudEndpoints } from '../../src/domain/bucket/store-endpoint.ts';
import type { BucketTarget } from '../../src/domain/bucket/target.ts';
import { createOpenBucket } from '../../src/drivers/registry.ts';
import type { GuardedHttp } from '../../src/net/guarded-http.ts';
import type { BucketClient } from '../../src/ports/bucket.ts';
import type { PlainRequest } from '../../src/ports/http.ts';
import type { PartWanted } from '../../src/ports/multipart.ts';
import { freePorts } from '../servers/process.ts';
import { startStoreFront } from '../servers/store-front.ts';
import { loopbackNet, probeBucket } from './probe-outcome.ts';

/** A bucket and where its cloud is. */
export interface Place {
  readonly target: BucketTarget;
  readonly clouds: CloudEndpoints;
}

/** What a provider's bed must offer to be tested by the contract. */
export interface DriverBed {
  /** A new, empty bucket with a credential that may do everything in it. */
  bucket(): Promise<Place>;
  /** The same kind of bucket at another address (`http://127.0.0.1:port`). */
  elsewhere(place: Place, url: string): Place;
  /** The same bucket with a credential that the store does not accept. */
  stranger(place: Place): Place;
  /** A bucket that does not exist, with a good credential. */
  missing(place: Place): Place;
  /** Connections that resolve names of the test's own. */
  readonly net?: GuardedHttp;
  /** Secrets of the good credential: they must not show in any failure. */
  secretsOf(place: Place): readonly string[];
}

/** The failure that this store gives in each situation: the shapes of the pinned versions. */
export interface DriverShapes {
  readonly stranger: Shape;
  readonly missing: Shape;
  readonly existing: Shape;
  readonly absent: Shape;
  /** A pre-signed URL whose signature was changed. */
  readonly tampered: Shape;
  readonly expired: Shape;
  /** Without any signature. */
  readonly anonymous: Shape;
}
export type Shape = Pick<BucketFailure, 'kind' | 'httpStatus' | 'providerCode'>;

/** Keys that careless encoding breaks. */
const AWKWARD_KEYS = [
  'a b/c+d',
  'percent%2Fencoded%',
  'hash#question?equals=&',
  'quote\'s"(round)*!',
  'ünïcødé/日本語/🪣',
  'tilde~at@colon:semi;comma,',
];

function valueOf<T>(result: Result<T, BucketFailure>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

const soon = (): AbortSignal => AbortSignal.timeout(15_000);

/** What every driver must do alike, against a real store. `shapes` is what that store answers. */
export function describeDriver(name: string, bed: DriverBed, shapes: DriverShapes): void {
  describe(`the driver contract, ${name}`, () => {
    let place: Place;
    let client: BucketClient;
    const clients: BucketClient[] = [];
    const net = bed.net ?? loopbackNet;

    async function open(at: Place): Promise<BucketClient> {
      const opened = await createOpenBucket({ net, clouds: at.clouds })(at.target);
      clients.push(opened);
      return opened;
    }

    beforeAll(async () => {
      place = await bed.bucket();
      client = await open(place);
    });
    afterAll(() => {
      for (const one of clients) one.close();
    });

    function expectFailure(result: Result<unknown, BucketFailure>, shape: Shape): void {
      expect(result.ok).toBe(false);
      if (result.ok) return;
      const { kind, httpStatus, providerCode } = result.error;
      expect({ kind, httpStatus, providerCode }).toEqual({ providerCode: undefined, httpStatus: undefined, ...shape });
      for (const secret of bed.secretsOf(place)) expect(JSON.stringify(result.error)).not.toContain(secret);
    }

    async function create(key: string, body: string): Promise<string> {
      const created = await client.create(key, Buffer.from(body), soon());
      if (!created.ok) throw new Error(`${key}: ${JSON.stringify(created.error)}`);
      return created.value.revision;
    }

    async function signed(method: PresignedMethod, key: string, expiresInSeconds = 60): Promise<PlainRequest> {
      const request = await client.presign({ method, key, expiresInSeconds }, AbortSignal.timeout(20_000));
      if (!request.ok) throw new Error(JSON.stringify(request.error));
      return request.value;
    }

    function partOf(key: string, upload: string, body = 'one part'): PartWanted {
      return { key, upload, expiresInSeconds: 60, md5: contentMd5(Buffer.from(body)) };
    }

    async function send(request: PlainRequest) {
      const answer = await net.http.send(request, soon());
      if (!answer.ok) throw new Error(JSON.stringify(answer.error));
      return answer.value;
    }

    it('lists keys under a prefix only, and says when there are more', async () => {
      expect(await client.list('listed/', 5, soon())).toEqual({ ok: true, value: { keys: [], truncated: false } });
      for (const key of ['listed/a', 'listed/b', 'listed/c', 'other']) await create(key, key);

      const some = await client.list('listed/', 2, soon());
      expect(some.ok && some.value.keys.map(({ key }) => key)).toEqual(['listed/a', 'listed/b']);
      expect(some.ok && some.value.truncated).toBe(true);
      const all = await client.list('listed/', 5, soon());
      expect(all.ok && all.value.keys.map(({ key }) => key)).toEqual(['listed/a', 'listed/b', 'listed/c']);
      expect(all.ok && all.value.truncated).toBe(false);
    });

    it('creates an object once, and never replaces it', async () => {
      await create('once', 'first');

      expectFailure(await client.create('once', Buffer.from('second'), soon()), shapes.existing);
      const read = await client.read('once', soon());
      expect(read.ok && Buffer.from(read.value.body).toString()).toBe('first');
    });

    it('reads nothing of an object that is not there', async () => {
      expectFailure(await client.read('absent', soon()), shapes.absent);
    });

    it('removes an object', async () => {
      const revision = await create('removed', 'x');

      expect(await client.remove('removed', revision, soon())).toEqual({ ok: true, value: undefined });
      expectFailure(await client.read('removed', soon()), shapes.absent);
    });

    it.each(AWKWARD_KEYS)('takes the key %s by signed requests and by pre-signed URLs', async (key) => {
      const body = `of ${key}`;
      const revision = await create(key, body);
      const read = await client.read(key, soon());
      expect(read.ok && Buffer.from(read.value.body).toString()).toBe(body);
      const listed = await client.list(key, 1, soon());
      expect(listed.ok && listed.value.keys.map((one) => one.key)).toEqual([key]);

      const got = await send(await signed('GET', key));
      expect([got.status, Buffer.from(got.body).toString()]).toEqual([200, body]);
      expect((await client.remove(key, revision, soon())).ok).toBe(true);
    });

    it('signs URLs that work without any SDK: PUT, GET, HEAD and DELETE', async () => {
      const body = Buffer.from('uploaded');
      const put = await send({ ...(await signed('PUT', 'signed/object')), body });
      expect(put.status).toBeLessThan(300);
      const get = await send(await signed('GET', 'signed/object'));
      expect([get.status, Buffer.from(get.body).toString()]).toEqual([200, 'uploaded']);
      expect((await send(await signed('HEAD', 'signed/object'))).status).toBe(200);
      expect((await send(await signed('DELETE', 'signed/object'))).status).toBeLessThan(300);
      expectFailure(await client.read('signed/object', soon()), shapes.absent);
    });

    it('uploads an object in parts, the part by a URL that needs no SDK', async () => {
      const { start, part, complete, unended } = client.multipart;
      const upload = start === undefined ? '' : valueOf(await start('in parts', soon()));
      const request = valueOf(await part(partOf('in parts', upload), soon()));
      const answer = await send({ ...request, body: Buffer.from('one part') });
      expect(answer.status).toBeGreaterThanOrEqual(200);
      expect(answer.status).toBeLessThan(300);
      const completed = await complete?.('in parts', { upload, answer }, soon());

      const read = valueOf(await client.read('in parts', soon()));
      expect(Buffer.from(read.body).toString()).toBe('one part');
      if (completed !== undefined) expect(valueOf(completed).revision).toBe(read.revision);
      const again = await unended?.abort('in parts', upload, soon());
      if (again?.ok === false) expect(again.error.kind).toMatch(/ObjectNotFound|PreconditionFailed/);
    });

    it('ends an upload that nobody completed, where stores keep such, and touches none that was', async () => {
      const { start, part, complete, unended } = client.multipart;
      if (unended === undefined) return;
      const begin = async (key: string) => {
        const upload = start === undefined ? '' : valueOf(await start(key, soon()));
        const request = valueOf(await part(partOf(key, upload), soon()));
        return { upload, answer: await send({ ...request, body: Buffer.from('one part') }) };
      };
      const { upload } = await begin('unended');
      // MinIO lists those of a whole key only.
      expect(valueOf(await unended.list('unended', soon()))).toEqual([{ key: 'unended', upload }]);
      expect(await unended.abort('unended', upload, soon())).toEqual({ ok: true, value: undefined });
      expect(valueOf(await unended.list('unended', soon()))).toEqual([]);

      const kept = await begin('kept');
      await complete?.('kept', kept, soon());
      const late = await unended.abort('kept', kept.upload, soon());
      expect(late.ok ? 'ended' : late.error.kind).toMatch(/ended|ObjectNotFound|PreconditionFailed/);
      expect((await client.read('kept', soon())).ok).toBe(true);
    });

    it('has a part refused when its URL was tampered with', async () => {
      const { start, part } = client.multipart;
      const upload = start === undefined ? '' : valueOf(await start('tampered part', soon()));
      const request = valueOf(await part(partOf('tampered part', upload, 'x'), soon()));
      const url = request.url.replace(/((?:Signature|sig|upload_id)=)([^&]{4})/, '$1aaaa');
      expect(url).not.toBe(request.url);
      const answer = await send({ ...request, url, body: Buffer.from('x') });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
    });

    it('has pre-signed URLs refused when they were tampered with, and explains the refusal', async () => {
      await create('guarded', 'x');
      const request = await signed('GET', 'guarded');
      const answer = await send({ ...request, url: tampered(request.url) });

      expectFailure({ ok: false, error: client.explain(answer) }, shapes.tampered);
    });

    it.each(PRESIGNED_METHODS)('names no secret in a pre-signed %s', async (method) => {
      const { url, headers = {} } = await signed(method, 'any');
      for (const secret of bed.secretsOf(place)) expect(url + JSON.stringify(headers)).not.toContain(secret);
    });

    it('has pre-signed URLs die at their time', async () => {
      await create('short-lived', 'x');
      const request = await signed('GET', 'short-lived', 1);
      const deadline = Date.now() + 10_000;
      let answer = await send(request);
      while (answer.status === 200 && Date.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, 200));
        answer = await send(request);
      }
      expectFailure({ ok: false, error: client.explain(answer) }, shapes.expired);
    });

    it('is refused without a signature', async () => {
      await create('private', 'secret content');
      const object = await send(client.anonymousObject('private'));
      expectFailure({ ok: false, error: client.explain(object) }, shapes.anonymous);
      const listing = await send(client.anonymousListing(''));
      expect([listing.status >= 400, client.isListing(listing)]).toEqual([true, false]);
    });

    it('understands an answer for an absent key as such, whoever signed it', async () => {
      const answer = await send(await signed('GET', 'absent'));
      expect(client.explain(answer).kind).toBe('ObjectNotFound');
    });

    it('tells a credential that the store does not accept', async () => {
      const stranger = await open(bed.stranger(place));
      expectFailure(await stranger.list('', 1, soon()), shapes.stranger);
    });

    it('tells a bucket that is not there', async () => {
      const missing = await open(bed.missing(place));
      expectFailure(await missing.list('', 1, soon()), shapes.missing);
    });

    it('tells that nobody listens', async () => {
      const [port = 0] = await freePorts(1);
      const nobody = await open(bed.elsewhere(place, `http://127.0.0.1:${port}`));
      expectFailure(await nobody.list('', 1, soon()), { kind: 'ConnectionRefused', providerCode: 'ECONNREFUSED' });
    });

    it.each<['Full' | 'Light', number]>([
      ['Full', 30],
      ['Light', 2],
    ])('lets a %s probe need at most %i requests, counted before the store', async (mode, most) => {
      const fresh = await bed.bucket();
      const front = await startStoreFront(new URL(storeEndpoint(fresh.target.storage, fresh.clouds)).origin);
      try {
        const { seen, results } = await probeBucket(bed.elsewhere(fresh, front.url), { mode, net });
        // The servers have no TLS, and their buckets no CORS rule; that ends no probe.
        const expected = ['CorsAllowsApp', 'MixedContent'];
        expect(results.filter(({ name: check, result }) => result === 'Fail' && !expected.includes(check))).toEqual([]);
        expect(front.requests.length).toBe(seen.requests);
        expect(front.requests.length).toBeLessThanOrEqual(most);
      } finally {
        await front.stop();
      }
    });

    it('ends a call with its signal', async () => {
      const signal = AbortSignal.abort();
      const ended = await client.list('', 1, signal);
      expect(!ended.ok && ended.error.kind).toBe('DeadlineExceeded');
    });

    describe('against a web server that answers 200 to everything', () => {
      let server: Server;
      let other: BucketClient;

      beforeAll(async () => {
        server = createServer((request, response) => {
          request.resume();
          response.writeHead(200, { 'content-type': 'text/html' });
          response.end('<!DOCTYPE html><html><head><title>Sign in</title></head><body>Welcome</body></html>');
        });
        await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
        const { port } = server.address() as AddressInfo;
        other = await open(bed.elsewhere(place, `http://127.0.0.1:${port}`));
      });
      afterAll(() => {
        server.close();
      });

      it('takes a page for no listing', async () => {
        const listed = await other.list('', 1, soon());
        expect(!listed.ok && listed.error.kind).toBe('NotAnObjectStore');
        expect(other.isListing(await send(other.anonymousListing('')))).toBe(false);
      });

      it('takes no page for the confirmation of a created object', async () => {
        const created = await other.create('key', Buffer.from('x'), soon());
        expect(!created.ok && created.error.kind).toBe('NotAnObjectStore');
      });
    });
  });
}

/** The URL with another signature of the same form. */
function tampered(url: string): string {
  const match = /([?&](?:X-Amz-Signature|X-Goog-Signature|sig)=)([^&]+)/.exec(url);
  if (match === null) throw new Error('the URL has no signature');
  const [all, name = '', signature = ''] = match;
  const flipped = signature.startsWith('a') ? `b${signature.slice(1)}` : `a${signature.slice(1)}`;
  return url.replace(all, name + flipped);
}
