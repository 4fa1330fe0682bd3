import { beforeAll, describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { newNamespace, sharedServers } from '../servers/shared.ts';
import { kustomized, rendered, run, template, type Manifest } from './render.ts';

/** The folders of samples: the story of the tutorial, and one of each provider. */
const FOLDERS = ['config/samples', 'config/samples/providers'];

let namespace: string;

beforeAll(async () => {
  namespace = await newNamespace('storages');
});

function dryRun(manifests: string): ReturnType<typeof run> {
  const args = ['apply', '--server-side', '--dry-run=server', '-n', namespace, '-f', '-'];
  return run('kubectl', [`--kubeconfig=${sharedServers().kubeconfig}`, ...args], manifests);
}

function storages(manifests: readonly Manifest[], kind: string): Readonly<Record<string, unknown>> {
  const found = manifests.filter((manifest) => manifest.kind === kind);
  return Object.fromEntries(found.map(({ metadata, spec }) => [metadata.name, spec]));
}

describe.each(FOLDERS)('the samples of %s', (folder) => {
  it('would be taken by the real API server', async () => {
    const samples = await kustomized(folder);

    expect(await dryRun(samples.map((sample) => stringify(sample)).join('---\n'))).toMatchObject({
      code: 0,
      stderr: '',
    });
  });

  it('are made alike by the chart byob-storages (real Helm, real API server)', async () => {
    const samples = await kustomized(folder);
    const values = {
      instances: storages(samples, 'InstanceStorage'),
      teams: storages(samples, 'TeamStorage'),
    };

    const { stdout, stderr } = await template('byob-storages', values, { release: 'storages', namespace });

    expect(stderr).toBe('');
    const made = await rendered('byob-storages', values, { release: 'storages', namespace });
    expect(storages(made, 'InstanceStorage')).toEqual(values.instances);
    expect(storages(made, 'TeamStorage')).toEqual(values.teams);
    expect(await dryRun(stdout)).toMatchObject({ code: 0, stderr: '' });
  });
});

it('the samples show every provider', async () => {
  const samples = (await Promise.all(FOLDERS.map((folder) => kustomized(folder)))).flat();
  const specs = Object.values(storages(samples, 'TeamStorage')) as {
    readonly bucket?: { readonly provider: string };
  }[];

  expect([...new Set(specs.flatMap(({ bucket }) => bucket?.provider ?? []))].sort()).toEqual([
    'AzureBlob',
    'CoreWeave',
    'GCS',
    'S3',
    'S3Compatible',
  ]);
});

describe('the chart byob-storages (real Helm)', () => {
  it('takes the name of a TeamStorage for that of the team, unless the spec names another', async () => {
    const made = await rendered('byob-storages', { teams: { omega: {}, kappa: { team: 'kappa-research' } } });

    expect(storages(made, 'TeamStorage')).toEqual({ omega: { team: 'omega' }, kappa: { team: 'kappa-research' } });
  });

  it('makes nothing of no values', async () => {
    expect(await rendered('byob-storages', {})).toEqual([]);
  });

  it('puts labels and annotations on every object, such as a wave of Argo CD', async () => {
    const made = await rendered('byob-storages', {
      commonLabels: { 'acme.example/team': 'platform' },
      commonAnnotations: { 'argocd.argoproj.io/sync-wave': '2' },
      teams: { omega: {} },
    });

    expect(made.map(({ metadata }) => metadata)).toMatchObject([
      {
        name: 'omega',
        namespace: 'wandb',
        labels: { 'acme.example/team': 'platform' },
        annotations: { 'argocd.argoproj.io/sync-wave': '2' },
      },
    ]);
  });
});
