import { beforeEach, describe, expect, it } from '@jest/globals';
import { createFakeLog, type FakeLog } from '../../../test/support/fakes/log.ts';
import { FakeStatusServer } from '../../../test/support/fakes/status-server.ts';
import { TEAM_STORAGES, type TeamStorage } from '../../api/resources.ts';
import { findCondition, type Condition } from '../../domain/conditions/conditions.ts';
import type { KubeClient, KubeFailure } from '../../ports/kube.ts';
import { createStatusWriter, type StatusWriter } from './status-writer.ts';

type Status = NonNullable<TeamStorage['status']>;

const NOW = Date.parse('2026-02-01T00:00:00Z');
const BOUND = { provider: 'S3', name: 'omega' };

function team(uid = 'uid-1', generation = 1): TeamStorage {
  return {
    apiVersion: 'storage.wandb.com/v1alpha1',
    kind: 'TeamStorage',
    metadata: { name: 'omega', namespace: 'ns', uid, generation },
    spec: { team: 'omega' },
  };
}

function condition(type: string, reason: string, status: Condition['status'] = 'True', generation = 1): Condition {
  return {
    type,
    status,
    reason,
    message: 'because',
    observedGeneration: generation,
    lastTransitionTime: '2026-01-01T00:00:00Z',
  };
}

function statusOf(reason: string, extra: Partial<Status> = {}, generation = 1): Status {
  return { observedGeneration: generation, conditions: [condition('Ready', reason, 'True', generation)], ...extra };
}

let server: FakeStatusServer;
/** What the watch shows: it follows the server only when the test calls for it. */
let cached: TeamStorage;
let log: FakeLog;
let events: string[];
let writer: StatusWriter<TeamStorage>;

function begin(object: TeamStorage): void {
  server = new FakeStatusServer(object);
  log = createFakeLog();
  events = [];
  follow();
  writer = createStatusWriter<TeamStorage>({
    kube: server.client() as KubeClient,
    type: TEAM_STORAGES,
    cache: { get: () => cached },
    events: { record: ({ reason }) => void events.push(reason) },
    log,
    now: () => NOW,
  });
}

/** The watch delivers what the server has. */
function follow(): void {
  if (server.stored !== undefined) cached = server.stored;
}

const write = (status: Status) => writer.write(cached, status);

beforeEach(() => begin(team()));

describe('a status', () => {
  it('is written once, also while the watch has not shown it yet', async () => {
    for (const reason of ['Valid', 'Valid', 'Other', 'Other'])
      expect(await write(statusOf(reason))).toMatchObject({ ok: true });
    expect(server.sent).toHaveLength(2);
    follow();
    writer.invalidate(cached);
    expect(await write(statusOf('Other'))).toMatchObject({ ok: true });
    expect(server.sent).toHaveLength(2);
    expect(events).toEqual(['Valid', 'Other']);
  });

  it('is not written again when the watch shows the first of two writes', async () => {
    await write(statusOf('Valid'));
    const first = server.stored;
    await write(statusOf('Other'));
    if (first !== undefined) cached = first;
    writer.invalidate(cached);
    expect(writer.current(cached).status).toEqual(statusOf('Other'));
    expect(await write(statusOf('Other'))).toMatchObject({ ok: true });
    expect(server.sent).toHaveLength(2);
  });

  it('of a deleted object is not written', async () => {
    server.stored = undefined;
    expect(await write(statusOf('Valid'))).toMatchObject({ ok: true });
    expect(events).toEqual([]);
  });

  it('names the object by its UID and its version', async () => {
    await write(statusOf('Valid'));
    expect(server.sent[0]?.metadata).toEqual({ name: 'omega', namespace: 'ns', uid: 'uid-1', resourceVersion: '1' });
  });

  it('reports the Retry-After of a busy API server', async () => {
    server.refuses = () => ({ status: 429, reason: 'TooManyRequests', message: '', retryAfterMs: 7000 });
    expect(await write(statusOf('Valid'))).toMatchObject({ ok: false, error: { kind: 'Failed', retryAfterMs: 7000 } });
    expect(server.sent).toHaveLength(1);
  });
});

describe('another incarnation of the name', () => {
  it('never gets the findings about its predecessor: another try, without event and without record', async () => {
    const successor = server.put(team('uid-2'));
    const predecessor = cached;
    expect(await write(statusOf('Valid', { boundBucket: BOUND }))).toMatchObject({
      ok: false,
      error: { kind: 'Moved' },
    });
    expect(server.stored).toBe(successor);
    expect({ events, lines: log.lines }).toEqual({ events: [], lines: [] });
    expect(writer.current(cached)).toBe(cached);

    follow();
    expect(await writer.write(predecessor, statusOf('Valid'))).toMatchObject({ ok: false, error: { kind: 'Moved' } });
    expect(server.stored).toBe(successor);
    expect(await write(statusOf('Valid'))).toMatchObject({ ok: true });
    expect(server.stored?.status).toEqual(statusOf('Valid'));
  });

  it('nor does it after an earlier write that the watch has not shown', async () => {
    await write(statusOf('Valid'));
    const successor = server.put(team('uid-2'));
    expect(await write(statusOf('Other'))).toMatchObject({ ok: false, error: { kind: 'Moved' } });
    expect(server.stored).toBe(successor);
  });
});

it('an object that others change all the time still gets its status, while the watch follows', async () => {
  const given = cached;
  for (let change = 0; change < 3; change += 1) server.put({ ...team(), metadata: { ...team().metadata, labels: {} } });
  follow();
  expect(await writer.write(given, statusOf('Valid'))).toMatchObject({ ok: true });
  expect(server.sent.map(({ metadata }) => metadata.resourceVersion)).toEqual(['4']);

  // It changes again meanwhile, and the watch delivers that.
  let changes = 0;
  server.refuses = () => {
    if (changes < 2) server.put({ ...team(), metadata: { ...team().metadata, labels: { changes: String(changes) } } });
    if (changes < 2) setImmediate(follow);
    changes += 1;
    return undefined;
  };
  follow();
  server.answersLater = true;
  expect(await write(statusOf('Other'))).toMatchObject({ ok: true });
  expect(changes).toBe(3);
});

describe('a status that is longer than the CRD takes', () => {
  it('is cut, and cut the same way the next time', async () => {
    const long: Status = statusOf('Valid', {
      region: 'r'.repeat(64),
      checks: Array.from({ length: 70 }, (_, index) => ({
        name: `C${String(index)}`,
        result: 'Pass',
        reason: 'Passed',
        message: '\u{1f4a5}'.repeat(2049),
      })),
      isolation: { sharedWith: Array.from({ length: 101 }, (_, index) => `team-${String(index)}`) },
    });
    expect(await write(long)).toMatchObject({ ok: true });
    follow();
    expect(await write(long)).toMatchObject({ ok: true });
    expect(server.sent).toHaveLength(1);
    const { region, checks = [], isolation } = server.stored?.status ?? {};
    expect(region).toBe(`${'r'.repeat(62)}…`);
    expect([checks.length, isolation?.sharedWith?.length]).toEqual([64, 100]);
    expect(checks[0]?.message).toBe(`${'\u{1f4a5}'.repeat(2047)}…`);
  });
});

const INVALID: KubeFailure = {
  status: 422,
  reason: 'Invalid',
  message: 'TeamStorage "omega" is invalid: status.principal: Invalid value',
  fields: ['status.principal'],
};
/** Answers of API servers to a field that an older CRD lacks. */
const UNDECLARED: KubeFailure = {
  status: 500,
  reason: 'Http500',
  message: 'failed to create typed patch object (ns/omega; v1): .status.principal: field not declared in schema',
  fields: ['status.principal'],
};

describe.each([
  ['422', INVALID],
  ['400', { ...INVALID, status: 400, reason: 'BadRequest' }],
  ['413', { ...INVALID, status: 413, reason: 'RequestEntityTooLarge' }],
  ['500, since the CRD is older', UNDECLARED],
])('a status that is refused with %s', (_code, refusal) => {
  const good = statusOf('Valid', { boundBucket: BOUND });

  beforeEach(async () => {
    await write({
      ...good,
      conditions: [
        ...(good.conditions ?? []),
        condition('Published', 'Published'),
        condition('Reconciling', 'ProgressingWithRetry'),
      ],
    });
    server.put({ ...team('uid-1', 2), ...(server.stored?.status !== undefined && { status: server.stored.status }) });
    follow();
    server.refuses = ({ principal }) => (principal === undefined ? undefined : refusal);
  });

  it('is replaced by one that acknowledges the generation, names the field, and keeps what stood', async () => {
    expect(await write(statusOf('Other', { principal: 'bad' }, 2))).toMatchObject({ ok: true });
    const { observedGeneration, boundBucket, conditions = [] } = server.stored?.status ?? {};
    expect({ observedGeneration, boundBucket }).toEqual({ observedGeneration: 2, boundBucket: BOUND });
    expect(conditions.map(({ type, status, reason }) => `${type}=${status}/${reason}`)).toEqual([
      'Ready=Unknown/StatusRefused',
      'Stalled=True/StatusRefused',
      'Published=True/Published',
    ]);
    expect(findCondition(conditions, 'Ready')).toMatchObject({
      message: expect.stringMatching(/status\.principal.*Upgrade the CRDs.*report it/) as unknown,
      observedGeneration: 2,
      lastTransitionTime: '2026-02-01T00:00:00Z',
    });
    expect(findCondition(conditions, 'Published')?.observedGeneration).toBe(1);
    expect(events).toEqual(['Valid', 'StatusRefused']);
    expect(log.messages('error')).toEqual(['status refused']);
  });

  it('is tried again at the next reconcile, and the replacement is not written again', async () => {
    for (let look = 0; look < 3; look += 1) {
      await write(statusOf('Other', { principal: 'bad' }, 2));
      follow();
    }
    expect(server.sent.map(({ status }) => status?.principal ?? 'none')).toEqual(['none', 'bad', 'none', 'bad', 'bad']);
    expect([events, log.messages('error')]).toEqual([['Valid', 'StatusRefused'], ['status refused']]);
    server.refuses = () => undefined;
    expect(await write(statusOf('Other', { principal: 'bad' }, 2))).toMatchObject({ ok: true });
    expect(server.stored?.status?.principal).toBe('bad');
  });

  it('leaves the bare verdict where what stood is refused as well', async () => {
    server.refuses = ({ principal, boundBucket }) =>
      principal === undefined && boundBucket === undefined ? undefined : refusal;
    expect(await write(statusOf('Other', { principal: 'bad' }, 2))).toMatchObject({ ok: true });
    expect(Object.keys(server.stored?.status ?? {})).toEqual(['observedGeneration', 'conditions']);
    follow();
    const before = server.sent.length;
    expect(await write(statusOf('Other', { principal: 'bad' }, 2))).toMatchObject({ ok: true });
    expect(server.sent).toHaveLength(before + 1);
  });

  it('is a failure where nothing at all is taken', async () => {
    server.refuses = () => refusal;
    expect(await write(statusOf('Other', { principal: 'bad' }, 2))).toMatchObject({
      ok: false,
      error: { kind: 'Failed', status: refusal.status },
    });
    expect(events).toEqual(['Valid']);
  });
});
