import type { BucketFailure } from '../../../src/domain/observations/bucket-failure.ts';
import type { PresignedMethod } from '../../../src/domain/observations/observations.ts';
import { err, ok, type Result } from '../../../src/base/result.ts';
import type { ObjectLock } from '../../../src/domain/observations/object-lock.ts';
import type { BucketSettings } from '../../../src/domain/observations/bucket-settings.ts';
import type { BucketCall } from '../../../src/ports/bucket-call.ts';
import type { BucketClient, SettingsRequest } from '../../../src/ports/bucket.ts';
import type { PlainHttp, PlainRequest, PlainResponse } from '../../../src/ports/http.ts';

/** Steps of an upload in parts; the part itself is a plain PUT. */
type MultipartAction = 'unended' | 'start' | 'part' | 'complete' | 'abort';

export type StoreAction =
  | 'list'
  | 'region'
  | 'lock'
  | 'settings'
  | 'create'
  | 'read'
  | 'remove'
  | MultipartAction
  | 'endpoint'
  | 'anonymous'
  | 'preflight'
  | 'announce'
  | PresignedMethod;

/** One request that reached the store. */
export interface StoreCall {
  readonly action: StoreAction;
  readonly key: string;
}

const HOST = 'https://store.example';

/**
 * An object store in memory behind both ports: the SDK's way and plain HTTP. It
 * records every request and key, refuses what it is told to, and calls `before`
 * ahead of each request, where a test can abort.
 */
export class FakeStore {
  readonly objects = new Map<string, { readonly body: Uint8Array; readonly revision: string }>();
  /** Uploads in parts that have begun. */
  readonly uploads = new Map<string, { readonly key: string; body?: Uint8Array }>();
  readonly calls: StoreCall[] = [];
  readonly failures = new Map<StoreAction, BucketFailure>();
  /** Refuses some requests by their key. */
  refuses: (call: StoreCall) => BucketFailure | undefined = () => undefined;
  /** Requests that never get an answer until their signal ends them. */
  readonly hangs = new Set<StoreAction>();
  /** Requests that the store has and does later. */
  readonly later = new Map<StoreAction, Promise<unknown>>();
  /** Requests that hang do not heed their signal either. */
  deaf = false;
  /** Answers success and does nothing. */
  readonly lies = new Set<StoreAction>();
  isPublic = false;
  /** It answers for absent objects as for forbidden ones. */
  hidesAbsence = false;
  /** Its 403 and 404 are pages of what stands before it. */
  isBehindGateway = false;
  /** How many requests for settings it takes before a write, */
  settingsBefore = 1;
  /** and after it. */
  moreSettings = 1;
  /** What it tells of itself: of its lock and its versions when asked before a write, the rest after it. */
  bucketSettings: Pick<BucketSettings, 'retention' | 'versioning' | 'lifecycle'> = {
    retention: { keeps: [] },
    versioning: { enabled: true },
    lifecycle: [],
  };
  /** Nothing before it limits the length of bodies. */
  takesLongBodies = true;
  /** As SeaweedFS: an announced body that never comes is an empty object, and may replace what is written next. */
  storesNothing = false;
  readonly #awaited = new Set<string>();
  allowedOrigin: string | undefined = '*';
  serverTime = Date.parse('2026-01-01T00:00:00Z');
  closed = 0;
  /** What it reports with each object. */
  lock: ObjectLock | undefined;
  /** How many objects were written so far: with object lock, as many versions stay. */
  written = 0;
  /** Deletions that take effect only when the test says so. */
  deletesLate = false;
  readonly deletions: (() => void)[] = [];
  /** Its listings begin at the first key, whatever is asked for. */
  ignoresStart = false;
  /** It sends whole objects, whatever range is asked for. */
  ignoresRange = false;
  readonly requests: PlainRequest[] = [];
  before: (call: StoreCall) => void = () => undefined;
  #revision = 0;
  #uploadsBegun = 0;

  /** Puts an object there that was there before. */
  put(key: string, body: string | Uint8Array): void {
    this.#revision += 1;
    this.written += 1;
    this.objects.set(key, { body: Buffer.from(body), revision: `"r${this.#revision}"` });
  }

  keys(): readonly string[] {
    return [...this.objects.keys()];
  }

  actions(): readonly StoreAction[] {
    return this.calls.map(({ action }) => action);
  }

  client(): BucketClient {
    return {
      endpointUrl: HOST,
      list: (prefix, maxKeys, signal) =>
        this.#answer({ action: 'list', key: prefix }, signal, () => {
          const keys = this.keys().filter((key) => key.startsWith(prefix));
          return ok({ keys: keys.slice(0, maxKeys).map((key) => ({ key })), truncated: keys.length > maxKeys });
        }),
      listFrom: (prefix, start, maxKeys, signal) =>
        this.#answer({ action: 'list', key: prefix }, signal, () => {
          const from = this.ignoresStart ? '' : start;
          const keys = this.keys()
            .filter((key) => key.startsWith(prefix) && key > from)
            .sort();
          return ok({ keys: keys.slice(0, maxKeys).map((key) => ({ key })), truncated: keys.length > maxKeys });
        }),
      region: (signal) => this.#answer({ action: 'region', key: '' }, signal, () => ok({ region: 'eu-central-1' })),
      settings: () => [
        ...Array.from({ length: this.settingsBefore }, () => this.#settings('lock', ['retention', 'versioning'])),
        ...Array.from({ length: this.moreSettings }, () => this.#settings('settings', ['lifecycle'])),
      ],
      create: (key, body, signal) =>
        this.#answer({ action: 'create', key }, signal, () => {
          if (this.objects.has(key)) {
            return err({ kind: 'PreconditionFailed', httpStatus: 412, providerCode: 'PreconditionFailed' });
          }
          this.put(key, body);
          return ok({ revision: this.objects.get(key)?.revision ?? '', conditional: true });
        }),
      read: (key, signal) =>
        this.#answer({ action: 'read', key }, signal, () => {
          const object = this.objects.get(key);
          if (object === undefined) return err(this.hidesAbsence ? hidden : absent);
          return ok(this.lock === undefined ? object : { ...object, lock: this.lock });
        }),
      remove: (key, revision, signal) =>
        this.#answer({ action: 'remove', key }, signal, () => {
          const object = this.objects.get(key);
          if (object === undefined) return err(absent);
          if (object.revision !== revision) return err({ kind: 'PreconditionFailed', httpStatus: 412 });
          if (!this.lies.has('remove')) this.#delete(key);
          return ok(undefined);
        }),
      presign: ({ method, key, headers = {} }) =>
        Promise.resolve(ok({ method, url: `${HOST}/${key}?signed=${method}`, headers })),
      revisionIn: ({ headers }) => headers['etag'],
      detailsIn: () => (this.lock === undefined ? {} : { lock: this.lock }),
      multipart: {
        start: (key, signal) => this.#answer({ action: 'start', key }, signal, () => ok(this.#startUpload(key))),
        part: ({ key, upload, md5 }) =>
          Promise.resolve(
            ok({
              method: 'PUT',
              url: `${HOST}/${key}?signed=PUT&upload=${upload}`,
              headers: { 'content-md5': md5 },
            }),
          ),
        complete: (key, { upload }, signal) =>
          this.#answer({ action: 'complete', key }, signal, () => {
            if (this.objects.has(key)) return err({ kind: 'PreconditionFailed', httpStatus: 412 });
            this.put(key, this.uploads.get(upload)?.body ?? '');
            this.uploads.delete(upload);
            return ok({ revision: this.objects.get(key)?.revision ?? '', conditional: true });
          }),
        unended: {
          hasPermission: true,
          list: (prefix, signal) =>
            this.#answer({ action: 'unended', key: prefix }, signal, () =>
              ok(
                [...this.uploads]
                  .map(([upload, { key }]) => ({ key, upload }))
                  .filter(({ key }) => key.startsWith(prefix)),
              ),
            ),
          abort: (key, upload, signal) =>
            this.#answer({ action: 'abort', key }, signal, () =>
              this.uploads.delete(upload) ? ok(undefined) : err(absent),
            ),
        },
      },
      anonymousObject: (key) => ({ method: 'GET', url: `${HOST}/${key}` }),
      anonymousListing: (prefix) => ({ method: 'GET', url: `${HOST}/?prefix=${prefix}` }),
      explain: ({ status, headers }) =>
        this.isBehindGateway && (status === 403 || status === 404)
          ? { kind: 'NotAnObjectStore', httpStatus: status }
          : status === 404
            ? absent
            : status === 413
              ? { kind: 'BodyTooLarge', httpStatus: status }
              : { kind: 'AccessDenied', httpStatus: status, providerCode: headers['x-code'] ?? 'AccessDenied' },
      isListing: ({ body }) => Buffer.from(body).toString() === 'LISTING',
      close: () => {
        this.closed += 1;
      },
    };
  }

  #settings(action: 'lock' | 'settings', covers: readonly (keyof FakeStore['bucketSettings'])[]): SettingsRequest {
    return {
      covers,
      beforeWriting: action === 'lock',
      ask: (signal) => this.#answer({ action, key: '' }, signal, () => ok(this.bucketSettings)),
    };
  }

  http(): PlainHttp {
    return {
      send: (request, signal) => {
        const call = callOf(request);
        this.requests.push(request);
        return this.#answer(call, signal, () => ok(this.#respond(call, request)));
      },
    };
  }

  async #answer<T>(call: StoreCall, signal: AbortSignal, run: () => Result<T, BucketFailure>): BucketCall<T> {
    await Promise.resolve();
    this.before(call);
    this.calls.push(call);
    await this.later.get(call.action);
    const answer = this.failures.get(call.action) ?? this.refuses(call);
    // The store does what it was sent before the abort, and nobody hears its answer.
    const outcome = this.hangs.has(call.action) ? undefined : answer === undefined ? run() : err(answer);
    if (signal.aborted) return err({ kind: 'DeadlineExceeded' });
    if (outcome !== undefined) return outcome;
    return new Promise((resolve) => {
      if (this.deaf) return;
      signal.addEventListener('abort', () => resolve(err({ kind: 'DeadlineExceeded' })), { once: true });
    });
  }

  #respond({ action, key }: StoreCall, request: PlainRequest): PlainResponse {
    const cors = request.headers?.['origin'] === undefined ? {} : this.#corsHeaders();
    switch (action) {
      case 'endpoint':
        return {
          ...respond(this.isPublic ? 200 : 403, { date: new Date(this.serverTime).toUTCString() }, 'LISTING'),
          peer: { isPublic: true, certificate: { validTo: this.serverTime + 400 * 86_400_000, systemCa: true } },
        };
      case 'announce':
        return this.#announce(key, request);
      case 'preflight':
        return this.#preflight(cors);
      case 'anonymous':
        return this.#anonymous(key);
      case 'part':
        this.#takePart(request);
        return respond(200, { ...cors, etag: '"part"' });
      case 'PUT':
        return this.#receive(key, request, cors);
      case 'DELETE':
        return this.#deleteSigned(key, cors);
      default:
        return this.#content(action, key, cors, request.headers?.['range']);
    }
  }

  #deleteSigned(key: string, headers: Record<string, string>): PlainResponse {
    if (!this.lies.has('DELETE')) this.#delete(key);
    return respond(204, headers);
  }

  #delete(key: string): void {
    const run = (): boolean => this.objects.delete(key);
    if (this.deletesLate) this.deletions.push(run);
    else run();
  }

  #announce(key: string, { headers }: PlainRequest): PlainResponse {
    if (this.storesNothing && headers?.['content-md5'] === undefined) this.#awaited.add(key);
    return respond(this.takesLongBodies ? 100 : 413);
  }

  #receive(key: string, { body = new Uint8Array() }: PlainRequest, cors: Record<string, string>): PlainResponse {
    this.put(key, this.#awaited.delete(key) ? '' : body);
    return respond(200, { ...cors, etag: this.objects.get(key)?.revision ?? '' });
  }

  #startUpload(key: string): string {
    const id = `upload-${++this.#uploadsBegun}`;
    this.uploads.set(id, { key });
    return id;
  }

  #takePart({ url, body }: PlainRequest): void {
    const upload = this.uploads.get(new URL(url).searchParams.get('upload') ?? '');
    if (upload !== undefined && body !== undefined) upload.body = body;
  }

  #preflight(cors: Record<string, string>): PlainResponse {
    return this.allowedOrigin === undefined ? respond(403, { 'x-code': 'AccessForbidden' }) : respond(200, cors);
  }

  #anonymous(key: string): PlainResponse {
    return this.isPublic ? respond(200, {}, this.objects.get(key)?.body) : respond(403);
  }

  #content(action: StoreAction, key: string, headers: Record<string, string>, requested?: string): PlainResponse {
    const object = this.objects.get(key);
    if (object === undefined) return respond(this.hidesAbsence ? 403 : 404, headers);
    const range = this.ignoresRange ? undefined : /^bytes=(\d+)-(\d+)$/.exec(requested ?? '');
    if (range === null || range === undefined) {
      return respond(200, headers, this.lies.has(action) ? 'a login page' : object.body);
    }
    return respond(206, headers, object.body.subarray(Number(range[1]), Number(range[2]) + 1));
  }

  #corsHeaders(): Record<string, string> {
    if (this.allowedOrigin === undefined) return {};
    return {
      'access-control-allow-origin': this.allowedOrigin,
      'access-control-allow-methods': 'GET, head,PUT',
      'access-control-allow-headers': 'Content-Type, Content-MD5, X-Amz-Meta-Md5',
      'access-control-expose-headers': 'ETag, Date',
    };
  }
}

const hidden: BucketFailure = { kind: 'AccessDenied', httpStatus: 403, providerCode: 'AccessDenied' };
const absent: BucketFailure = { kind: 'ObjectNotFound', httpStatus: 404, providerCode: 'NoSuchKey' };

function callOf({ method, url, announces }: PlainRequest): StoreCall {
  const { pathname, searchParams } = new URL(url);
  const key = pathname.slice(1);
  if (method === 'OPTIONS') return { action: 'preflight', key };
  if (announces !== undefined) return { action: 'announce', key };
  if (searchParams.has('upload')) return { action: 'part', key };
  if (searchParams.has('signed')) return { action: method as PresignedMethod, key };
  return { action: key === '' ? 'endpoint' : 'anonymous', key };
}

function respond(status: number, headers: Record<string, string> = {}, body: string | Uint8Array = ''): PlainResponse {
  return { status, headers, body: Buffer.from(body), route: 'direct' };
}
