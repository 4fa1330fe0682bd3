import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { publishedBuckets } from '../../servers/file-stores.ts';
import { applySecret, applyStorage, currentOnes, minioBucket, rootKey, untilStorage } from '../../servers/objects.ts';
import { startOperator, type OperatorProcess } from '../../servers/operator.ts';
import { newBucket, newNamespace, sharedServers } from '../../servers/shared.ts';
import { until } from '../../servers/until.ts';

const HOLES = 100;
const names = Array.from({ length: HOLES }, (_, index) => `hole-${String(index)}`);
let namespace = '';
let operator: OperatorProcess;
let holes: readonly Hole[] = [];

/** Takes connections and never says a word. */
interface Hole {
  readonly endpoint: string;
  readonly server: Server;
  readonly open: Set<Socket>;
  /** How often it was called. */
  readonly calls: () => number;
}

async function dig(): Promise<Hole> {
  const open = new Set<Socket>();
  let calls = 0;
  const server = createServer((socket) => {
    calls += 1;
    open.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => open.delete(socket));
    socket.resume();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  return { endpoint, server, open, calls: () => calls };
}

beforeAll(async () => {
  namespace = await newNamespace('holes');
  holes = await Promise.all(names.map(dig));
  await applySecret(namespace, 'root', rootKey(sharedServers().minio));
  await applySecret(namespace, 'edited', { ...rootKey(sharedServers().minio), SECRET_KEY: 'not-the-key' });
  await applyStorage(namespace, 'InstanceStorage', 'wandb', {
    deployment: { type: 'SelfManaged', cloud: 'OnPremises', url: 'https://wandb.example.com' },
    bucket: minioBucket(sharedServers().minio, await newBucket('instance'), 'root'),
  });
  operator = await startOperator(namespace);
  await untilStorage({ namespace, kind: 'InstanceStorage', name: 'wandb' }, { ready: 'True' });
});

afterAll(async () => {
  await operator.stop();
  for (const { server, open } of holes) {
    for (const socket of open) socket.destroy();
    server.close();
  }
});

/** Names of the holes whose probe has ended, by the operator's own account. */
function ended(lines = operator.log()): readonly unknown[] {
  return lines
    .filter(({ message }) => message === 'bucket probed' || message === 'requests of a probe failed')
    .map(({ name }) => name)
    .filter((name) => names.includes(String(name)));
}

/** How many of the holes were ever called. */
const swallowed = (): number => holes.filter(({ calls }) => calls() > 0).length;

it('a corrected key makes its team Ready while a hundred other stores hang', async () => {
  const at = { namespace, kind: 'TeamStorage', name: 'edited' } as const;
  const bucket = await newBucket('edited');
  await applyStorage(namespace, 'TeamStorage', 'edited', {
    team: 'edited',
    bucket: minioBucket(sharedServers().minio, bucket, 'edited'),
  });
  await untilStorage(at, { ready: 'False', reason: 'SecretKeyWrong' });
  await Promise.all(
    names.map((name, index) =>
      applyStorage(namespace, 'TeamStorage', name, {
        team: name,
        bucket: minioBucket({ endpoint: holes[index]?.endpoint ?? '' }, 'swallowed', 'root'),
      }),
    ),
  );
  await until('all hundred are being probed', () => swallowed() === HOLES);

  await applySecret(namespace, 'edited', rootKey(sharedServers().minio));
  await untilStorage(at, { ready: 'True', published: 'True' });

  // By the order of its own account: on a slow machine their deadline may pass before we look.
  const told = operator.log();
  const mended = told.findLastIndex(({ message, name, ready }) => {
    return message === 'readiness changed' && name === 'edited' && ready === 'True';
  });
  expect(mended).toBeGreaterThan(0);
  expect(ended(told.slice(0, mended))).toEqual([]);
  expect(await publishedBuckets(namespace)).toEqual([bucket]);
  expect(await currentOnes(namespace)).toEqual(['edited', 'wandb']);
});

it('each of the hundred then says that its store does not answer', async () => {
  await Promise.all(
    names.slice(0, 5).map((name) => {
      const at = { namespace, kind: 'TeamStorage', name } as const;
      return untilStorage(at, { ready: 'False', published: 'False' }, 30);
    }),
  );
  await until('all hundred were probed', () => new Set(ended()).size === HOLES, 30);

  expect(await currentOnes(namespace)).toEqual(['edited', 'wandb']);
});
