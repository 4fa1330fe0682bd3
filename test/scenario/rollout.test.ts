import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { InstanceStorage, TeamStorage } from '../../src/api/resources.ts';
import { findCondition } from '../../src/domain/conditions/conditions.ts';
import { auditMark, writesSince, type AuditMark } from '../servers/audit.ts';
import { createDeployment, restartedFor, stripAnnotation } from '../servers/deployments.ts';
import { parseFileStores } from '../servers/file-stores.ts';
import { createUser } from '../servers/minio.ts';
import {
  applySecret,
  applyStorage,
  asker,
  getStorage,
  minioBucket,
  readSecret,
  requestValidation,
  rootKey,
  untilStorage,
} from '../servers/objects.ts';
import { startOperator, type OperatorProcess } from '../servers/operator.ts';
import { newBucket, newNamespace, sharedServers } from '../servers/shared.ts';
import { until } from '../servers/until.ts';

const TEAMS = 50;
const SELECTOR = { matchLabels: { 'app.kubernetes.io/instance': 'wandb' } };
let namespace = '';
let operator: OperatorProcess;
let bucket = '';
let teamBucket = '';
const minio = () => sharedServers().minio;

beforeAll(async () => {
  namespace = await newNamespace('rollout');
  bucket = await newBucket('instance');
  teamBucket = await newBucket('omega');
  await applySecret(namespace, 'root', rootKey(minio()));
  await rotateTo(1);
  for (const name of ['api', 'web']) await createDeployment(namespace, name);
  await createDeployment(namespace, 'unrelated', {});
  operator = await startOperator(namespace);
  await configure({ mode: 'Manual', selector: SELECTOR });
  await addTeam('omega', teamBucket, 'rotating');
});

afterAll(async () => {
  await operator.stop();
});

function configure(restart: object): Promise<void> {
  return applyStorage(namespace, 'InstanceStorage', 'wandb', {
    deployment: { type: 'SelfManaged', cloud: 'OnPremises', url: 'https://wandb.example.com' },
    bucket: minioBucket(minio(), bucket, 'root'),
    delivery: { restart },
  });
}

function addTeam(name: string, teamBucketName: string, secret: string): Promise<void> {
  return applyStorage(namespace, 'TeamStorage', name, {
    team: name,
    bucket: minioBucket(minio(), teamBucketName, secret),
  });
}

async function rotateTo(number: number): Promise<void> {
  const id = `rollout-${String(number)}`;
  const secret = `rollout-secret-${String(number)}`;
  await createUser(minio(), { name: id, secret, buckets: [teamBucket], actions: ['s3:*'] });
  await applySecret(namespace, 'rotating', { ACCESS_KEY: id, SECRET_KEY: secret });
}

async function instance(): Promise<InstanceStorage> {
  return (await getStorage(namespace, 'InstanceStorage', 'wandb')) as InstanceStorage;
}

/** Waits for a reason of RolledOut that is about the config that is published. */
async function untilRolledOut(reason: string): Promise<string> {
  let said = '';
  await until(`RolledOut is ${reason}`, async () => {
    const { status } = await untilStorage({ namespace, kind: 'InstanceStorage', name: 'wandb' }, {});
    const condition = findCondition(status?.conditions ?? [], 'RolledOut');
    said = condition?.message ?? '';
    return condition?.reason === reason;
  }).catch((error: unknown) => {
    throw new Error(`RolledOut is not ${reason}: ${said}`, { cause: error });
  });
  return said;
}

/** Restarts since a mark: what the operator did to Deployments. */
function restartsSince(mark: AuditMark): readonly string[] {
  return writesSince(sharedServers().auditLog, mark, { user: operator.user, namespace })
    .filter(({ resource }) => resource === 'deployments')
    .map(({ name, code }) => `${name} ${String(code)}`)
    .sort();
}

const mark = (): AuditMark => auditMark(sharedServers().auditLog);

async function publishedKeys(): Promise<readonly string[]> {
  const secret = await readSecret(namespace, 'wandb-storage');
  return parseFileStores(secret?.['SUPPORTED_FILE_STORES']).map(({ accessKeyId }) => accessKeyId);
}

describe('restarts of the server', () => {
  it('are left to people by default, who are told how', async () => {
    await untilStorage({ namespace, kind: 'TeamStorage', name: 'omega' }, { ready: 'True' });
    const message = await untilRolledOut('RestartRequired');
    expect(message).toContain(`kubectl rollout restart deployment -n ${namespace} -l app.kubernetes.io/instance=wandb`);
    expect((await instance()).status?.rollout).toBeUndefined();
  });

  it('being switched on restarts nothing', async () => {
    const began = mark();
    await configure({ mode: 'Automatic', minInterval: '1s', selector: SELECTOR });
    expect(await untilRolledOut('RolledOut')).toContain('api, web');
    expect(restartsSince(began)).toEqual([]);
    const { status } = await instance();
    expect(status?.rollout?.workloads).toMatchObject([{ hash: status?.config?.hash }, { hash: status?.config?.hash }]);
  });
});

describe('a key that rotates', () => {
  it('is proven, published, and rolled out to each selected Deployment once; then the old one may go', async () => {
    const began = mark();
    await rotateTo(2);
    await until('the new key is published', async () => (await publishedKeys()).includes('rollout-2'));
    const rotated = await untilSafeToRevoke();
    const status = await untilCompleted();

    expect(restartsSince(began)).toEqual(['api 200', 'web 200']);
    expect(await restartedFor(namespace, 'api')).toBe(status?.config?.hash);
    expect(await restartedFor(namespace, 'unrelated')).toBeUndefined();
    const completed = Date.parse(status?.rollout?.lastCompletionTime ?? '');
    expect(Date.parse(rotated.previousKeySafeToRevokeAfter)).toBe(completed + 24 * 3_600_000);
    expect(completed).toBeGreaterThanOrEqual(Date.parse(rotated.rotatedAt));
  });

  it('to one that does not work restarts nothing, and the good one stays', async () => {
    const began = mark();
    await applySecret(namespace, 'rotating', { ACCESS_KEY: 'rollout-2', SECRET_KEY: 'not-its-secret' });
    await untilStorage(
      { namespace, kind: 'TeamStorage', name: 'omega' },
      { ready: 'False', reason: 'SecretKeyWrong', publishedReason: 'LastKnownGood' },
    );
    expect(await publishedKeys()).toEqual(['rollout-2']);
    await applySecret(namespace, 'rotating', { ACCESS_KEY: 'rollout-2', SECRET_KEY: 'rollout-secret-2' });
    await untilStorage({ namespace, kind: 'TeamStorage', name: 'omega' }, { ready: 'True' });
    expect(restartsSince(began)).toEqual([]);
  });
});

async function untilSafeToRevoke(): Promise<{
  readonly rotatedAt: string;
  readonly previousKeySafeToRevokeAfter: string;
}> {
  let rotation: NonNullable<TeamStorage['status']>['rotation'];
  await until('status.rotation says when the old key may be revoked', async () => {
    ({ rotation } = (await getStorage(namespace, 'TeamStorage', 'omega')).status ?? {});
    return rotation?.previousKeySafeToRevokeAfter !== undefined;
  });
  return { rotatedAt: '', previousKeySafeToRevokeAfter: '', ...rotation };
}

/** The status of the team may be written before that of the instance. */
async function untilCompleted(): Promise<InstanceStorage['status']> {
  let status: InstanceStorage['status'];
  await until('status.rollout says when the restart was complete', async () => {
    ({ status } = await instance());
    return status?.rollout?.lastCompletionTime !== undefined;
  });
  return status;
}

it('an annotation that is removed causes no restart, and is reported', async () => {
  const began = mark();
  await stripAnnotation(namespace, 'api');
  await requestValidation(namespace, 'InstanceStorage', 'wandb');
  await until('it is reported', async () =>
    (await untilRolledOut('RolledOut')).includes('config-hash was removed from api'),
  );
  await operator.restart('SIGKILL');
  await requestValidation(namespace, 'InstanceStorage', 'wandb');
  await untilStorage({ namespace, kind: 'InstanceStorage', name: 'wandb' }, { ready: 'True' });
  expect(restartsSince(began)).toEqual([]);
});

it(`${String(TEAMS)} teams added while the interval lasts cause one more restart, once it is over`, async () => {
  const automatic = (minInterval: string) => configure({ mode: 'Automatic', minInterval, selector: SELECTOR });
  // No machine is so slow that it is over before all are published.
  await automatic('24h');
  await untilStorage({ namespace, kind: 'InstanceStorage', name: 'wandb' }, { ready: 'True' });
  const before = Date.parse((await instance()).status?.rollout?.lastRestartTime ?? '');
  const began = mark();
  const buckets = await Promise.all(Array.from({ length: TEAMS }, (_, index) => newBucket(`team-${String(index)}`)));
  for (const [index, name] of buckets.entries()) await addTeam(`team-${String(index)}`, name, 'root');
  for (const index of buckets.keys()) {
    await untilStorage({ namespace, kind: 'TeamStorage', name: `team-${String(index)}` }, { published: 'True' });
  }
  expect(await untilRolledOut('WaitingForInterval')).toContain('api, web');
  expect(restartsSince(began)).toEqual([]);

  // It ends a few seconds from now, by itself; on a machine that has stood still meanwhile, at once.
  const interval = Math.ceil((Date.now() - before) / 1000) + 5;
  await automatic(`${String(interval)}s`);
  await untilRolledOut('RolledOut');

  const { status } = await instance();
  expect(restartsSince(began)).toEqual(['api 200', 'web 200']);
  expect(Date.parse(status?.rollout?.lastRestartTime ?? '') - before).toBeGreaterThanOrEqual(interval * 1000);
  for (const name of ['api', 'web']) expect(await restartedFor(namespace, name)).toBe(status?.config?.hash);
});

it('a restart that makes no progress is told, and is not tried again', async () => {
  await createDeployment(namespace, 'slow', undefined, { replicas: 1, progressDeadlineSeconds: 1 });
  await configure({ mode: 'Automatic', minInterval: '1s', selector: SELECTOR });
  const ask = asker(namespace, 'InstanceStorage', 'wandb');
  await until('slow is known', async () => {
    await ask();
    return (await instance()).status?.rollout?.workloads?.some(({ name }) => name === 'slow') === true;
  });
  const began = mark();
  await rotateTo(3);
  // No node takes its pod.
  expect(await untilRolledOut('RolloutStalled')).toContain(`kubectl rollout status deployment/slow -n ${namespace}`);
  expect(restartsSince(began)).toEqual(['api 200', 'slow 200', 'web 200']);
  await untilStorage({ namespace, kind: 'InstanceStorage', name: 'wandb' }, { ready: 'True' });
  const { status } = (await getStorage(namespace, 'TeamStorage', 'omega')) as TeamStorage;
  expect(status?.rotation?.rotatedAt).toBeDefined();
  expect(status?.rotation?.previousKeySafeToRevokeAfter).toBeUndefined();
});
