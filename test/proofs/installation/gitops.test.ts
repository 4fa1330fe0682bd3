import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { TEAM_STORAGES, type TeamStorage } from '../../../src/api/resources.ts';
import { findCondition } from '../../../src/domain/conditions/conditions.ts';
import { kstatus } from '../../servers/kstatus.ts';
import { runLua } from '../../servers/lua.ts';
import { createUser } from '../../servers/minio.ts';
import {
  applySecret,
  applyStorage,
  deleteStorage,
  getStorage,
  minioBucket,
  rootKey,
  untilStorage,
} from '../../servers/objects.ts';
import { startOperator, type OperatorProcess } from '../../servers/operator.ts';
import { adminRequest, newBucket, newNamespace, sharedServers } from '../../servers/shared.ts';
import { until } from '../../servers/until.ts';
import { watchVersions } from '../../servers/versions.ts';
import { run } from '../../charts/render.ts';

const HEALTH = readFileSync('config/argocd/health.lua', 'utf8');
/** What Argo CD shows for what kstatus says. */
const ARGO = { Current: 'Healthy', InProgress: 'Progressing', Failed: 'Degraded', Terminating: 'Progressing' };
/** A Secret that comes so late; External Secrets need some time. */
const LATE_SECONDS = process.env['BYOB_SOAK'] === undefined ? 4 : 30;
let namespace = '';
let operator: OperatorProcess;
let bucket = '';
const minio = () => sharedServers().minio;
const team = (name: string) => ({ namespace, kind: 'TeamStorage', name }) as const;

beforeAll(async () => {
  namespace = await newNamespace('gitops');
  bucket = await newBucket('instance');
  await applySecret(namespace, 'root', rootKey(minio()));
  operator = await startOperator(namespace);
  await applyStorage(namespace, 'InstanceStorage', 'wandb', {
    deployment: { type: 'SelfManaged', cloud: 'OnPremises', url: 'https://wandb.example.com' },
    bucket: minioBucket(minio(), bucket, 'root'),
  });
  await untilStorage({ namespace, kind: 'InstanceStorage', name: 'wandb' }, { ready: 'True' });
});

afterAll(async () => {
  await operator.stop();
});

describe('a whole life, version by version, on the real API server', () => {
  it('is told by kstatus (Flux, Helm) and by the Lua of Argo CD as it is', async () => {
    const versions = await watchVersions<TeamStorage>(TEAM_STORAGES, namespace, 'omega');
    const name = await newBucket('omega');
    const spec = { team: 'omega', bucket: minioBucket(minio(), name, 'omega') };
    await createUser(minio(), { name: 'gitops-omega', secret: 'secret-of-omega', buckets: [name], actions: ['s3:*'] });
    const key = (secret: string) => applySecret(namespace, 'omega', { ACCESS_KEY: 'gitops-omega', SECRET_KEY: secret });
    // A finalizer of somebody else, so that the deletion shows.
    await applyStorage(namespace, 'TeamStorage', 'omega', spec);
    const path = `/apis/storage.wandb.com/v1alpha1/namespaces/${namespace}/teamstorages/omega`;
    const finalizers = (list: readonly string[]) =>
      adminRequest('PATCH', path, { metadata: { finalizers: list } }, 'application/merge-patch+json');
    await finalizers(['example.com/hold']);
    await untilStorage(team('omega'), { ready: 'False', reason: 'SecretNotFound' });
    await key('secret-of-omega');
    await untilStorage(team('omega'), { ready: 'True', published: 'True' });
    await key('not-its-secret');
    await untilStorage(team('omega'), { ready: 'False', reason: 'SecretKeyWrong', published: 'True' });
    await key('secret-of-omega');
    await untilStorage(team('omega'), { ready: 'True' });
    // What only an edit mends is Stalled at once.
    await applyStorage(namespace, 'TeamStorage', 'omega', {
      ...spec,
      instanceRef: { name: 'wandb' },
      isolation: 'Required',
    });
    await untilStorage(team('omega'), { ready: 'True' });
    await deleteStorage(namespace, 'TeamStorage', 'omega');
    await until('the deletion shows', () =>
      versions.seen.some(({ metadata }) => metadata.deletionTimestamp !== undefined),
    );
    await finalizers([]);
    await until('it is gone', () => versions.deletions > 0);
    await versions.stop();

    const statuses = await kstatus(versions.seen);
    const healths = await runLua<{ readonly status: string }>(HEALTH, versions.seen);
    const told = versions.seen.map((object, index) => {
      const status = statuses[index]?.status ?? 'Unknown';
      expect([status, healths[index]?.status]).toEqual([status, ARGO[status as keyof typeof ARGO]]);
      const ready = findCondition(object.status?.conditions ?? [], 'Ready');
      const isProven = object.status?.observedGeneration === object.metadata.generation && ready?.status === 'True';
      if (status === 'Current') expect(isProven).toBe(true);
      return status;
    });
    const turns = told.filter((status, index) => status !== told[index - 1]);
    expect(turns).toEqual(['InProgress', 'Current', 'InProgress', 'Current', 'InProgress', 'Current', 'Terminating']);
  });

  it('fails at once where only an edit helps, is mended by one, and is suspended', async () => {
    const versions = await watchVersions<TeamStorage>(TEAM_STORAGES, namespace, 'mended');
    await applyStorage(namespace, 'TeamStorage', 'mended', {
      team: 'mended',
      // Not offered by the matrix of 2024.
      bucket: {
        provider: 'CoreWeave',
        name: 'acme',
        coreWeave: { credentials: { accessKey: { secretRef: { name: 'root' } } } },
      },
    });
    await until('it is Stalled', async () => {
      const { status } = await getStorage(namespace, 'TeamStorage', 'mended');
      return findCondition(status?.conditions ?? [], 'Stalled')?.status === 'True';
    });
    const good = { team: 'mended', bucket: minioBucket(minio(), await newBucket('mended'), 'root') };
    await applyStorage(namespace, 'TeamStorage', 'mended', good);
    await untilStorage(team('mended'), { ready: 'True', published: 'True' });
    await applyStorage(namespace, 'TeamStorage', 'mended', { ...good, suspend: true });
    await untilStorage(team('mended'), { ready: 'True' });
    await versions.stop();

    const turnsOf = (told: readonly string[]) => told.filter((status, index) => status !== told[index - 1]);
    const statuses = (await kstatus(versions.seen)).map(({ status }) => status);
    expect(turnsOf(statuses)).toEqual(['InProgress', 'Failed', 'InProgress', 'Current', 'InProgress', 'Current']);
    const healths = await runLua<{ readonly status: string }>(HEALTH, versions.seen);
    expect(turnsOf(healths.map(({ status }) => status))).toEqual([
      'Progressing',
      'Degraded',
      'Progressing',
      'Healthy',
      'Progressing',
      'Suspended',
    ]);
    await deleteStorage(namespace, 'TeamStorage', 'mended');
  });
});

describe('helm install --wait of byob-storages', () => {
  it(`waits for a Secret that comes ${String(LATE_SECONDS)} s late, and then no longer`, async () => {
    const name = await newBucket('late');
    const values = { teams: { late: { bucket: minioBucket(minio(), name, 'late') } } };
    const began = performance.now();
    const { kubeconfig } = sharedServers();
    const args = [
      'install',
      'late',
      'charts/byob-storages',
      '-n',
      namespace,
      '--wait',
      '--timeout=120s',
      '--values',
      '-',
    ];
    const installing = run('helm', [`--kubeconfig=${kubeconfig}`, ...args], stringify(values));
    await until('it is there', () =>
      getStorage(namespace, 'TeamStorage', 'late').then(
        () => true,
        () => false,
      ),
    );
    await untilStorage(team('late'), { ready: 'False', reason: 'SecretNotFound' });
    await new Promise((resolve) => setTimeout(resolve, LATE_SECONDS * 1000));
    await applySecret(namespace, 'late', rootKey(minio()));

    expect(await installing).toMatchObject({ code: 0, stderr: '' });
    const { status } = await untilStorage(team('late'), { ready: 'True', published: 'True' });
    expect(performance.now() - began).toBeGreaterThan(LATE_SECONDS * 1000);
    // The Secret woke it, not the look after half a minute: by the cluster's own times, whatever helm took.
    const secret = await adminRequest('GET', `/api/v1/namespaces/${namespace}/secrets/late`);
    const { creationTimestamp = '' } = secret.body['metadata'] as { readonly creationTimestamp?: string };
    const readySince = findCondition(status?.conditions ?? [], 'Ready')?.lastTransitionTime ?? '';
    expect(Date.parse(readySince) - Date.parse(creationTimestamp)).toBeLessThan(25_000);
  });
});

describe('what Git says and what the cluster holds', () => {
  const samples = readdirSync('config/samples/providers')
    .filter((file) => file !== 'kustomization.yaml')
    .map((file) => file.replace(/\.yaml$/, ''));
  const kubectl = (...args: readonly string[]) =>
    run('kubectl', [`--kubeconfig=${sharedServers().kubeconfig}`, '-n', namespace, ...args]);

  it.each(samples)('do not differ after the operator has looked: %s', async (sample) => {
    const file = `config/samples/providers/${sample}.yaml`;
    // As Flux does: server-side apply under its own name.
    const flux = ['apply', '--server-side', '--field-manager=kustomize-controller', '-f', file];
    expect(await kubectl(...flux)).toMatchObject({ code: 0 });
    const applied = await kubectl('get', '-f', file, '-o', 'json');
    const objects = itemsOf(applied.stdout);
    expect(objects.length).toBeGreaterThan(0);
    for (const { kind, metadata } of objects.filter(({ apiVersion }) => apiVersion.startsWith('storage.wandb.com'))) {
      await until(`${kind} ${metadata.name} is looked at`, async () => {
        const object = await getStorage(namespace, kind as 'TeamStorage', metadata.name);
        return object.status?.observedGeneration === object.metadata.generation;
      });
    }
    // Exit code 1 is a difference. As Argo CD with server-side apply sees it, and by kubectl's three-way merge.
    expect(await kubectl('diff', '--server-side', '--field-manager=kustomize-controller', '-f', file)).toMatchObject({
      code: 0,
      stdout: '',
    });
    expect(await kubectl('diff', '-f', file)).toMatchObject({ code: 0, stdout: '' });
    const before = itemsOf((await kubectl('get', '-f', file, '-o', 'json')).stdout);
    expect(await kubectl(...flux)).toMatchObject({ code: 0 });
    const after = itemsOf((await kubectl('get', '-f', file, '-o', 'json')).stdout);
    expect(after.map(({ metadata }) => [metadata.name, metadata.generation])).toEqual(
      before.map(({ metadata }) => [metadata.name, metadata.generation]),
    );
    await kubectl('delete', '-f', file);
  });
});

interface Item {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly generation?: number };
}

function itemsOf(json: string): readonly Item[] {
  const value = JSON.parse(json) as Item & { readonly items?: readonly Item[] };
  return value.items ?? [value];
}
