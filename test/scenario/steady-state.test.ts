import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { auditMark, writesSince } from '../servers/audit.ts';
import { listEverything } from '../servers/minio.ts';
import {
  applySecret,
  applyStorage,
  getStorage,
  minioBucket,
  readSecret,
  rootKey,
  untilStorage,
} from '../servers/objects.ts';
import { startOperator, type OperatorProcess } from '../servers/operator.ts';
import { adminRequest, newBucket, newNamespace, sharedServers } from '../servers/shared.ts';
import { until } from '../servers/until.ts';

const TEAMS = 20;
let namespace = '';
let operator: OperatorProcess;
let bucket = '';
const names = Array.from({ length: TEAMS }, (_, index) => `team-${String(index).padStart(2, '0')}`);

beforeAll(async () => {
  namespace = await newNamespace('steady');
  bucket = await newBucket('steady');
  await applySecret(namespace, 'root', rootKey(sharedServers().minio));
});

afterAll(async () => {
  await operator.stop();
});

function probesOf(name: string): number {
  return operator.log().filter((line) => line['message'] === 'bucket probed' && line['name'] === name).length;
}

it('makes an instance and 20 TeamStorages Ready, with one status write for each', async () => {
  const mark = auditMark(sharedServers().auditLog);
  await applyStorage(namespace, 'InstanceStorage', 'wandb', {
    deployment: { type: 'SelfManaged', cloud: 'OnPremises', url: 'https://wandb.example.com' },
    bucket: minioBucket(sharedServers().minio, bucket, 'root'),
    validation: { interval: '2s' },
  });
  for (const name of names) {
    await applyStorage(namespace, 'TeamStorage', name, {
      team: name,
      bucket: minioBucket(sharedServers().minio, bucket, 'root', { path: `teams/${name}` }),
      validation: { interval: '2s' },
    });
  }

  // Only now: who comes later is told to all who share the bucket, and it is no matter of speed who comes later.
  operator = await startOperator(namespace);

  for (const name of names)
    await untilStorage({ namespace, kind: 'TeamStorage', name }, { ready: 'True', published: 'True' });

  const writes = writesSince(sharedServers().auditLog, mark, { user: operator.user, namespace });
  for (const name of names) {
    const own = writes.filter((write) => write.resource === 'teamstorages/status' && write.name === name);
    expect(own).toHaveLength(1);
  }
  expect(new Set(writes.map((write) => write.code >= 400))).toEqual(new Set([false]));
});

it('leaves no probe object behind', async () => {
  expect(await listEverything(sharedServers().minio, bucket)).toEqual([]);
});

it('shares one entry among teams on one bucket', async () => {
  const secret = await readSecret(namespace, 'wandb-storage');

  expect(secret?.['SUPPORTED_FILE_STORES']?.split(',')).toHaveLength(1);
  expect(secret?.['GORILLA_SUPPORTED_FILE_STORES']).toBe(secret?.['SUPPORTED_FILE_STORES']);
});

it('writes nothing in later passes over the unchanged world: light validations, and a restart', async () => {
  const { auditLog } = sharedServers();
  // The counts in the InstanceStorage follow a second after the last team.
  await until('the instance counts its teams', async () => {
    const instance = await getStorage(namespace, 'InstanceStorage', 'wandb');
    const { teams } = instance.status as { readonly teams?: { readonly ready: number; readonly published: number } };
    return teams?.ready === TEAMS && teams.published === TEAMS;
  });
  const mark = auditMark(auditLog);
  const before = new Map(names.map((name) => [name, probesOf(name)]));

  await until('every team was validated twice more', () =>
    names.every((name) => probesOf(name) >= (before.get(name) ?? 0) + 2),
  );
  expect(writesSince(auditLog, mark, { user: operator.user, namespace })).toEqual([]);

  const lines = operator.log().length;
  await operator.restart();
  const after = () =>
    operator
      .log()
      .slice(lines)
      .filter((line) => line['message'] === 'bucket probed');
  await until(
    'every team was looked at after the restart',
    () => new Set(after().map((line) => line['name'])).size >= TEAMS,
  );

  expect(writesSince(auditLog, mark, { user: operator.user, namespace })).toEqual([]);
  // A restart re-probes nothing in full that is fresh.
  expect(after().filter((line) => line['mode'] === 'Full')).toEqual([]);
});

it('mends an output that somebody deleted or changed', async () => {
  const path = `/api/v1/namespaces/${namespace}/secrets/wandb-storage`;
  const good = await readSecret(namespace, 'wandb-storage');

  await adminRequest('DELETE', path);
  await until('the Secret is back', async () => (await readSecret(namespace, 'wandb-storage')) !== undefined);
  expect(await readSecret(namespace, 'wandb-storage')).toEqual(good);

  const data = { BUCKET: Buffer.from('s3://elsewhere/bucket').toString('base64') };
  await adminRequest('PATCH', path, { data }, 'application/merge-patch+json');
  await until(
    'the Secret is right again',
    async () => (await readSecret(namespace, 'wandb-storage'))?.['BUCKET'] === good?.['BUCKET'],
  );
});
