import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { auditMark, writesSince, type AuditMark } from '../servers/audit.ts';
import {
  applySecret,
  applyStorage,
  getStorage,
  minioBucket,
  readSecret,
  requestValidation,
  rootKey,
  untilStorage,
} from '../servers/objects.ts';
import { startOperator, type OperatorProcess } from '../servers/operator.ts';
import { adminRequest, newBucket, newNamespace, sharedServers } from '../servers/shared.ts';
import { until } from '../servers/until.ts';

let namespace = '';
let operators: { readonly a: OperatorProcess; readonly b: OperatorProcess };
const ready = { ready: 'True', published: 'True' } as const;
const instance = (name: string) => ({ namespace, kind: 'InstanceStorage', name }) as const;
const team = (name: string) => ({ namespace, kind: 'TeamStorage', name }) as const;

async function label(name: string, shard: string): Promise<void> {
  const path = `/apis/storage.wandb.com/v1alpha1/namespaces/${namespace}/instancestorages/${name}`;
  const patch = { metadata: { labels: { shard } } };
  const answer = await adminRequest('PATCH', path, patch, 'application/merge-patch+json');
  if (answer.status !== 200) throw new Error(`${name}: ${JSON.stringify(answer.body['message'])}`);
}

/** The Leases of all shards: the Role of `config/rbac` names the one without a selector. */
async function allowLeases(): Promise<void> {
  const path = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`;
  const name = 'leases-of-shards';
  await adminRequest('POST', `${path}/roles`, {
    metadata: { name },
    rules: [{ apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get', 'create', 'update'] }],
  });
  await adminRequest('POST', `${path}/rolebindings`, {
    metadata: { name },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
    subjects: [{ kind: 'ServiceAccount', name: 'byob-operator', namespace }],
  });
}

/** Which shard wrote each object since a mark; Leases and events are those of the process itself. */
function writersSince(mark: AuditMark): Readonly<Record<string, readonly string[]>> {
  const { user } = operators.a;
  const written = writesSince(sharedServers().auditLog, mark, { user, namespace })
    .filter(({ resource, code }) => resource !== 'leases' && resource !== 'events' && code < 300)
    .map(({ resource, name, credential }) => ({
      object: `${resource} ${name}`,
      shard: credential === operators.a.credential ? 'a' : 'b',
    }));
  const byObject = Map.groupBy(written, ({ object }) => object);
  return Object.fromEntries([...byObject].map(([object, all]) => [object, [...new Set(all.map((one) => one.shard))]]));
}

/** The objects that a shard wrote since a mark. */
function writtenBy(shard: 'a' | 'b', mark: AuditMark): readonly string[] {
  return Object.entries(writersSince(mark)).flatMap(([object, shards]) => (shards.includes(shard) ? [object] : []));
}

async function metricsOf(shard: 'a' | 'b'): Promise<string> {
  return (await fetch(operators[shard].metricsUrl)).text();
}

beforeAll(async () => {
  namespace = await newNamespace('shards');
  await applySecret(namespace, 'root', rootKey(sharedServers().minio));
  await allowLeases();
  const start = (shard: string): Promise<OperatorProcess> =>
    startOperator(namespace, { args: ['--leader-elect', `--watch-label-selector=shard=${shard}`] });
  operators = { a: await start('a'), b: await start('b') };
});

afterAll(async () => {
  await operators.a.stop();
  await operators.b.stop();
});

it('two shards lead at the same time, each with a Lease of its own, and act each on its own', async () => {
  const mark = auditMark(sharedServers().auditLog);
  for (const shard of ['a', 'b'] as const) {
    await applyStorage(namespace, 'InstanceStorage', `wandb-${shard}`, {
      deployment: { type: 'SelfManaged', cloud: 'OnPremises' },
      bucket: minioBucket(sharedServers().minio, await newBucket('instance'), 'root'),
    });
    await label(`wandb-${shard}`, shard);
    await applyStorage(namespace, 'TeamStorage', `team-${shard}`, {
      team: `team-${shard}`,
      instanceRef: { name: `wandb-${shard}` },
      bucket: minioBucket(sharedServers().minio, await newBucket('team'), 'root'),
    });
  }
  for (const shard of ['a', 'b'] as const) {
    await untilStorage(instance(`wandb-${shard}`), ready);
    await untilStorage(team(`team-${shard}`), ready);
  }
  const leases = await adminRequest('GET', `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`);
  const names = (leases.body['items'] as readonly { readonly metadata: { readonly name: string } }[]).map(
    ({ metadata }) => metadata.name,
  );
  expect(names).toHaveLength(2);
  for (const name of names) expect(name).toMatch(/^byob-operator-[0-9a-f]{8}$/);
  const writers = writersSince(mark);
  for (const shard of ['a', 'b'] as const) {
    const own = Object.entries(writers).filter(([object]) => new RegExp(`(wandb|team)-${shard}`).test(object));
    expect(own.length).toBeGreaterThanOrEqual(5);
    expect(own).toEqual(own.map(([object]) => [object, [shard]]));
  }
  const metrics = await metricsOf('b');
  expect(metrics).toContain('byob_shard_info{selector="shard=b"} 1');
  expect(metrics).toContain('byob_storage_ready{kind="TeamStorage",namespace="' + namespace + '",name="team-b"');
  expect(metrics).not.toContain('name="team-a"');
});

it('an InstanceStorage whose label changes keeps what it published, and the other shard goes on with it', async () => {
  const before = await readSecret(namespace, 'wandb-b-storage');
  expect(Object.keys(before ?? {})).not.toEqual([]);
  const mark = auditMark(sharedServers().auditLog);
  await label('wandb-b', 'a');
  await until('the ledger has the label', async () => {
    const answer = await adminRequest('GET', `/api/v1/namespaces/${namespace}/secrets/wandb-b-storage-ledger`);
    const { labels } = answer.body['metadata'] as { readonly labels: Readonly<Record<string, string>> };
    return labels['shard'] === 'a';
  });
  // Until its watch tells it, the former shard may finish what it had begun.
  await until('the former shard has seen the label', async () => !(await metricsOf('b')).includes('name="team-b"'));
  const given = auditMark(sharedServers().auditLog);
  const token = await requestValidation(namespace, 'TeamStorage', 'team-b');
  await until('the team was validated again', async () => {
    const { status } = await getStorage(namespace, 'TeamStorage', 'team-b');
    return status?.lastHandledReconcileAt === token;
  });
  await untilStorage(team('team-b'), ready);
  expect(await readSecret(namespace, 'wandb-b-storage')).toEqual(before);
  const taken = writersSince(mark);
  expect(taken['teamstorages/status team-b']).toEqual(['a']);
  expect(writtenBy('b', given)).toEqual([]);
  expect(Object.keys(taken)).not.toContain('secrets wandb-b-storage');

  const bucket = await newBucket('new');
  await applyStorage(namespace, 'TeamStorage', 'new', {
    team: 'new',
    instanceRef: { name: 'wandb-b' },
    bucket: minioBucket(sharedServers().minio, bucket, 'root'),
  });
  await untilStorage(team('new'), ready);
  expect(JSON.stringify(await readSecret(namespace, 'wandb-b-storage'))).toContain(bucket);
  expect(writersSince(mark)['secrets wandb-b-storage']).toEqual(['a']);
  expect(writtenBy('b', given)).toEqual([]);
});
