import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, expect, it } from '@jest/globals';
import { auditMark, writesSince } from '../../servers/audit.ts';
import { untilReconciled } from '../../servers/conditions.ts';
import { listEverything } from '../../servers/minio.ts';
import { applySecret, applyStorage, minioBucket, readSecret, rootKey, untilStorage } from '../../servers/objects.ts';
import { startOperator, type OperatorProcess, type OperatorSettings } from '../../servers/operator.ts';
import { OUTPUT } from '../../servers/outputs.ts';
import { onPremises } from '../../servers/published-namespace.ts';
import { newBucket, newNamespace, sharedServers } from '../../servers/shared.ts';
import { startTcpProxy, type TcpProxy } from '../../servers/tcp-proxy.ts';

const TEAMS = Array.from({ length: 24 }, (_, index) => `team-${String(index).padStart(2, '0')}`);
const REST_MS = 5_000;
/** Sizes of the heap in MB: from one that is too small to start to one that is nearly enough. */
const HEAP_LIMITS = [12, 16, 18, 20, 22, 24];
/** So long it may run with each of them. */
const RUN_SECONDS = 12;
let operator: OperatorProcess | undefined;
const proxies: TcpProxy[] = [];

afterEach(async () => {
  await operator?.stop();
  operator = undefined;
  for (const proxy of proxies.splice(0)) await proxy.stop();
});

/** An instance with teams, each on a store of its own as far as the operator can see. */
async function prepare(prefix: string) {
  const { minio } = sharedServers();
  const namespace = await newNamespace(prefix);
  await applySecret(namespace, 'root', rootKey(minio));
  const instanceBucket = await newBucket('instance');
  await applyStorage(namespace, 'InstanceStorage', 'wandb', onPremises(instanceBucket));
  const bucket = await newBucket('limits');
  const port = Number(new URL(minio.endpoint).port);
  for (const name of TEAMS) {
    const proxy = await startTcpProxy(port);
    proxies.push(proxy);
    const at = { ...minio, endpoint: `http://127.0.0.1:${proxy.port}` };
    await applyStorage(namespace, 'TeamStorage', name, {
      team: name,
      bucket: minioBucket(at, bucket, 'root', { path: `teams/${name}` }),
    });
  }
  return { namespace, bucket };
}

/** Everything is Ready and published, the buckets are empty, and at rest nothing is written. */
async function expectAllGood(namespace: string, bucket: string, seconds: number): Promise<void> {
  const wanted = { ready: 'True', published: 'True' } as const;
  for (const name of TEAMS) await untilStorage({ namespace, kind: 'TeamStorage', name }, wanted, seconds);
  const instance = { namespace, kind: 'InstanceStorage', name: 'wandb' } as const;
  await untilReconciled(instance, seconds);
  const entries = (await readSecret(namespace, OUTPUT))?.['SUPPORTED_FILE_STORES']?.split(',') ?? [];
  expect(entries).toHaveLength(TEAMS.length);
  expect(await listEverything(sharedServers().minio, bucket)).toEqual([]);
  const mark = auditMark(sharedServers().auditLog);
  await wait(REST_MS);
  expect(writesSince(sharedServers().auditLog, mark, { user: operator?.user ?? '', namespace })).toEqual([]);
}

async function run(prefix: string, settings: OperatorSettings) {
  const { namespace, bucket } = await prepare(prefix);
  operator = await startOperator(namespace, settings);
  return { namespace, bucket, operator };
}

it('with too few file descriptors for its stores, it says so, and proves one after the other', async () => {
  // About forty are open at rest, and each store needs a connection of its own.
  const given = await run('descriptors', { within: ['sh', '-c', 'ulimit -n 52 && exec "$0" "$@"'] });

  await expectAllGood(given.namespace, given.bucket, 180);
  expect(given.operator.rawLog()).toContain('"kind":"OutOfSockets","providerCode":"EMFILE"');
  expect(given.operator.log().filter(({ message }) => message === 'uncaught exception')).toEqual([]);
  expect(given.operator.running).toBe(true);
}, 400_000);

it('with a full disk for its log, it goes on', async () => {
  const given = await run('full-disk', { logTo: '/dev/full' });

  await expectAllGood(given.namespace, given.bucket, 60);
  expect(given.operator.running).toBe(true);
}, 200_000);

it('killed at its memory limit again and again, it loses nothing, and ends well once it has enough', async () => {
  const { namespace, bucket } = await prepare('memory');
  const entries = async (): Promise<readonly string[]> =>
    ((await readSecret(namespace, OUTPUT))?.['SUPPORTED_FILE_STORES'] ?? '').split(',').filter((entry) => entry !== '');
  let published: readonly string[] = [];
  let killedAtWork = 0;
  for (const megabytes of HEAP_LIMITS) {
    const env = { NODE_OPTIONS: `--max-old-space-size=${megabytes}` };
    const started = await startOperator(namespace, { env }).catch(() => undefined);
    // V8 aborts as the kernel kills, at any moment.
    const isKilled =
      started === undefined ||
      (await started.untilEnded(RUN_SECONDS).then(
        () => true,
        () => false,
      ));
    if (isKilled && started !== undefined) killedAtWork += 1;
    await started?.stop();
    const now = await entries();
    expect(published.filter((entry) => !now.includes(entry))).toEqual([]);
    published = now;
  }
  expect(killedAtWork).toBeGreaterThan(0);

  operator = await startOperator(namespace);
  await expectAllGood(namespace, bucket, 60);
}, 400_000);

it('with a tenth of the processor, it comes to the same end', async () => {
  const given = await run('throttled', {});
  const throttling = new AbortController();
  const throttled = throttle(given.operator, throttling.signal);
  await expectAllGood(given.namespace, given.bucket, 240);
  throttling.abort();
  await throttled;
  expect(given.operator.running).toBe(true);
}, 600_000);

/** Lets it run for ten of each hundred milliseconds, as a limit of a tenth of a processor does. */
async function throttle(throttled: OperatorProcess, ended: AbortSignal): Promise<void> {
  while (!ended.aborted) {
    throttled.signal('SIGSTOP');
    await wait(90);
    throttled.signal('SIGCONT');
    await wait(10);
  }
}
