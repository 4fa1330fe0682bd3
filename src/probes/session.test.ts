import { describe, expect, it } from '@jest/globals';
import { getEventListeners } from 'node:events';
import { FakeStore } from '../../test/support/fakes/bucket.ts';
import { createFakeClock } from '../../test/support/fakes/clock.ts';
import { err, ok } from '../base/result.ts';
import type { PlainResponse } from '../ports/http.ts';
import type { CallSeen } from './adaptive-limit.ts';
import { createSession, type SessionOptions } from './session.ts';

/** A session of a store that answers at once. */
function optionsWith(changes: Partial<SessionOptions> = {}): SessionOptions {
  const store = new FakeStore();
  return {
    bucket: store.client(),
    http: store.http(),
    uid: 'uid',
    path: '',
    provider: 'S3',
    clock: createFakeClock(),
    randomId: () => 'id',
    callDeadlineMs: 1000,
    lookAgainMs: [],
    onCall: () => undefined,
    signal: new AbortController().signal,
    ...changes,
  };
}

it('leaves no listener on the signal of a call: such a signal would be kept for good', async () => {
  const session = createSession(optionsWith());
  const signals: AbortSignal[] = [];
  for (const call of ['call', 'create', 'sign'] as const) {
    await session[call]((signal) => {
      signals.push(signal);
      return Promise.resolve(ok(undefined));
    });
  }
  expect(signals.map((signal) => getEventListeners(signal, 'abort').length)).toEqual([0, 0, 0]);
});

it('sends nothing before it may, and does not count the wait as time of the store', async () => {
  const clock = createFakeClock();
  const seen: CallSeen[] = [];
  let begun = 0;
  const turns: (() => void)[] = [];
  const session = createSession(
    optionsWith({
      http: {
        send: () => {
          begun += 1;
          return Promise.resolve(ok({ status: 200, headers: {}, body: new Uint8Array(), route: 'direct' }));
        },
      },
      clock,
      onCall: (call) => seen.push(call),
      beforeRequest: () => new Promise((resolve) => turns.push(resolve)),
    }),
  );
  const run = () => {
    begun += 1;
    return Promise.resolve(ok(undefined));
  };
  const calls = [
    session.call(run),
    session.create(run),
    session.send({ method: 'GET', url: 'https://store.example/' }),
    session.send({ method: 'PUT', url: 'https://store.example/', announces: 5 }),
  ];
  clock.advance(400);
  expect([begun, turns.length, session.requests]).toEqual([0, 4, 0]);

  for (const turn of turns) turn();
  await Promise.all(calls);
  expect(begun).toBe(4);
  expect(seen.map(({ milliseconds }) => milliseconds)).toEqual([0, 0, 0]);
});

describe('the calls of a session', () => {
  function setUp() {
    const clock = createFakeClock();
    const store = new FakeStore();
    const seen: CallSeen[] = [];
    const end = new AbortController();
    let answer: PlainResponse = { status: 200, headers: {}, body: new Uint8Array(), route: 'direct' };
    const session = createSession(
      optionsWith({
        bucket: { ...store.client(), explain: ({ status }) => ({ kind: 'Throttled', httpStatus: status }) },
        http: {
          send: () => {
            clock.advance(30);
            return Promise.resolve(ok(answer));
          },
        },
        clock,
        signal: end.signal,
        onCall: (call) => seen.push(call),
      }),
    );
    return { clock, end, seen, session, answers: (next: PlainResponse) => (answer = next) };
  }
  const request = { method: 'GET', url: 'https://store.example/' };

  it('are reported with their time and their failure, those by plain HTTP too', async () => {
    const { clock, seen, session, answers } = setUp();
    await session.call(() => {
      clock.advance(20);
      return Promise.resolve(err({ kind: 'AccessDenied', httpStatus: 403 }));
    });
    await session.send(request);
    answers({ status: 503, headers: {}, body: new Uint8Array(), route: 'direct' });
    await session.send(request);
    expect(seen).toEqual([
      { milliseconds: 20, failure: { kind: 'AccessDenied', httpStatus: 403 } },
      { milliseconds: 30 },
      { milliseconds: 30, failure: { kind: 'Throttled', httpStatus: 503 } },
    ]);
  });

  it('are not reported where the end of the probe ended them, or where nobody may answer', async () => {
    const { end, seen, session } = setUp();
    await session.send({ ...request, announces: 1 });
    await session.call(() => {
      end.abort();
      return Promise.resolve(err({ kind: 'DeadlineExceeded' }));
    });
    await session.send(request);
    expect(seen).toEqual([]);
  });
});
