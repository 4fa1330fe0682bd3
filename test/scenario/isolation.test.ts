import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { TeamStorage } from '../../src/api/resources.ts';
import { auditMark, writesSince } from '../servers/audit.ts';
import { publishedBuckets } from '../servers/file-stores.ts';
import {
  applySecret,
  applyStorage,
  deleteStorage,
  getStorage,
  minioBucket,
  rootKey,
  untilStorage,
} from '../servers/objects.ts';
import { startOperator, type OperatorProcess } from '../servers/operator.ts';
import { newBucket, newNamespace, sharedServers } from '../servers/shared.ts';
import { until } from '../servers/until.ts';

let namespace = '';
let operator: OperatorProcess;
let instanceBucket = '';
let omegaBucket = '';
const minio = () => sharedServers().minio;
const at = (name: string) => ({ namespace, kind: 'TeamStorage', name }) as const;
const on = (bucket: string, path?: string) => minioBucket(minio(), bucket, 'root', path === undefined ? {} : { path });

beforeAll(async () => {
  namespace = await newNamespace('isolation');
  [instanceBucket, omegaBucket] = [await newBucket('instance'), await newBucket('omega')];
  await applySecret(namespace, 'root', rootKey(minio()));
  await applyStorage(namespace, 'InstanceStorage', 'wandb', {
    deployment: { type: 'SelfManaged', cloud: 'OnPremises' },
    bucket: on(instanceBucket),
  });
  operator = await startOperator(namespace);
});

afterAll(async () => {
  await operator.stop();
});

async function isolated(name: string): Promise<string> {
  const { status } = await getStorage(namespace, 'TeamStorage', name);
  const condition = status?.conditions?.find(({ type }) => type === 'Isolated');
  return `${condition?.status ?? ''} ${condition?.reason ?? ''}`;
}

async function sharedWith(name: string): Promise<readonly string[]> {
  const { status } = (await getStorage(namespace, 'TeamStorage', name)) as TeamStorage;
  return status?.isolation?.sharedWith ?? [];
}

const untilIsolated = (name: string, wanted: string) =>
  until(`${name} is ${wanted}`, async () => (await isolated(name)) === wanted);

it("the seed's story: Omega's files are out of Kappa's reach, Kappa's within Omega's, until Kappa has its own bucket", async () => {
  await applyStorage(namespace, 'TeamStorage', 'kappa', { team: 'kappa' });
  await applyStorage(namespace, 'TeamStorage', 'omega', { team: 'omega', bucket: on(omegaBucket) });
  for (const name of ['kappa', 'omega']) await untilStorage(at(name), { ready: 'True' });
  expect(await isolated('kappa')).toBe('False UsesInstanceBucket');
  expect(await isolated('omega')).toBe('True ExclusiveBucket');

  await applyStorage(namespace, 'TeamStorage', 'kappa', { team: 'kappa', bucket: on(await newBucket('kappa')) });
  await untilIsolated('kappa', 'False FilesLeftInInstanceBucket');
  const { status } = (await getStorage(namespace, 'TeamStorage', 'kappa')) as TeamStorage;
  expect(status?.isolation?.filesLeftIn).toBe('wandb');
  expect(await isolated('omega')).toBe('True ExclusiveBucket');
});

it('teams on one bucket, by their own spec or by another, name each other, and part again', async () => {
  await applyStorage(namespace, 'TeamStorage', 'rho', { team: 'rho', bucket: on(omegaBucket, 'teams/rho') });
  await applyStorage(namespace, 'TeamStorage', 'sigma', {
    team: 'sigma',
    bucketFrom: { teamStorageRef: { name: 'rho' }, path: 'teams/sigma' },
  });
  // Omega has the whole bucket: what is a sub-path of it lies in Omega's.
  await untilIsolated('omega', 'False PathOverlap');
  await untilIsolated('rho', 'False PathOverlap');
  await until('omega names both', async () => (await sharedWith('omega')).join() === 'rho,sigma');
  await until('rho names both', async () => (await sharedWith('rho')).join() === 'omega,sigma');
  // It is named before it is Ready itself.
  await until('sigma names both', async () => (await sharedWith('sigma')).join() === 'omega,rho');

  await deleteStorage(namespace, 'TeamStorage', 'sigma');
  await deleteStorage(namespace, 'TeamStorage', 'rho');
  await untilIsolated('omega', 'True ExclusiveBucket');
  expect(await sharedWith('omega')).toEqual([]);
});

it('a team in the bucket of the instance is told so', async () => {
  await applyStorage(namespace, 'TeamStorage', 'tau', { team: 'tau', bucket: on(instanceBucket, 'teams/tau') });
  await untilIsolated('tau', 'False SameAsInstanceBucket');
  await untilStorage(at('tau'), { ready: 'True' });
});

it('who requires to be alone is not Ready while it is not, and keeps newcomers out once it is', async () => {
  await applyStorage(namespace, 'TeamStorage', 'alone', { team: 'alone', isolation: 'Required' });
  await untilStorage(at('alone'), { ready: 'False', reason: 'UsesInstanceBucket' });
  await deleteStorage(namespace, 'TeamStorage', 'alone');

  await applyStorage(namespace, 'TeamStorage', 'upsilon', {
    team: 'upsilon',
    isolation: 'Required',
    bucket: on(await newBucket('upsilon')),
  });
  await untilStorage(at('upsilon'), { ready: 'True', published: 'True' });
  const before = await publishedBuckets(namespace);
  const mark = auditMark(sharedServers().auditLog);
  const { spec } = (await getStorage(namespace, 'TeamStorage', 'upsilon')) as TeamStorage;
  await applyStorage(namespace, 'TeamStorage', 'phi', { team: 'phi', bucket: { ...spec.bucket, path: 'teams/phi' } });

  await untilStorage(at('phi'), { ready: 'False', reason: 'IsolationViolated' });
  expect(await isolated('upsilon')).toBe('True ExclusiveBucket');
  expect(await publishedBuckets(namespace)).toEqual(before);
  // The incumbent is untouched.
  const writes = writesSince(sharedServers().auditLog, mark, { user: operator.user, namespace });
  expect(writes.filter(({ name }) => name === 'upsilon')).toEqual([]);

  await deleteStorage(namespace, 'TeamStorage', 'upsilon');
  await untilStorage(at('phi'), { ready: 'True' });
});
