import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startControlPlane, type ControlPlane } from '../../servers/control-plane.ts';
import { publishedBuckets } from '../../servers/file-stores.ts';
import {
  applySecret,
  applyStorage,
  getStorage,
  minioBucket,
  readSecret,
  rootKey,
  untilStorage,
} from '../../servers/objects.ts';
import { startOperator, type OperatorProcess } from '../../servers/operator.ts';
import { adminRequest, newBucket, newNamespace, sharedServers, useOwnBeds } from '../../servers/shared.ts';
import { until } from '../../servers/until.ts';
import { installCrds } from '../../servers/install-crds.ts';

/** A control plane of our own: its CRDs go away. */
let plane: ControlPlane;
let operator: OperatorProcess;
let namespace = '';
let instanceBucket = '';
let buckets: readonly string[] = [];
const names = ['omega', 'theta'];

beforeAll(async () => {
  plane = await startControlPlane();
  const { serverUrl, folder, kubeconfig, auditLog } = plane;
  useOwnBeds({ serverUrl, folder, kubeconfig, auditLog });
  await installCrds(plane);
  namespace = await newNamespace('crds');
  instanceBucket = await newBucket('instance');
  buckets = [await newBucket('omega'), await newBucket('theta')].sort();
  await applySecret(namespace, 'root', rootKey(sharedServers().minio));
  await createStorages();
  operator = await startOperator(namespace);
  await untilAllReady();
});

afterAll(async () => {
  await operator.stop();
  await plane.stop();
});

/** Deletes CRDs, and with them every object of theirs. */
async function removeCrds(...kinds: readonly string[]): Promise<void> {
  await plane.kubectl(['delete', 'crd', ...kinds.map((kind) => `${kind}.storage.wandb.com`), '--timeout=30s']);
}

async function createStorages(): Promise<void> {
  await applyStorage(namespace, 'InstanceStorage', 'wandb', {
    deployment: { type: 'SelfManaged', cloud: 'OnPremises', url: 'https://wandb.example.com' },
    bucket: minioBucket(sharedServers().minio, instanceBucket, 'root'),
  });
  for (const name of names) {
    const bucket = buckets.find((one) => one.startsWith(name)) ?? '';
    await applyStorage(namespace, 'TeamStorage', name, {
      team: name,
      bucket: minioBucket(sharedServers().minio, bucket, 'root'),
    });
  }
}

async function untilAllReady(): Promise<void> {
  await untilStorage({ namespace, kind: 'InstanceStorage', name: 'wandb' }, { ready: 'True' });
  for (const name of names) await untilStorage({ namespace, kind: 'TeamStorage', name }, { ready: 'True' });
}

it('the CRD of the teams is deleted while the operator runs: what is published stays, and is adopted when it is back', async () => {
  const before = await readSecret(namespace, 'wandb-storage');
  await removeCrds('teamstorages');
  await until('the teams are counted as retained', async () => {
    const { status } = await getStorage(namespace, 'InstanceStorage', 'wandb');
    return (status as { readonly teams?: { readonly retained?: number } }).teams?.retained === names.length;
  });
  expect(await readSecret(namespace, 'wandb-storage')).toEqual(before);

  await installCrds(plane);
  await createStorages();
  await untilAllReady();
  expect(await publishedBuckets(namespace)).toEqual(buckets);
});

it('both CRDs are deleted while the operator runs: the server keeps all that it needs', async () => {
  const before = await readSecret(namespace, 'wandb-storage');
  await removeCrds('teamstorages', 'instancestorages');
  expect(await readSecret(namespace, 'wandb-storage')).toEqual(before);

  await installCrds(plane);
  await createStorages();
  await untilAllReady();
  expect(await readSecret(namespace, 'wandb-storage')).toEqual(before);
});

it('both CRDs are deleted while the operator is not running', async () => {
  const before = await readSecret(namespace, 'wandb-storage');
  await operator.stopOnly();
  await removeCrds('teamstorages', 'instancestorages');
  await installCrds(plane);
  await operator.startAgain();
  await createStorages();
  await untilAllReady();
  expect(await readSecret(namespace, 'wandb-storage')).toEqual(before);
});

it('the namespace is deleted: the operator is in nobody’s way', async () => {
  await adminRequest('DELETE', `/api/v1/namespaces/${namespace}`);
  await until('the namespace is gone', async () => {
    const { status } = await adminRequest('GET', `/api/v1/namespaces/${namespace}`);
    return status === 404;
  });
  expect(operator.running).toBe(true);
});
