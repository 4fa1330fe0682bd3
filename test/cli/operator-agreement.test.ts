import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ConfigMapObject, SecretObject } from '../../src/api/resources.ts';
import { applySecret, applyStorage, getStorage, minioBucket, rootKey, untilStorage } from '../servers/objects.ts';
import { startOperator, type OperatorProcess } from '../servers/operator.ts';
import { tracesOf } from '../servers/secrecy.ts';
import { adminRequest, newBucket, newNamespace, sharedServers } from '../servers/shared.ts';
import { byob, folderOf, secret, storage, type Ended } from './byob.ts';
import { cardsOf } from './report-cards.ts';

interface Finding {
  readonly check: string;
  readonly result: string;
  readonly reason: string;
  readonly advisory?: boolean;
}

let namespace = '';
let operator: OperatorProcess;
let folder = '';
let specs: readonly (readonly ['InstanceStorage' | 'TeamStorage', string, unknown])[] = [];
const READY = ['wandb', 'omega', 'kappa', 'nested'];

beforeAll(async () => {
  const { minio } = sharedServers();
  namespace = await newNamespace('cli');
  const [instance, own] = [await newBucket('instance'), await newBucket('own')];
  const bucket = (name: string, extra = {}) => minioBucket(minio, name, 'root', extra);
  specs = [
    [
      'InstanceStorage',
      'wandb',
      {
        deployment: { type: 'SelfManaged', cloud: 'OnPremises', url: 'https://wandb.example.com' },
        bucket: bucket(instance),
      },
    ],
    ['TeamStorage', 'omega', { team: 'omega', bucket: bucket(own) }],
    ['TeamStorage', 'nested', { team: 'nested', bucket: bucket(own, { path: 'a/b' }) }],
    ['TeamStorage', 'kappa', { team: 'kappa' }],
    ['TeamStorage', 'missing', { team: 'missing', bucket: bucket('there-is-no-such-bucket') }],
    ['TeamStorage', 'wrong', { team: 'wrong', bucket: minioBucket(minio, own, 'bad') }],
    ['TeamStorage', 'zeta', { team: 'omega', bucket: bucket(own) }],
  ];
  const bad = { ACCESS_KEY: minio.rootUser, SECRET_KEY: 'not-the-secret-of-this-store' };
  folder = folderOf({
    'storages.yaml': specs.map(([kind, name, spec]) => storage(kind, name, spec, namespace)),
    'secrets.yaml': [secret('root', rootKey(minio)), secret('bad', bad)],
  });
  await applySecret(namespace, 'root', rootKey(minio));
  await applySecret(namespace, 'bad', bad);
  for (const [kind, name, spec] of specs) await applyStorage(namespace, kind, name, spec);
  operator = await startOperator(namespace);
  for (const [kind, name] of specs) {
    const ready = READY.includes(name) ? 'True' : 'False';
    await untilStorage({ namespace, kind, name }, { ready });
  }
});

afterAll(async () => {
  await operator.stop();
});

function run(command: string, ...args: readonly string[]): Promise<Ended> {
  return byob([command, '-f', folder, '-n', namespace, '--allowed-endpoints=127.0.0.0/8', ...args]);
}

async function findingsOf(...args: readonly string[]): Promise<ReadonlyMap<string, readonly Finding[]>> {
  const { stdout } = await run('check', '-o', 'json', ...args);
  const { objects } = JSON.parse(stdout) as {
    readonly objects: readonly { readonly name: string; readonly findings: readonly Finding[] }[];
  };
  return new Map(objects.map(({ name, findings }) => [name, findings]));
}

async function inCluster<T>(plural: 'secrets' | 'configmaps', name: string): Promise<T> {
  return (await adminRequest('GET', `/api/v1/namespaces/${namespace}/${plural}/${name}`)).body as T;
}

describe('real API server and MinIO: byob agrees with the operator', () => {
  it('check --live finds the results and reasons of every status', async () => {
    const findings = await findingsOf('--live');
    for (const [kind, name] of specs) {
      const { conditions = [], checks = [] } = (await getStorage(namespace, kind, name)).status ?? {};
      const mine = findings.get(name) ?? [];
      const found = (wanted: string): unknown => mine.find(({ check }) => check === wanted);
      for (const { name: check, result, reason } of checks) {
        expect([name, found(check)]).toEqual([name, expect.objectContaining({ result, reason })]);
      }
      for (const { type, reason } of conditions.filter((one) => !LEFT_OUT.has(one.type))) {
        expect([name, found(type)]).toEqual([name, expect.objectContaining({ reason })]);
      }
      expect([name, mine.some(({ result }) => result === 'Fail')]).toEqual([name, !READY.includes(name)]);
    }
  });

  it('report of files shows the findings of check, with and without asking the buckets', async () => {
    for (const args of [[], ['--live']]) {
      const { stdout: page, status } = await run('report', '--html=-', ...args);
      expect(status).toBe(1);
      const cards = cardsOf(page);
      const findings = await findingsOf(...args);
      expect([...cards.keys()].toSorted()).toEqual(specs.map(([kind, name]) => `${kind} ${name}`).toSorted());
      for (const [kind, name] of specs) {
        const card = cards.get(`${kind} ${name}`);
        const found = findings.get(name) ?? [];
        const isOpen = ({ result, advisory }: Finding) => result === 'Fail' && advisory !== true;
        expect([name, card?.open.filter(({ result }) => result === 'Fails')]).toEqual([
          name,
          found.filter(isOpen).map(({ check, reason }) => ({ result: 'Fails', name: check, reason })),
        ]);
        for (const { check } of found) expect([name, check, card?.text.includes(check)]).toEqual([name, check, true]);
      }
    }
  });

  it('leaves nothing in the buckets, and nothing in the cluster', async () => {
    const before = await inCluster<SecretObject>('secrets', 'wandb-storage');
    expect((await run('render', '--live', `--kubeconfig=${sharedServers().kubeconfig}`)).status).toBe(1);
    const after = await inCluster<SecretObject>('secrets', 'wandb-storage');
    expect(after.metadata.resourceVersion).toBe(before.metadata.resourceVersion);
    // A probe of the command that left objects would be found by the next listing of the bucket.
    const findings = await findingsOf('--live');
    expect(findings.get('omega')).toContainEqual(expect.objectContaining({ check: 'CanDelete', result: 'Pass' }));
  });

  it('render gives the bytes of the operator: all of them with its ledger, without it all but times and hash', async () => {
    const secretNow = await inCluster<SecretObject>('secrets', 'wandb-storage');
    const configMapNow = await inCluster<ConfigMapObject>('configmaps', 'wandb-storage');
    const outputs = async (...args: readonly string[]) => {
      const { stdout } = await run('render', '-o', 'json', '--live', '--show-secrets', ...args);
      return (JSON.parse(stdout) as { readonly items: readonly [SecretObject, ConfigMapObject] }).items;
    };
    const [withLedger, configMapWithLedger] = await outputs(`--kubeconfig=${sharedServers().kubeconfig}`);
    expect(withLedger.data).toEqual(secretNow.data);
    expect(withLedger.metadata.annotations).toEqual(secretNow.metadata.annotations);
    expect(withLedger.metadata.labels).toEqual(secretNow.metadata.labels);
    expect(configMapWithLedger.data).toEqual(configMapNow.data);

    const [alone, configMapAlone] = await outputs();
    expect(alone.data).toEqual(secretNow.data);
    const chosen = '[set by the operator]';
    const stores = configMapNow.data?.['stores.yaml']?.replaceAll(/provenAt: .*/g, `provenAt: "${chosen}"`);
    expect(configMapAlone.data).toEqual({ ...configMapNow.data, 'secret-hash': chosen, 'stores.yaml': stores });
  });

  it('with the cluster, check needs no Secrets in files, and sees what is bound there', async () => {
    const alone = folderOf({ 'a.yaml': [storage('TeamStorage', 'late', { team: 'omega' }, namespace)] });
    const { stdout, status } = await byob([
      'check',
      '-f',
      alone,
      `--kubeconfig=${sharedServers().kubeconfig}`,
      '-o',
      'json',
    ]);
    expect(status).toBe(1);
    expect(stdout).toContain('TeamConflict');
    const moved = { team: 'omega', bucket: minioBucket(sharedServers().minio, 'another', 'root') };
    const change = folderOf({ 'a.yaml': [storage('TeamStorage', 'omega', moved, namespace)] });
    const refused = await byob(['check', '-f', change, `--kubeconfig=${sharedServers().kubeconfig}`]);
    expect(refused.stdout).toContain("the team's bucket is bound and cannot become another one");
  });

  it('a record is judged as the buckets were, and names none of them', async () => {
    const file = join(folderOf({}), 'record.json');
    await run('check', '--live', '--record', file);
    const record = readFileSync(file, 'utf8');
    for (const name of [namespace, 'there-is-no-such-bucket', sharedServers().minio.rootUser]) {
      expect(record).not.toContain(name);
    }
    const replayed = await byob(['replay', file, '-o', 'json']);
    expect(replayed.status).toBe(1);
    expect(replayed.stdout).not.toContain('When it was recorded');
    expect(replayed.stdout).toContain('BucketNotFound');
  });

  it('no secret appears in any output but that of render --show-secrets', async () => {
    const file = join(folderOf({}), 'record.json');
    const formats = ['table', 'json', 'yaml', 'junit', 'sarif'];
    const runs = [
      ...(await Promise.all(formats.map((format) => run('check', '-o', format)))),
      await run('check', '--live', '--record', file),
      await byob(['replay', file]),
      ...(await Promise.all(['yaml', 'json', 'values'].map((format) => run('render', '-o', format)))),
      await run('report', '--html=-'),
      await run('report', '--live', '--html=-'),
      await byob(['report', '-n', namespace, '--html=-', `--kubeconfig=${sharedServers().kubeconfig}`]),
    ];
    const said = [...runs.map(({ stdout, stderr }) => stdout + stderr), readFileSync(file, 'utf8')].join('\n');
    const secrets = [sharedServers().minio.rootPassword, 'not-the-secret-of-this-store'];
    for (const trace of secrets.flatMap(tracesOf)) expect(said).not.toContain(trace);
    expect(said.length).toBeGreaterThan(10_000);
  });
});

/** Conditions that sum up others or the checks, which are compared themselves, and those of the running server. */
const LEFT_OUT = new Set([
  'RolledOut',
  'Ready',
  'Reconciling',
  'Stalled',
  'BucketReachable',
  'BucketUsable',
  'BrowserAccess',
]);
