import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { SECRETS, TEAM_STORAGES } from '../../src/api/resources.ts';
import { publishedBuckets } from '../servers/file-stores.ts';
import { createBucket, startMinio, type Minio } from '../servers/minio.ts';
import {
  applySecret,
  applyStorage,
  currentOnes,
  eventsOf,
  minioBucket,
  rootKey,
  untilStorage,
  verdictOf,
} from '../servers/objects.ts';
import { startOperator, type OperatorProcess } from '../servers/operator.ts';
import { freePorts } from '../servers/process.ts';
import { newBucket, newNamespace, sharedServers } from '../servers/shared.ts';
import { startTcpProxy, type TcpProxy } from '../servers/tcp-proxy.ts';
import { watchVersions } from '../servers/versions.ts';

let namespace = '';
let operator: OperatorProcess;
let minio: Minio;
let line: TcpProxy;
const at = () => ({ namespace, kind: 'TeamStorage', name: 'away' }) as const;

beforeAll(async () => {
  namespace = await newNamespace('outage');
  const [port = 0] = await freePorts(1);
  minio = await startMinio({ port });
  line = await startTcpProxy(port);
  await createBucket(minio, 'away');
  await applySecret(namespace, 'root', rootKey(sharedServers().minio));
  await applySecret(namespace, 'own', rootKey(minio));
  await applyStorage(namespace, 'InstanceStorage', 'wandb', {
    deployment: { type: 'SelfManaged', cloud: 'OnPremises', url: 'https://wandb.example.com' },
    bucket: minioBucket(sharedServers().minio, await newBucket('instance'), 'root'),
  });
  operator = await startOperator(namespace);
  await applyStorage(namespace, 'TeamStorage', 'away', {
    team: 'away',
    bucket: minioBucket({ endpoint: `http://127.0.0.1:${String(line.port)}` }, 'away', 'own'),
    validation: { interval: '1s' },
  });
  await untilStorage(at(), { ready: 'True', published: 'True' });
  // The instance's own place is part of the same Secret: what follows counts its versions.
  await untilStorage({ namespace, kind: 'InstanceStorage', name: 'wandb' }, { ready: 'True', published: 'True' });
});

afterAll(async () => {
  await operator.stop();
  await line.stop();
  await minio.stop();
});

it('a store that goes away keeps its entry, is told once, and turns Ready by itself when it is back', async () => {
  const [told, published] = await Promise.all([
    watchVersions(TEAM_STORAGES, namespace, 'away'),
    watchVersions(SECRETS, namespace, 'wandb-storage'),
  ]);
  line.cut();

  const away = await untilStorage(at(), { ready: 'False', published: 'True' });
  const { reason } = verdictOf(away);
  expect(reason).toMatch(/^Connection(Reset|Refused)$/);
  expect(await publishedBuckets(namespace)).toEqual(['away']);
  expect(await currentOnes(namespace)).toEqual(['wandb']);
  // Three tries were tolerated before: proven once, a bucket is not called broken at the first fault.
  const warned = told.seen.filter((version) =>
    version.status?.checks?.some((check) => check.result === 'Warn' && check.reason === reason),
  );
  expect(warned.map((version) => verdictOf(version).ready)).toContain('True');

  line.mend();
  await untilStorage(at(), { ready: 'True', reason: 'Valid', published: 'True' });
  await Promise.all([told.stop(), published.stop()]);
  expect(await eventsOf(namespace, 'away')).toEqual(['Published', 'Valid', reason, 'Valid']);
  expect([published.seen.length, published.deletions]).toEqual([1, 0]);
  expect(await currentOnes(namespace)).toEqual(['away', 'wandb']);
});
