import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { getStorage, minioBucket } from '../servers/objects.ts';
import { temporaryFolder } from '../servers/process.ts';
import { publishNamespace, type PublishedNamespace } from '../servers/published-namespace.ts';
import { tracesOf } from '../servers/secrecy.ts';
import { newBucket, sharedServers } from '../servers/shared.ts';
import { viewerOf } from '../servers/viewer.ts';
import { byob, type Ended } from './byob.ts';
import { addTeamsWithoutBucket } from './teams-without-bucket.ts';
import { cardsOf } from './report-cards.ts';

let published: PublishedNamespace;
let namespace = '';
let page = '';

beforeAll(async () => {
  const { minio } = sharedServers();
  const own = await newBucket('own');
  published = await publishNamespace('report', {
    teams: {
      omega: { team: 'omega', bucket: minioBucket(minio, own, 'root', { path: 'omega' }) },
      inner: { team: 'inner', bucket: minioBucket(minio, own, 'root', { path: 'omega/inner' }) },
    },
  });
  namespace = published.namespace;
  await addTeamsWithoutBucket(namespace);
  page = (await run('-n', namespace, '--html=-')).stdout;
});

afterAll(async () => {
  await published.operator.stop();
});

function run(...args: readonly string[]): Promise<Ended> {
  return byob(['report', `--kubeconfig=${sharedServers().kubeconfig}`, ...args]);
}

const STORAGES = [
  ['InstanceStorage', 'wandb'],
  ['TeamStorage', 'inner'],
  ['TeamStorage', 'kappa'],
  ['TeamStorage', 'missing'],
  ['TeamStorage', 'omega'],
] as const;

describe('byob report as a process, on the real API server', () => {
  it('shows every storage with each check and each reason of its status', async () => {
    const cards = cardsOf(page);
    expect([...cards.keys()].toSorted()).toEqual(STORAGES.map(([kind, name]) => `${kind} ${name}`));
    for (const [kind, name] of STORAGES) {
      const status = (await getStorage(namespace, kind, name)).status ?? {};
      const { open = [], text = '', verdict = '' } = cards.get(`${kind} ${name}`) ?? {};
      const ready = status.conditions?.find(({ type }) => type === 'Ready')?.status === 'True';
      expect([name, verdict.startsWith('Ready')]).toEqual([name, ready]);
      const checks = status.checks ?? [];
      const failed = checks.filter(({ result }) => result === 'Fail');
      const expected = failed.map(({ name: check, reason }) => ({ result: 'Fails', name: check, reason }));
      expect(open).toEqual(expect.arrayContaining(expected));
      const shown = textOf(text);
      const others = checks.filter(({ result }) => result !== 'Pass');
      const texts = [
        ...checks.flatMap(({ name: check, message = '' }) => [check, message]),
        ...others.flatMap(({ reason, remedy = '' }) => [reason, remedy]),
      ];
      expect(texts.filter((one) => !shown.includes(one))).toEqual([]);
    }
  });

  it('shows the same problems as byob status, in the same order', async () => {
    const { stdout } = await byob([
      'status',
      '-n',
      namespace,
      '-o',
      'json',
      `--kubeconfig=${sharedServers().kubeconfig}`,
    ]);
    const { instances } = JSON.parse(stdout) as {
      readonly instances: readonly { readonly teams: readonly View[] }[];
    };
    for (const view of instances.flatMap((one) => one.teams)) {
      const open = cardsOf(page)
        .get(`TeamStorage ${view.name}`)
        ?.open.map(({ name, reason }) => ({ name, reason }));
      expect([view.name, open]).toEqual([view.name, view.problems.map(({ name, reason }) => ({ name, reason }))]);
    }
  });

  it('draws paths inside each other, and says of each team who reaches its files, as its status does', async () => {
    const inner = await getStorage(namespace, 'TeamStorage', 'inner');
    const isolated = inner.status?.conditions?.find(({ type }) => type === 'Isolated');
    expect(isolated?.reason).toBe('PathOverlap');
    expect(page).toContain('/omega/inner</text>');
    expect(page).toContain('Shared, with overlapping paths');
    expect(page).toContain('<code>PathOverlap</code>');
    const kappa = await getStorage(namespace, 'TeamStorage', 'kappa');
    expect(kappa.status?.conditions?.find(({ type }) => type === 'Isolated')?.reason).toBe('UsesInstanceBucket');
    expect(page).toContain('<code>UsesInstanceBucket</code>');
    expect(page).toContain((await getStorage(namespace, 'InstanceStorage', 'wandb')).status?.config?.hash);
  });

  it('writes the file, says so in one line, and ends with 1 while a storage is not Ready', async () => {
    const file = join(temporaryFolder('byob-report-'), 'report.html');
    const { status, stdout, stderr } = await run('-n', namespace, `--html=${file}`);
    expect([status, stderr]).toEqual([1, '']);
    expect(stdout).toBe(`1 of 5 storages is not Ready. See ${file}.\n`);
    expect(readFileSync(file, 'utf8')).toMatch(/^<!doctype html>[^]*<\/html>\n$/);
  });

  it('needs no more than the role wandb-storage-viewer gives', async () => {
    const kubeconfig = await viewerOf(namespace);
    const { status, stdout } = await byob(['report', '--html=-', `--kubeconfig=${kubeconfig}`]);
    expect([status, cardsOf(stdout).size]).toEqual([1, STORAGES.length]);
    const everywhere = await byob(['report', '-A', '--html=-', `--kubeconfig=${kubeconfig}`]);
    expect([everywhere.status, everywhere.stdout]).toEqual([2, '']);
    expect(everywhere.stderr).toMatch(/^error: cannot read the storages of the cluster: .*forbidden/);
  });

  it('holds no character of a key', () => {
    for (const trace of tracesOf(sharedServers().minio.rootPassword)) expect(page).not.toContain(trace);
    expect(page).toContain('s3://[redacted]@');
  });

  it('ends with 2 and one line, and writes nothing, where the flags do not fit', async () => {
    const folder = temporaryFolder('byob-report-flags-');
    const file = join(folder, 'report.html');
    for (const [args, message] of [
      [[], '--html'],
      [[`--html=${file}`, '--live'], '--live needs --filename'],
      [[`--html=${file}`, '--recursive'], '--recursive needs --filename'],
      [[`--html=${file}`, '-A', '-f', folder], '--all-namespaces is about a cluster'],
      [[`--html=${file}`, '-f', join(folder, 'nothing.yaml')], 'it does not exist'],
      [[`--html=${join(folder, 'nowhere', 'report.html')}`, '-n', namespace], 'its folder does not exist'],
      [[`--html=${file}`, '--context=nowhere'], ''],
    ] as const) {
      const { status, stdout, stderr } = await run(...args);
      expect([args, status, stdout]).toEqual([args, 2, '']);
      expect(stderr).toContain(message);
      expect(stderr.trim().split('\n')).toHaveLength(1);
    }
    expect(existsSync(file)).toBe(false);
  });
});

interface View {
  readonly name: string;
  readonly problems: readonly { readonly name: string; readonly reason: string }[];
}

/** The text that markup stands for. */
function textOf(markup: string): string {
  const characters: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
  return markup.replace(/&([a-z]+|#39);/g, (entity, name: string) => characters[name] ?? entity);
}
