import { expect, it } from '@jest/globals';
import { getEventListeners } from 'node:events';
import { FakeStore } from '../../test/support/fakes/bucket.ts';
import { createFakeClock } from '../../test/support/fakes/clock.ts';
import { ok } from '../base/result.ts';
import { createSession } from './session.ts';

it('leaves no listener on the signal of a call: such a signal would be kept for good', async () => {
  const store = new FakeStore();
  const session = createSession({
    bucket: store.client(),
    http: store.http(),
    uid: 'uid',
    path: '',
    provider: 'S3',
    clock: createFakeClock(),
    randomId: () => 'id',
    callDeadlineMs: 1000,
    lookAgainMs: [],
    signal: new AbortController().signal,
  });
  const signals: AbortSignal[] = [];
  for (const call of ['call', 'create', 'sign'] as const) {
    await session[call]((signal) => {
      signals.push(signal);
      return Promise.resolve(ok(undefined));
    });
  }
  expect(signals.map((signal) => getEventListeners(signal, 'abort').length)).toEqual([0, 0, 0]);
});
