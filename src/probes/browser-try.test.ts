import { describe, expect, it } from '@jest/globals';
import { FakeStore } from '../../test/support/fakes/bucket.ts';
import { createFakeClock } from '../../test/support/fakes/clock.ts';
import { APP } from '../../test/support/fakes/observations.ts';
import { ok } from '../base/result.ts';
import type { Observations } from '../domain/observations/observations.ts';
import type { BucketStorage } from '../domain/bucket/storage.ts';
import type { PlainRequest, PlainResponse } from '../ports/http.ts';
import { seePreflights } from './browser-try.ts';
import { createSession } from './session.ts';

type Headers = Readonly<Record<string, string>>;

/** A rule of AWS: for a method and a set of headers, by the preflight alone. */
interface Rule {
  readonly methods: readonly string[];
  readonly headers: readonly string[];
}

/** What AWS says where no rule matches. */
const REFUSAL: Pick<PlainResponse, 'status' | 'headers'> = { status: 403, headers: { 'x-code': 'AccessForbidden' } };

/** Answers preflights as AWS does, unless another refusal is given. */
function answerBy(rules: readonly Rule[], { headers = {} }: PlainRequest, refusal = REFUSAL): PlainResponse {
  const method = headers['access-control-request-method'] ?? '';
  const wanted = (headers['access-control-request-headers'] ?? '').split(',').filter((name) => name !== '');
  const matches = (rule: Rule): boolean =>
    rule.methods.includes(method) && wanted.every((name) => rule.headers.includes(name) || rule.headers.includes('*'));
  const answer = { body: new Uint8Array(), route: 'direct' };
  if (!rules.some(matches)) return { ...answer, ...refusal };
  const allowed: Headers = {
    'access-control-allow-origin': APP,
    'access-control-allow-methods': method,
    'access-control-allow-headers': wanted.join(', '),
  };
  return { ...answer, status: 200, headers: allowed };
}

async function preflights(
  rules: readonly Rule[],
  provider: BucketStorage['provider'] = 'S3',
  said: Headers = {},
  { refusal = REFUSAL, answered }: { refusal?: typeof REFUSAL; answered?: Observations['crossOrigin'] } = {},
) {
  const sent: PlainRequest[] = [];
  const session = createSession({
    bucket: new FakeStore().client(),
    http: {
      send: (request) => {
        sent.push(request);
        const answer = answerBy(rules, request, refusal);
        return Promise.resolve(ok({ ...answer, headers: { ...answer.headers, ...said } }));
      },
    },
    uid: 'uid-1',
    path: '',
    provider,
    appOrigin: APP,
    clock: createFakeClock(),
    randomId: () => 'id',
    callDeadlineMs: 1000,
    lookAgainMs: [],
    onCall: () => undefined,
    signal: new AbortController().signal,
  });
  const { preflight } = await seePreflights(
    session,
    { key: 'key', nonce: 'nonce', body: Buffer.from('a body') },
    answered,
  );
  return { preflight, sent: sent.map(({ headers = {} }) => headers) };
}

const announced = (method: string, headers?: string): Headers => ({
  origin: APP,
  'access-control-request-method': method,
  ...(headers !== undefined && { 'access-control-request-headers': headers }),
});

describe('preflights', () => {
  it.each<[BucketStorage['provider'], string]>([
    ['S3', 'content-md5,content-type,x-amz-meta-md5'],
    ['S3Compatible', 'content-md5,content-type,x-amz-meta-md5'],
    ['CoreWeave', 'content-md5,content-type,x-amz-meta-md5'],
    ['GCS', 'content-type'],
    ['AzureBlob', 'content-md5,content-type'],
  ])('to %s announce the headers of an upload, sorted, and none for reads', async (provider, headers) => {
    const { sent } = await preflights([{ methods: ['GET', 'HEAD', 'PUT'], headers: ['*'] }], provider);
    expect(sent).toEqual([announced('PUT', headers), announced('GET'), announced('HEAD')]);
  });

  it('pass where one rule is for reads and another for uploads', async () => {
    const { preflight } = await preflights([
      { methods: ['GET', 'HEAD'], headers: [] },
      { methods: ['PUT'], headers: ['content-md5', 'content-type', 'x-amz-meta-md5'] },
    ]);
    const statuses = Object.values(preflight ?? {}).map((seen) => (seen.ok ? seen.value.httpStatus : 0));
    expect(statuses).toEqual([200, 200, 200]);
  });

  it('that are refused for their headers are distinguished from those refused for their method', async () => {
    const md5 = await preflights([{ methods: ['GET', 'HEAD', 'PUT'], headers: ['content-md5', 'content-type'] }]);
    expect(md5.preflight?.PUT).toMatchObject({ ok: true, value: { httpStatus: 403, letInWithoutHeaders: true } });
    expect(md5.sent.at(-1)).toEqual(announced('PUT'));
    const put = await preflights([{ methods: ['GET', 'HEAD'], headers: ['*'] }]);
    expect(put.preflight?.PUT).not.toMatchObject({ value: { letInWithoutHeaders: true } });
  });

  it.each([
    [
      'methods in another case, which are other methods',
      { 'access-control-allow-methods': 'get, PUT' },
      ['get', 'PUT'],
      ['*'],
    ],
    [
      'a list with something that is no name, of which browsers take nothing',
      { 'access-control-allow-headers': 'content-type, "any"' },
      ['PUT'],
      [],
    ],
  ])('are seen as browsers read them: %s', async (_what, said, allowMethods, allowHeaders) => {
    const { preflight } = await preflights([{ methods: ['GET', 'HEAD', 'PUT'], headers: ['*'] }], 'S3', {
      'access-control-allow-methods': 'PUT',
      'access-control-allow-headers': '*',
      ...said,
    });
    expect(preflight?.PUT).toMatchObject({ ok: true, value: { allowMethods, allowHeaders } });
  });

  it('that name no method where a header does not fit are distinguished as well', async () => {
    // SeaweedFS answers so: 200, with the origin, and without methods.
    const { preflight, sent } = await preflights(
      [{ methods: ['GET', 'HEAD', 'PUT'], headers: ['content-type'] }],
      'S3Compatible',
      {},
      { refusal: { status: 200, headers: { 'access-control-allow-origin': APP } } },
    );
    expect(preflight?.PUT).toMatchObject({ ok: true, value: { httpStatus: 200, letInWithoutHeaders: true } });
    expect(sent.at(-1)).toEqual(announced('PUT'));
  });

  const readable = ok({ allowOrigin: APP, exposeHeaders: [] });
  const hiddenAnswer = ok({ exposeHeaders: [] });

  it('for reads are not sent where browsers were let in by the answers themselves', async () => {
    const answered = { GET: readable, HEAD: readable };
    const { sent, preflight } = await preflights([{ methods: ['PUT'], headers: ['*'] }], 'S3', {}, { answered });
    expect(sent).toEqual([announced('PUT', 'content-md5,content-type,x-amz-meta-md5')]);
    expect(Object.keys(preflight ?? {})).toEqual(['PUT']);
  });

  it.each<[string, readonly Rule[], Observations['crossOrigin']]>([
    ['an answer is hidden', [{ methods: ['PUT'], headers: ['*'] }], { GET: readable, HEAD: hiddenAnswer }],
    ['an answer is missing', [{ methods: ['PUT'], headers: ['*'] }], { GET: readable }],
    ['the one for uploads is refused', [], { GET: readable, HEAD: readable }],
  ])('for reads show why %s', async (_what, rules, answered) => {
    const { preflight } = await preflights(rules, 'S3', {}, { answered });
    expect(Object.keys(preflight ?? {}).sort()).toEqual(['GET', 'HEAD', 'PUT']);
  });

  it('that are all refused are sent once each', async () => {
    expect((await preflights([])).sent).toHaveLength(3);
  });
});
