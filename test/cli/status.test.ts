import { execFile, spawn } from 'node:child_process';
import { readFileSync, symlinkSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { programs } from '../../scripts/tools/build.ts';
import { deleteStorage, getStorage, minioBucket, applyStorage, verdictOf } from '../servers/objects.ts';
import { temporaryFolder } from '../servers/process.ts';
import { publishNamespace, type PublishedNamespace } from '../servers/published-namespace.ts';
import { tracesOf } from '../servers/secrecy.ts';
import { newBucket, newNamespace, sharedServers } from '../servers/shared.ts';
import { viewerOf } from '../servers/viewer.ts';
import { byob, type Ended } from './byob.ts';
import { addTeamsWithoutBucket } from './teams-without-bucket.ts';

let published: PublishedNamespace;
let namespace = '';

beforeAll(async () => {
  const { minio } = sharedServers();
  const own = await newBucket('own');
  published = await publishNamespace('status', {
    teams: {
      omega: { team: 'omega', bucket: minioBucket(minio, own, 'root', { path: 'omega' }) },
      sigma: { team: 'sigma', bucket: minioBucket(minio, own, 'root', { path: 'sigma' }) },
    },
  });
  namespace = published.namespace;
  await addTeamsWithoutBucket(namespace);
});

afterAll(async () => {
  await published.operator.stop();
});

function run(...args: readonly string[]): Promise<Ended> {
  return byob([...args, `--kubeconfig=${sharedServers().kubeconfig}`]);
}

interface Shown {
  readonly schemaVersion: number;
  readonly instances: readonly {
    readonly name: string;
    readonly config: unknown;
    readonly teams: readonly { readonly name: string; readonly ready: { readonly reason: string } }[];
  }[];
}

describe('byob status as a process, on the real API server', () => {
  it('shows the instance and its teams as their statuses are, and ends with 1 while one is not Ready', async () => {
    const { status, stdout, stderr } = await run('status', '-n', namespace);
    expect([status, stderr]).toEqual([1, '']);
    const instance = await getStorage(namespace, 'InstanceStorage', 'wandb');
    expect(stdout).toContain(`InstanceStorage ${namespace}/wandb`);
    expect(stdout).toContain(`hash ${instance.status?.config?.hash}`);
    expect(stdout).toMatch(/├─ ✗ missing +missing +BucketNotFound +not published/);
    expect(stdout).toMatch(/├─ ✓ omega +omega +Ready +published/);
    const missing = await getStorage(namespace, 'TeamStorage', 'missing');
    const failed = missing.status?.checks?.find(({ result }) => result === 'Fail');
    for (const text of [failed?.message, failed?.remedy].flatMap((one) => one?.split('\n') ?? [])) {
      expect(stdout).toContain(text);
    }
    expect(stdout).toMatch(/Who reaches whose files[^]*omega\n {4}SharedBucket: [^]*Shared with sigma/);
    for (const trace of tracesOf(sharedServers().minio.rootPassword)) expect(stdout).not.toContain(trace);
  });

  it('gives the same as data, and one team alone; all that is Ready ends with 0', async () => {
    const json = await run('status', '-n', namespace, '-o', 'json');
    const yaml = await run('status', '-A', '-o', 'yaml');
    const shown = JSON.parse(json.stdout) as Shown;
    expect(shown.schemaVersion).toBe(1);
    const everywhere = parse(yaml.stdout) as Shown;
    expect(everywhere.instances.map(({ name }) => name)).toContain('wandb');
    expect(shown.instances[0]?.teams.map(({ name }) => name)).toEqual(['kappa', 'missing', 'omega', 'sigma']);
    for (const { name, ready } of shown.instances[0]?.teams ?? []) {
      expect([name, ready.reason]).toEqual([name, verdictOf(await getStorage(namespace, 'TeamStorage', name)).reason]);
    }
    const one = await run('status', 'omega', '-n', namespace);
    expect(one.status).toBe(0);
    expect(one.stdout).not.toContain('sigma ');
  });

  it('an unknown name, an unknown context and a wrong flag end with 2 and one line', async () => {
    for (const args of [['nobody'], ['--context=nowhere'], ['--output=xml']]) {
      const { status, stdout, stderr } = await run('status', '-n', namespace, ...args);
      expect([args, status, stdout]).toEqual([args, 2, '']);
      expect(stderr.trim().split('\n')).toHaveLength(1);
    }
  });

  it('needs no more than the role wandb-storage-viewer gives, so it reads no Secret', async () => {
    const kubeconfig = await viewerOf(namespace);
    const { status, stdout } = await byob(['status', 'omega', `--kubeconfig=${kubeconfig}`]);
    expect([status, stdout]).toEqual([0, expect.stringContaining('✓ omega')]);
    const everywhere = await byob(['status', '-A', `--kubeconfig=${kubeconfig}`]);
    expect(everywhere.status).toBe(2);
    expect(everywhere.stderr).toMatch(/^error: cannot read the storages of the cluster: .*forbidden/);
    const refused = await byob(['trigger', 'omega', `--kubeconfig=${kubeconfig}`]);
    expect(refused.status).toBe(2);
    expect(refused.stderr).toMatch(/^error: cannot set the annotation of TeamStorage .*forbidden/);
  });

  it('--watch shows it again after a change', async () => {
    const args = ['status', 'late', '-n', namespace, '--watch', `--kubeconfig=${sharedServers().kubeconfig}`];
    await applyStorage(namespace, 'TeamStorage', 'late', { team: 'late', suspend: true });
    const watching = spawn(process.execPath, [sharedServers().bundle, ...args], { env: { PATH: process.env['PATH'] } });
    try {
      let shown = '';
      const until = (wanted: RegExp): Promise<void> =>
        new Promise((resolve) => {
          const look = (): void => {
            if (wanted.test(shown)) resolve();
          };
          watching.stdout.on('data', look);
          look();
        });
      watching.stdout.on('data', (chunk: Buffer) => (shown += chunk.toString('utf8')));
      await until(/late +late +Suspended[^]*\n\n/);
      shown = '';
      await applyStorage(namespace, 'TeamStorage', 'late', { team: 'late' });
      await until(/✓ late +late +Ready/);
      expect(shown).not.toContain('\u001b');
    } finally {
      watching.kill();
      await deleteStorage(namespace, 'TeamStorage', 'late');
    }
  });

  it('is kubectl byob', async () => {
    const { kubectl } = await programs('kubectl');
    const folder = temporaryFolder('byob-plugin-');
    symlinkSync(sharedServers().bundle, join(folder, 'kubectl-byob'));
    const PATH = [folder, dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter);
    const plugin = (...args: readonly string[]): Promise<string> =>
      new Promise((resolve, reject) => {
        execFile(kubectl, ['byob', ...args], { env: { PATH } }, (error, stdout) => {
          if (error === null) resolve(stdout);
          else reject(new Error('kubectl byob failed', { cause: error }));
        });
      });
    const { kubeconfig } = sharedServers();
    expect(await plugin('status', 'omega', '-n', namespace, `--kubeconfig=${kubeconfig}`)).toContain('✓ omega');
    expect(await plugin('--help')).toContain('Usage: kubectl byob');
    const manifest = parse(readFileSync('config/krew/byob.yaml', 'utf8')) as {
      readonly spec: { readonly platforms: readonly { readonly bin: string }[] };
    };
    expect(sharedServers().bundle).toMatch(new RegExp(`/${manifest.spec.platforms[0]?.bin}$`));
  });
});

describe('byob trigger as a process, on the real API server', () => {
  it('asks for a validation, waits for it and prints Ready', async () => {
    const before = await getStorage(namespace, 'TeamStorage', 'omega');
    const { status, stdout, stderr } = await run('trigger', 'omega', '-n', namespace);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`TeamStorage ${namespace}/omega: Ready=True Valid`);
    const after = await getStorage(namespace, 'TeamStorage', 'omega');
    expect(after.status?.lastHandledReconcileAt).not.toBe(before.status?.lastHandledReconcileAt);
    expect(after.status?.lastHandledReconcileAt).toBe(
      after.metadata.annotations?.['storage.wandb.com/reconcile-requested-at'],
    );
    expect((await run('trigger', 'wbis/wandb', '-n', namespace)).status).toBe(0);
  });

  it('ends with 1 and the remedy where the storage is not Ready', async () => {
    const { status, stdout } = await run('trigger', 'TeamStorage/missing', '-n', namespace);
    expect(status).toBe(1);
    expect(stdout).toContain('Ready=False BucketNotFound');
    expect(stdout).toContain('BucketExists');
  });

  it('ends with 2 where no answer comes: no operator, a suspended storage, no such storage', async () => {
    const alone = await newNamespace('no-operator');
    await applyStorage(alone, 'TeamStorage', 'omega', { team: 'omega' });
    await applyStorage(alone, 'TeamStorage', 'resting', { team: 'resting', suspend: true });
    for (const [args, message] of [
      [['omega', '--timeout=100ms'], 'was not validated in time'],
      [['resting'], 'is suspended'],
      [['nobody'], `the namespace ${alone} has no storage nobody`],
      [['pod/omega'], 'names no storage'],
      [['omega', '--timeout=soon'], 'Write it as 30s or 5m.'],
    ] as const) {
      const { status, stderr } = await run('trigger', ...args, '-n', alone);
      expect([args, status]).toEqual([args, 2]);
      expect(stderr).toContain(message);
    }
  });
});
