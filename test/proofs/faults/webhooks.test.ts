import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { auditMark, writesSince } from '../../servers/audit.ts';
import { untilReconciled } from '../../servers/conditions.ts';
import { applyStorage, getStorage, minioBucket, untilStorage } from '../../servers/objects.ts';
import { OUTPUT, rawData } from '../../servers/outputs.ts';
import { publishNamespace, type PublishedNamespace } from '../../servers/published-namespace.ts';
import { adminRequest, newBucket, sharedServers } from '../../servers/shared.ts';
import { until } from '../../servers/until.ts';
import { startWebhook, type Reviewed, type Webhook } from '../../servers/webhook.ts';

/** How long is watched whether something is written that nobody asked for. */
const REST_MS = 5_000;
let world: PublishedNamespace;
let webhook: Webhook | undefined;

beforeAll(async () => {
  world = await publishNamespace('webhooks', { teams: { first: await team('first') } });
}, 120_000);

afterEach(async () => {
  await webhook?.stop();
  webhook = undefined;
});

afterAll(async () => {
  await world.operator.stop();
});

async function team(name: string): Promise<Readonly<Record<string, unknown>>> {
  return { team: name, bucket: minioBucket(sharedServers().minio, await newBucket(name), 'root') };
}

async function addTeam(name: string): Promise<void> {
  await applyStorage(world.namespace, 'TeamStorage', name, await team(name));
}

const at = (name: string) => ({ namespace: world.namespace, kind: 'TeamStorage', name }) as const;
const isOfOperator = ({ userInfo }: Reviewed): boolean => userInfo.username === world.operator.user;

/** Waits until the operator writes nothing for some seconds; fails with what it still wrote when the time is up. */
async function untilResting(): Promise<void> {
  const { namespace, operator } = world;
  await untilReconciled({ namespace, kind: 'InstanceStorage', name: 'wandb' });
  let last: readonly string[] = [];
  await until(
    'nothing is written',
    async () => {
      const mark = auditMark(sharedServers().auditLog);
      await new Promise((resolve) => setTimeout(resolve, REST_MS));
      const writes = writesSince(sharedServers().auditLog, mark, { user: operator.user, namespace });
      last = writes.map(({ resource, name }) => `${resource} ${name}`);
      return last.length === 0;
    },
    60,
  ).catch((error: unknown) => {
    throw new Error(`still written: ${last.join(', ')}`, { cause: error });
  });
}

it('that denies a Secret is reported with its words, takes nothing away, and is no matter when it is gone', async () => {
  const { namespace } = world;
  const before = await rawData(namespace, 'secrets', OUTPUT);
  webhook = await startWebhook(namespace, ['secrets'], (reviewed) =>
    isOfOperator(reviewed) ? { denied: 'credentials belong into the vault' } : undefined,
  );
  await addTeam('denied');
  await untilStorage(at('denied'), { published: 'False', publishedReason: 'PublishFailed' }, 90);

  const { status } = await getStorage(namespace, 'TeamStorage', 'denied');
  expect(JSON.stringify(status)).toContain('credentials belong into the vault');
  expect(await rawData(namespace, 'secrets', OUTPUT)).toEqual(before);
  await untilStorage(at('first'), { ready: 'True', published: 'True' });
  // Each try writes the ledger alone, which comes first.
  const tries = webhook.decided;
  await new Promise((resolve) => setTimeout(resolve, REST_MS));
  expect(webhook.decided - tries).toBeLessThanOrEqual(3);

  await webhook.stop();
  webhook = undefined;
  await untilStorage(at('denied'), { ready: 'True', published: 'True' }, 90);
}, 300_000);

it('that does not answer is reported by its name, and is no matter when it answers again', async () => {
  webhook = await startWebhook(world.namespace, ['secrets'], (reviewed) =>
    isOfOperator(reviewed) ? 'no answer' : undefined,
  );
  await addTeam('unanswered');
  await untilStorage(at('unanswered'), { published: 'False', publishedReason: 'PublishFailed' }, 90);

  const { status } = await getStorage(world.namespace, 'TeamStorage', 'unanswered');
  expect(JSON.stringify(status)).toContain('owner.cluster.example');
  await webhook.stop();
  webhook = undefined;
  await untilStorage(at('unanswered'), { ready: 'True', published: 'True' }, 90);
}, 300_000);

it('that marks every output changes nothing of what is published, and nothing is written against it', async () => {
  const { namespace } = world;
  const patch = [{ op: 'add', path: '/metadata/labels/owner.cluster.example~1seen', value: 'yes' }];
  webhook = await startWebhook(namespace, ['secrets', 'configmaps'], (reviewed) =>
    isOfOperator(reviewed) ? { patch } : undefined,
  );
  await addTeam('marked');
  await untilStorage(at('marked'), { ready: 'True', published: 'True' }, 60);

  expect(webhook.decided).toBeGreaterThan(0);
  await untilResting();
}, 300_000);

it('that puts a key of its own into the Secret is not fought without end', async () => {
  const { namespace } = world;
  const patch = [{ op: 'add', path: '/data/INJECTED', value: Buffer.from('by the owner').toString('base64') }];
  webhook = await startWebhook(namespace, ['secrets'], (reviewed) =>
    isOfOperator(reviewed) && reviewed.name === OUTPUT ? { patch } : undefined,
  );
  await addTeam('injected');
  await untilStorage(at('injected'), { ready: 'True', published: 'True' }, 60);

  expect(await rawData(namespace, 'secrets', OUTPUT)).toHaveProperty('INJECTED');
  await untilResting();
  await webhook.stop();
  webhook = undefined;
  await addTeam('after');
  await untilStorage(at('after'), { ready: 'True', published: 'True' }, 60);
  await until('the key is gone with the next write', async () => {
    return !Object.hasOwn(await rawData(namespace, 'secrets', OUTPUT), 'INJECTED');
  });
}, 300_000);

it('that changes a status is not fought without end', async () => {
  const { namespace } = world;
  const patch = [{ op: 'add', path: '/status/region', value: 'of-the-owner' }];
  webhook = await startWebhook(namespace, ['teamstorages/status'], (reviewed) =>
    isOfOperator(reviewed) ? { patch } : undefined,
  );
  await addTeam('restyled');
  await untilStorage(at('restyled'), { ready: 'True', published: 'True' }, 60);

  await untilResting();
}, 300_000);

it('a quota that is used up is reported with its name, takes nothing away, and is no matter once it is raised', async () => {
  const { namespace } = world;
  const path = `/api/v1/namespaces/${namespace}/resourcequotas`;
  const setQuota = async (hard: string): Promise<void> => {
    const quota = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'few-secrets', namespace } };
    await adminRequest('POST', path, { ...quota, spec: { hard: { secrets: hard } } });
    const found = await adminRequest('GET', `${path}/few-secrets`);
    // What the controller manager does, which does not run here.
    const status = { hard: { secrets: hard }, used: { secrets: '0' } };
    const written = await adminRequest('PUT', `${path}/few-secrets/status`, { ...found.body, status });
    expect(written.status).toBe(200);
  };
  await setQuota('0');
  const bucket = minioBucket(sharedServers().minio, await newBucket('second'), 'root');
  const deployment = { type: 'SelfManaged', cloud: 'OnPremises', url: 'https://second.example.com' };
  await applyStorage(namespace, 'InstanceStorage', 'second', { deployment, bucket });
  const second = { namespace, kind: 'InstanceStorage', name: 'second' } as const;
  await untilStorage(second, { published: 'False', publishedReason: 'PublishFailed' }, 90);

  const { status } = await getStorage(namespace, 'InstanceStorage', 'second');
  expect(JSON.stringify(status)).toContain('exceeded quota: few-secrets');
  await untilStorage(at('first'), { ready: 'True', published: 'True' });

  await setQuota('100');
  await untilStorage(second, { ready: 'True', published: 'True' }, 90);
}, 300_000);
