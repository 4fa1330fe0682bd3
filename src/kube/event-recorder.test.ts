import { describe, expect, it } from '@jest/globals';
import { createFakeClock } from '../../test/support/fakes/clock.ts';
import { FakeCreations } from '../../test/support/fakes/kube-client.ts';
import { createFakeLog } from '../../test/support/fakes/log.ts';
import { settle } from '../../test/support/fakes/settle.ts';
import type { KubeObject } from '../api/object.ts';
import { createEventRecorder } from './event-recorder.ts';
import { microTime } from './micro-time.ts';

function storage(name: string, uid = `uid-${name}`): KubeObject {
  return {
    apiVersion: 'storage.wandb.com/v1alpha1',
    kind: 'TeamStorage',
    metadata: { namespace: 'wandb', name, resourceVersion: '7', uid },
  };
}

function setUp() {
  const kube = new FakeCreations();
  const clock = createFakeClock();
  const log = createFakeLog();
  let count = 0;
  const recorder = createEventRecorder({
    kube: kube.client(),
    clock,
    log,
    controller: 'storage.wandb.com/byob-operator',
    instance: 'pod-1',
    randomSuffix: () => String(++count),
  });
  function record(regarding: KubeObject, times = 1, note = 'because'): void {
    for (let index = 0; index < times; index++) {
      recorder.record({ regarding, type: 'Warning', reason: 'WriteDenied', action: 'Validate', note });
    }
  }
  /** Events recorded about an object so far. */
  const eventsOf = async (name: string): Promise<number> => {
    await recorder.drain();
    const created = kube.created as unknown as { regarding: { name: string } }[];
    return created.filter(({ regarding }) => regarding.name === name).length;
  };
  return { kube, clock, log, record, eventsOf, drain: () => recorder.drain() };
}

describe('an event', () => {
  it('says who saw what, of which object and when', () => {
    const { kube, record } = setUp();
    record(storage('omega'));
    expect(kube.created).toEqual([
      {
        apiVersion: 'events.k8s.io/v1',
        kind: 'Event',
        metadata: { name: 'omega.1', namespace: 'wandb' },
        eventTime: '2026-01-01T00:00:00.000000Z',
        type: 'Warning',
        reason: 'WriteDenied',
        action: 'Validate',
        note: 'because',
        reportingController: 'storage.wandb.com/byob-operator',
        reportingInstance: 'pod-1',
        regarding: {
          apiVersion: 'storage.wandb.com/v1alpha1',
          kind: 'TeamStorage',
          name: 'omega',
          namespace: 'wandb',
          uid: 'uid-omega',
          resourceVersion: '7',
        },
      },
    ]);
  });

  it('has a time with the six digits that the API server insists on', () => {
    expect(microTime(Date.parse('2026-02-03T04:05:06.789Z'))).toBe('2026-02-03T04:05:06.789000Z');
  });

  it.each([
    ['what just fits', 'x'.repeat(1023) + 'y', 1024],
    ['a long text', 'x'.repeat(5000), 1024],
    ['two-byte characters', 'é'.repeat(600), 1024],
    ['three-byte characters', '日'.repeat(600), 1023],
    ['four-byte characters', '🪣'.repeat(600), 1024],
    ['four-byte characters after another', 'x' + '🪣'.repeat(600), 1021],
  ])('is cut to the 1024 bytes that the API server takes, between two characters: %s', (_name, note, bytes) => {
    const { kube, record } = setUp();
    record(storage('omega'), 1, note);
    const { note: sent } = kube.created[0] as unknown as { note: string };
    expect(Buffer.byteLength(sent)).toBe(bytes);
    expect(note.startsWith(sent)).toBe(true);
  });

  it('that is refused is logged and nothing else', async () => {
    const { kube, log, record } = setUp();
    kube.refusal = { status: 403, reason: 'Forbidden', message: 'no' };
    record(storage('omega'));
    await settle();
    expect(log.lines).toEqual([
      {
        level: 'debug',
        message: 'event not recorded',
        fields: { reason: 'Forbidden', name: 'omega', namespace: 'wandb' },
      },
    ]);
  });
});

describe('the limit', () => {
  it('lets a burst of 25 through and cuts off the rest, for this object alone', async () => {
    const { record, eventsOf } = setUp();
    record(storage('restless'), 100);
    record(storage('calm'));
    expect({ restless: await eventsOf('restless'), calm: await eventsOf('calm') }).toEqual({ restless: 25, calm: 1 });
  });

  it('lets one more through every five minutes', async () => {
    const { clock, record, eventsOf } = setUp();
    record(storage('restless'), 25);
    clock.advance(299_999);
    record(storage('restless'));
    expect(await eventsOf('restless')).toBe(25);
    clock.advance(1);
    record(storage('restless'), 5);
    expect(await eventsOf('restless')).toBe(26);
  });

  it('is a whole burst again after a quiet time, and never more', async () => {
    const { clock, record, eventsOf } = setUp();
    record(storage('restless'), 100);
    clock.advance(30 * 86_400_000);
    record(storage('restless'), 100);
    expect(await eventsOf('restless')).toBe(50);
  });

  it('is not got round by making the object again under another uid, but counted for that', async () => {
    const { record, eventsOf } = setUp();
    record(storage('a', 'first'), 30);
    record(storage('a', 'second'), 30);
    expect(await eventsOf('a')).toBe(50);
  });

  it('goes by the name where there is no uid', async () => {
    const { record, eventsOf } = setUp();
    const [one, other] = [storage('one'), storage('other')].map(({ metadata, ...rest }) => ({
      ...rest,
      metadata: { name: metadata.name, namespace: 'wandb' },
    }));
    record(one!, 30);
    record(other!, 30);
    expect({ one: await eventsOf('one'), other: await eventsOf('other') }).toEqual({ one: 25, other: 25 });
  });

  it('holds for the restless one beside any number of others', async () => {
    const { record, eventsOf } = setUp();
    for (let index = 0; index < 12_000; index++) {
      record(storage(`other-${String(index)}`));
      if (index % 100 === 0) record(storage('restless'));
    }
    expect(await eventsOf('restless')).toBe(25);
  });
});

it('is drained when the last event has been answered', async () => {
  const { kube, record, drain } = setUp();
  const { promise, resolve } = Promise.withResolvers<undefined>();
  kube.answering = promise;
  record(storage('omega'));
  let drained = false as boolean;
  const draining = drain().then(() => (drained = true));
  await settle();
  expect(drained).toBe(false);
  resolve(undefined);
  expect(await draining).toBe(true);
});

it('are sent in their order, four at the same time', async () => {
  const { kube, record, drain } = setUp();
  const { promise, resolve } = Promise.withResolvers<undefined>();
  kube.answering = promise;
  const names = Array.from({ length: 1000 }, (_, index) => `team-${index}`);
  for (const name of names) record(storage(name));
  await settle();
  expect(kube.created).toHaveLength(4);

  resolve(undefined);
  await drain();
  expect(kube.created.map(({ metadata }) => metadata.name)).toEqual(names.map((name, index) => `${name}.${index + 1}`));
  // And another one comes when all were sent.
  record(storage('late'));
  await settle();
  expect(kube.created).toHaveLength(1001);
});

it('are dropped and logged where ten thousand wait', async () => {
  const { kube, log, record, drain } = setUp();
  const { promise, resolve } = Promise.withResolvers<undefined>();
  kube.answering = promise;
  for (let index = 0; index < 10_006; index += 1) record(storage(`team-${index}`));
  resolve(undefined);
  await drain();
  expect(kube.created).toHaveLength(10_004);
  expect(log.lines.map(({ fields }) => fields)).toEqual(
    ['team-10004', 'team-10005'].map((name) => ({ reason: 'TooManyWait', name, namespace: 'wandb' })),
  );
});

it('that wait are not tried at an API server that does not answer, once the process ends', async () => {
  const { kube, log, record, drain } = setUp();
  kube.refusal = { status: 0, reason: 'Timeout', message: 'no answer' };
  for (let index = 0; index < 100; index += 1) record(storage(`team-${index}`));
  await drain();
  expect(log.lines).toHaveLength(4);

  // A refusal is an answer: the next one may be about another namespace.
  kube.refusal = { status: 403, reason: 'Forbidden', message: 'the namespace is being terminated' };
  for (let index = 0; index < 100; index += 1) record(storage(`other-${index}`));
  await drain();
  expect(log.lines).toHaveLength(104);
});
