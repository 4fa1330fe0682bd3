import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditMark, listsSince, writesSince, type AuditedWrite, type AuditMark } from '../../servers/audit.ts';
import {
  applySecret,
  applyStorage,
  asker,
  minioBucket,
  requestValidation,
  rootKey,
  untilStorage,
} from '../../servers/objects.ts';
import { startOperator, type OperatorProcess } from '../../servers/operator.ts';
import { newBucket, newNamespace, sharedServers } from '../../servers/shared.ts';
import { startTcpProxy, type TcpProxy } from '../../servers/tcp-proxy.ts';
import { until } from '../../servers/until.ts';

/**
 * Far from the renew deadline, and that far from the time that a renewal takes beside other work: what happens between them
 * is no matter of how fast the machine is.
 */
const LEASE_MS = 10_000;
const ARGS = [
  '--leader-elect',
  `--leader-elect-lease-duration=${LEASE_MS}ms`,
  '--leader-elect-renew-deadline=6s',
  '--leader-elect-retry-period=500ms',
];
/** How often each fault is brought about. */
const ROUNDS = process.env['BYOB_SOAK'] === '1' ? 5 : 1;

/** One of the two processes; its way to the API server is its own. */
interface Replica {
  readonly proxy: TcpProxy;
  readonly operator: OperatorProcess;
}

let namespace = '';
let bucket = '';
let leader: Replica;
let standby: Replica;
const teams = ['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta'];

async function startReplica(): Promise<Replica> {
  const proxy = await startTcpProxy(Number(new URL(sharedServers().serverUrl).port));
  const operator = await startOperator(namespace, { args: ARGS, serverUrl: `https://127.0.0.1:${proxy.port}` });
  return { proxy, operator };
}

const teamSpec = (name: string) => ({
  team: name,
  bucket: minioBucket(sharedServers().minio, bucket, 'root', { path: `teams/${name}` }),
});

beforeAll(async () => {
  namespace = await newNamespace('failover');
  bucket = await newBucket('failover');
  await applySecret(namespace, 'root', rootKey(sharedServers().minio));
  leader = await startReplica();
  await until('the first leads', () => times(leader, 'leading').length === 1);
  standby = await startReplica();
  await applyStorage(namespace, 'InstanceStorage', 'wandb', {
    deployment: { type: 'SelfManaged', cloud: 'OnPremises' },
    bucket: minioBucket(sharedServers().minio, bucket, 'root', { path: 'instance' }),
  });
  for (const name of teams) await applyStorage(namespace, 'TeamStorage', name, teamSpec(name));
  for (const name of teams) await untilStorage({ namespace, kind: 'TeamStorage', name }, { ready: 'True' });
});

afterAll(async () => {
  for (const { operator, proxy } of [leader, standby]) {
    await operator.stop('SIGKILL');
    await proxy.stop();
  }
});

/** When a replica logged a message, in milliseconds since the epoch. */
function times({ operator }: Replica, message: string): readonly number[] {
  return operator
    .log()
    .filter((line) => line['message'] === message)
    .map((line) => Date.parse(String(line['time'])));
}

function writesOf({ operator }: Replica, mark: AuditMark): readonly AuditedWrite[] {
  const { user, credential } = operator;
  return writesSince(sharedServers().auditLog, mark, { user, namespace }).filter(
    (one) => one.credential === credential,
  );
}

const notLease = (write: AuditedWrite): boolean => write.resource !== 'leases';

/** Asks for validations of all teams, one after the other without end: whoever leads has something to write all the time. */
function keepAsking(): () => Promise<void> {
  const ended = new AbortController();
  const askers = teams.map((name) => asker(namespace, 'TeamStorage', name));
  const loop = (async () => {
    for (let turn = 0; !ended.signal.aborted; turn += 1) {
      await askers[turn % askers.length]?.();
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
  })();
  return () => {
    ended.abort();
    return loop;
  };
}

let count = 0;

/**
 * Brings a fault over the leader in the middle of its work. The other one must
 * take over and process what is edited meanwhile, and no write of the old one
 * may come after one of the new one. Then the roles are the other way round.
 */
async function failOver(bringFault: (old: Replica) => unknown, afterwards?: (old: Replica) => unknown) {
  const [old, next] = [leader, standby];
  return takeOver([old, next], bringFault, afterwards).catch((error: unknown) => {
    throw new Error(`The former leader: ${lastOf(old)}. The next: ${lastOf(next)}.`, { cause: error });
  });
}

/** Whether a replica runs, and the last that it said. */
function lastOf({ operator }: Replica): string {
  const said = operator.log().findLast((line) => line['level'] !== 'debug');
  return `${operator.exitCode === null ? 'runs' : `ended with ${String(operator.exitCode)}`}, ${JSON.stringify(said)}`;
}

async function takeOver(
  [old, next]: readonly [Replica, Replica],
  bringFault: (old: Replica) => unknown,
  afterwards?: (old: Replica) => unknown,
) {
  const mark = auditMark(sharedServers().auditLog);
  const ledBefore = times(next, 'leading').length;
  const newcomer = `newcomer-${(count += 1)}`;
  const stopAsking = keepAsking();
  let oldEnded: Promise<number>;
  try {
    await until('the leader is writing', () => writesOf(old, mark).filter(notLease).length >= 5);
    await bringFault(old);
    oldEnded = old.operator.untilEnded(60).then(() => Date.now());
    await applyStorage(namespace, 'TeamStorage', newcomer, teamSpec(newcomer));
    await until('the other leads', () => times(next, 'leading').length === ledBefore + 1);
    await until('the other is writing', () => writesOf(next, mark).filter(notLease).length >= 5);
    await afterwards?.(old);
  } finally {
    await stopAsking();
  }
  const oldEndedAt = await oldEnded;
  await untilStorage({ namespace, kind: 'TeamStorage', name: newcomer }, { ready: 'True', published: 'True' });
  for (const name of teams) await untilHandled(name, await requestValidation(namespace, 'TeamStorage', name));

  const byNext = writesOf(next, mark).filter(notLease);
  const firstOfNext = byNext.map((write) => write.receivedAt).sort()[0] ?? '';
  const late = writesOf(old, mark).filter((write) => notLease(write) && write.finishedAt > firstOfNext);
  expect({ firstOfNext, late }).toEqual({ firstOfNext, late: [] });
  // What its watches may have missed: it has listed all that before.
  const listed = listsSince(sharedServers().auditLog, mark, next.operator).filter(
    ({ finishedAt }) => finishedAt < firstOfNext,
  );
  expect([...new Set(listed.map(({ resource }) => resource))].sort()).toEqual(
    expect.arrayContaining(['configmaps', 'instancestorages', 'secrets', 'teamstorages']),
  );
  expect(byNext.filter(({ name }) => name === newcomer).map(({ resource }) => resource)).toContain(
    'teamstorages/status',
  );

  const renewals = writesOf(old, mark).filter((write) => !notLease(write));
  const exitCode = old.operator.exitCode;
  old.proxy.mend();
  await old.operator.startAgain();
  [leader, standby] = [next, old];
  return {
    old,
    exitCode,
    oldEndedAt,
    /** When the old leader knew that it was none any more. */
    lostAt: times(old, 'leadership lost').at(-1) ?? 0,
    newLeadsAt: times(next, 'leading').at(-1) ?? 0,
    /** How the new leader came by the lease, by its own account. */
    lease: next.operator.log().findLast((line) => line['message'] === 'leading')?.['lease'],
    /** The last that the API server had from the old leader about its Lease. */
    lastRenewalAt: Math.max(...renewals.map((write) => Date.parse(write.receivedAt))),
  };
}

async function untilHandled(name: string, token: string): Promise<void> {
  const at = { namespace, kind: 'TeamStorage', name } as const;
  await until(`${name} was validated again`, async () => {
    const { status } = await untilStorage(at, { ready: 'True' });
    return status?.lastHandledReconcileAt === token;
  });
}

async function storageSeries({ operator }: Replica): Promise<readonly string[]> {
  const text = await (await fetch(operator.metricsUrl)).text();
  return text.split('\n').filter((line) => /^byob_storage_\w+\{/.test(line));
}

describe('of two replicas', () => {
  it('the one that waits is ready, and tells nothing of storages in its metrics', async () => {
    expect((await fetch(`${standby.operator.healthUrl}/readyz`)).status).toBe(200);
    expect(await storageSeries(standby)).toEqual([]);
    expect((await storageSeries(leader)).length).toBeGreaterThan(teams.length);
    expect(times(standby, 'leading')).toEqual([]);
  });
});

describe.each(Array.from({ length: ROUNDS }, (_, index) => index + 1))('failover, round %i', () => {
  it('hands over at once when the leader is told to end', async () => {
    const { exitCode, lease, old } = await failOver(({ operator }) => operator.signal('SIGTERM'));

    expect(exitCode).toBe(0);
    expect(times(old, 'leadership released')).not.toEqual([]);
    expect(lease).toBe('released');
  });

  it('goes on after the lease when the leader is killed, and not before', async () => {
    const { lease, newLeadsAt, lastRenewalAt } = await failOver(({ operator }) => operator.signal('SIGKILL'));

    expect(lease).toBe('expired');
    expect(newLeadsAt - lastRenewalAt).toBeGreaterThanOrEqual(LEASE_MS);
  });

  it('ends a leader that is cut off from the API server before its lease ends', async () => {
    const { exitCode, lostAt, newLeadsAt, lastRenewalAt } = await failOver(({ proxy }) => proxy.partition());

    expect(exitCode).toBe(1);
    expect(lostAt).toBeGreaterThan(lastRenewalAt);
    expect(lostAt - lastRenewalAt).toBeLessThan(LEASE_MS);
    expect(newLeadsAt).toBeGreaterThan(lostAt);
  });

  it('lets a leader that slept through its lease write nothing when it wakes up', async () => {
    const { exitCode, oldEndedAt, newLeadsAt } = await failOver(
      ({ operator }) => operator.signal('SIGSTOP'),
      ({ operator }) => operator.signal('SIGCONT'),
    );

    expect(exitCode).toBe(1);
    expect(oldEndedAt).toBeGreaterThan(newLeadsAt);
  });
});
