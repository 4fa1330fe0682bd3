import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { applySecret, applyStorage, minioBucket, rootKey, untilStorage } from '../../servers/objects.ts';
import { startOperator, type OperatorProcess } from '../../servers/operator.ts';
import { newBucket, newNamespace, sharedServers } from '../../servers/shared.ts';
import { until } from '../../servers/until.ts';

const names = Array.from({ length: 8 }, (_, index) => `hangs-${String(index)}`);
let namespace = '';
let operator: OperatorProcess;

/** The endpoint by a name, which must be looked up for each connection. */
function byName(): { readonly endpoint: string } {
  return { endpoint: `http://localhost:${new URL(sharedServers().minio.endpoint).port}` };
}

/** Of the image: how many threads it gives to libuv. */
const [, threads = '4'] = /UV_THREADPOOL_SIZE=(\d+)/.exec(readFileSync('Dockerfile', 'utf8')) ?? [];

beforeAll(async () => {
  namespace = await newNamespace('names');
  await applySecret(namespace, 'root', rootKey(sharedServers().minio));
  await applySecret(namespace, 'edited', { ...rootKey(sharedServers().minio), SECRET_KEY: 'not-the-key' });
  await applyStorage(namespace, 'InstanceStorage', 'wandb', {
    deployment: { type: 'SelfManaged', cloud: 'OnPremises', url: 'https://wandb.example.com' },
    bucket: minioBucket(sharedServers().minio, await newBucket('instance'), 'root'),
  });
  operator = await startOperator(namespace, {
    env: {
      UV_THREADPOOL_SIZE: threads,
      NODE_OPTIONS: `--import=${new URL('../../servers/hanging-names.ts', import.meta.url).href}`,
    },
  });
  await untilStorage({ namespace, kind: 'InstanceStorage', name: 'wandb' }, { ready: 'True' });
});

afterAll(() => operator.stop());

function hanging(): ReadonlySet<unknown> {
  return new Set(
    operator
      .log()
      .filter(({ message }) => message === 'look-up hangs')
      .map(({ host }) => host),
  );
}

async function gauge(name: string): Promise<number> {
  const text = await (await fetch(operator.metricsUrl)).text();
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]);
}

it('an edited and a new object are Ready while the look-ups of eight endpoint names hang', async () => {
  const bucket = await newBucket('edited');
  await applyStorage(namespace, 'TeamStorage', 'edited', {
    team: 'edited',
    bucket: minioBucket(byName(), bucket, 'edited'),
  });
  const edited = { namespace, kind: 'TeamStorage', name: 'edited' } as const;
  await untilStorage(edited, { ready: 'False', reason: 'SecretKeyWrong' });
  await Promise.all(
    names.map((name) =>
      applyStorage(namespace, 'TeamStorage', name, {
        team: name,
        bucket: minioBucket({ endpoint: `http://${name}.hangs.test:9000` }, 'unreachable', 'root'),
      }),
    ),
  );
  // None of them ever ends: whatever is Ready from now on did not wait for one.
  await until('all eight look-ups hang', () => hanging().size === names.length);

  await applySecret(namespace, 'edited', rootKey(sharedServers().minio));
  await untilStorage(edited, { ready: 'True', published: 'True' });
  await applyStorage(namespace, 'TeamStorage', 'later', {
    team: 'later',
    bucket: minioBucket(byName(), await newBucket('later'), 'root'),
  });
  await untilStorage({ namespace, kind: 'TeamStorage', name: 'later' }, { ready: 'True' });
});

it('the objects whose names hang say so, and the metrics too', async () => {
  for (const name of names) {
    const at = { namespace, kind: 'TeamStorage', name } as const;
    await untilStorage(at, { ready: 'False', reason: 'ResolverUnavailable' }, 60);
  }
  expect(await gauge('byob_dns_names_hanging')).toBe(names.length);
  expect(await gauge('byob_dns_lookups_running')).toBe(names.length);
  expect(await gauge('byob_dns_lookups_limit')).toBe(Math.floor((Number(threads) + 1) / 2) - 1);
});
