import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { atLeast } from '../../test/support/property-runs.ts';
import { FakeConnection, type FakeAnswer } from '../../test/support/fakes/connection.ts';
import type { KubeObject, ResourceType } from '../api/object.ts';
import { createWatchSource, type WatchEvent } from './watch-source.ts';

const CONFIG_MAPS: ResourceType<KubeObject> = { group: '', version: 'v1', plural: 'configmaps', kind: 'ConfigMap' };
const EVENTS: ResourceType<KubeObject> = { group: 'events.k8s.io', version: 'v1', plural: 'events', kind: 'Event' };
const never = new AbortController().signal;

type SourceOptions = Parameters<typeof createWatchSource<KubeObject>>[1];

function setUp(answers: (FakeAnswer | Error)[], options: Partial<SourceOptions> = {}) {
  const connection = new FakeConnection(answers);
  const source = createWatchSource<KubeObject>(connection, { type: CONFIG_MAPS, namespace: 'ns', ...options });
  return { connection, source };
}

function line(type: string, name: string): string {
  return `${JSON.stringify({ type, object: { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name } } })}\n`;
}

async function read(chunks: NonNullable<FakeAnswer['chunks']>): Promise<readonly string[]> {
  const { source } = setUp([{ chunks }]);
  const stream = await source.watch('7', 290, never);
  if (!stream.ok) throw new Error('no stream');
  const events: string[] = [];
  for await (const { type, object } of stream.value) events.push(`${type} ${object.metadata.name}`);
  return events;
}

describe('a page', () => {
  it('asks for 500 objects and goes on where the token says', async () => {
    const { source, connection } = setUp(
      [
        { chunks: [JSON.stringify({ metadata: { resourceVersion: '7', continue: 'next+page' }, items: [] })] },
        { chunks: [JSON.stringify({ metadata: { resourceVersion: '7', continue: '' }, items: null })] },
      ],
      { labelSelector: 'a=b' },
    );
    const first = await source.page(undefined, never);
    expect(first).toEqual({ ok: true, value: { items: [], resourceVersion: '7', next: 'next+page' } });
    expect(await source.page('next+page', never)).toEqual({ ok: true, value: { items: [], resourceVersion: '7' } });
    expect(connection.requests.map(({ path }) => path)).toEqual([
      '/api/v1/namespaces/ns/configmaps?limit=500&labelSelector=a%3Db',
      '/api/v1/namespaces/ns/configmaps?limit=500&labelSelector=a%3Db&continue=next%2Bpage',
    ]);
  });

  it.each(['{}', '{"metadata":{}}', '{"items":[]}', '{"metadata":{"resourceVersion":""},"items":[]}'])(
    'is no list of nothing where a proxy answers %s',
    async (body) => {
      const { source } = setUp([{ chunks: [body] }]);
      expect(await source.page(undefined, never)).toEqual({
        ok: false,
        error: { status: 0, reason: 'NotAList', message: 'the answer of the API server is not a list' },
      });
    },
  );

  it.each([
    [CONFIG_MAPS, 'v1', 'ConfigMap'],
    [EVENTS, 'events.k8s.io/v1', 'Event'],
  ])('gives its items the apiVersion and kind that lists leave out', async (type, apiVersion, kind) => {
    const { source } = setUp(
      [{ chunks: ['{"metadata":{"resourceVersion":"7"},"items":[{"metadata":{"name":"a"}}]}'] }],
      {
        type,
      },
    );
    expect(await source.page(undefined, never)).toMatchObject({
      value: { items: [{ apiVersion, kind, metadata: { name: 'a' } }] },
    });
  });

  it.each([
    [{}, false],
    [{ keepManagedFields: true }, true],
  ])('and an event hold managedFields only where they are wanted: %j', async (options, isKept) => {
    const object = { metadata: { managedFields: [{ manager: 'kubectl', fieldsV1: { 'f:data': {} } }], name: 'a' } };
    const page = { chunks: [JSON.stringify({ metadata: { resourceVersion: '7' }, items: [object] })] };
    const event = { chunks: [`${JSON.stringify({ type: 'ADDED', object })}\n`] };
    const { source } = setUp([page, event], options);
    const listed = await source.page(undefined, never);
    const stream = await source.watch('7', 290, never);
    if (!listed.ok || !stream.ok) throw new Error('no answer');
    const seen = [...listed.value.items];
    for await (const one of stream.value) seen.push(one.object);
    expect(seen.map(({ metadata }) => metadata.name)).toEqual(['a', 'a']);
    expect(seen.map(({ metadata }) => metadata.managedFields !== undefined)).toEqual([isKept, isKept]);
  });

  it('asks for metadata alone where that is wanted, and in every namespace where none is given', async () => {
    const list = { chunks: ['{"metadata":{}}'] };
    const connection = new FakeConnection([list, {}]);
    const source = createWatchSource(connection, { type: CONFIG_MAPS, metadataOnly: true });
    await source.page(undefined, never);
    await source.watch('7', 290, never);
    expect(connection.requests.map(({ path, headers }) => [path.split('?')[0], headers?.['accept']])).toEqual([
      ['/api/v1/configmaps', 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1'],
      ['/api/v1/configmaps', 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1'],
    ]);
  });
});

describe('a failure', () => {
  const refused = { status: 429, headers: { 'retry-after': '7' }, chunks: ['Too many requests, please try again.'] };
  const failure = { ok: false, error: { status: 429, reason: 'Http429', retryAfterMs: 7000 } };

  it('of a list or a watch carries the Retry-After of the header: priority and fairness sends no other', async () => {
    const { source } = setUp([refused, refused]);
    expect(await source.page(undefined, never)).toMatchObject(failure);
    expect(await source.watch('7', 290, never)).toMatchObject(failure);
  });

  it.each<[string, FakeAnswer | Error, string]>([
    ['without an answer', Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
    [
      'in the midst of the answer',
      { chunks: ['{"items":[', Object.assign(new Error('x'), { code: 'ECONNRESET' })] },
      'ECONNRESET',
    ],
    ['of the answer to be JSON', { chunks: ['<html>'] }, 'SyntaxError'],
  ])('of a list, %s, is a value', async (_name, answer, reason) => {
    const { source } = setUp([answer]);
    expect(await source.page(undefined, never)).toMatchObject({ ok: false, error: { status: 0, reason } });
  });

  it('of a watch without an answer is a value', async () => {
    const { source } = setUp([Object.assign(new Error('x'), { code: 'ECONNREFUSED' })]);
    expect(await source.watch('7', 290, never)).toMatchObject({ ok: false, error: { reason: 'ECONNREFUSED' } });
  });
});

describe('the stream of a watch', () => {
  it('asks for bookmarks and for an end in time', async () => {
    const { source, connection } = setUp([{}]);
    await source.watch('7', 290, never);
    expect(connection.requests[0]?.path).toBe(
      '/api/v1/namespaces/ns/configmaps?watch=true&allowWatchBookmarks=true&resourceVersion=7&timeoutSeconds=290',
    );
  });

  it('is the same events however the lines were cut, in the midst of a character too', async () => {
    const text = line('ADDED', 'straße') + line('BOOKMARK', '') + '\n' + line('DELETED', '日本-🪣');
    const bytes = Buffer.from(text);
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.nat(bytes.length), { maxLength: 12, size: 'max' }), async (cuts) => {
        const ends = [...cuts.sort((one, other) => one - other), bytes.length];
        const chunks = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
        expect(await read(chunks)).toEqual(['ADDED straße', 'BOOKMARK ', 'DELETED 日本-🪣']);
      }),
      atLeast(200),
    );
  });

  it('gives an event as soon as its line is complete', async () => {
    const { source } = setUp([{ chunks: [line('ADDED', 'a'), line('ADDED', 'b').slice(0, -1)] }]);
    const stream = await source.watch('7', 290, never);
    if (!stream.ok) throw new Error('no stream');
    const events = stream.value[Symbol.asyncIterator]();
    expect(await events.next()).toMatchObject({ value: { object: { metadata: { name: 'a' } } } });
    // A line without its line end may be incomplete.
    expect(await events.next()).toMatchObject({ done: true });
  });

  it('hands on an ERROR as it came', async () => {
    const status = { kind: 'Status', apiVersion: 'v1', code: 410, reason: 'Expired' };
    const { source } = setUp([{ chunks: [`${JSON.stringify({ type: 'ERROR', object: status })}\n`] }]);
    const stream = await source.watch('7', 290, never);
    const events: WatchEvent<KubeObject>[] = [];
    if (stream.ok) for await (const event of stream.value) events.push(event);
    expect(events).toEqual([{ type: 'ERROR', object: status }]);
  });

  it.each<[string, NonNullable<FakeAnswer['chunks']>, object]>([
    ['the connection breaks', [Object.assign(new Error('reset'), { code: 'ECONNRESET' })], { code: 'ECONNRESET' }],
    ['a line is no JSON', ['<html>\n'], { name: 'SyntaxError' }],
    ['a line has no end', Array.from({ length: 9 }, () => Buffer.alloc(1 << 20, 'x')), { code: 'ResponseTooLarge' }],
  ])('throws when %s', async (_name, chunks, error) => {
    await expect(read([line('ADDED', 'a'), ...chunks])).rejects.toMatchObject(error);
  });

  it('closes the connection when its reader has had enough', async () => {
    const { source, connection } = setUp([{ chunks: [line('ADDED', 'a'), line('ADDED', 'b'), line('ADDED', 'c')] }]);
    const stream = await source.watch('7', 290, never);
    if (stream.ok) for await (const event of stream.value) if (event.type === 'ADDED') break;
    expect(connection.bodies[0]?.destroyed).toBe(true);
  });
});
