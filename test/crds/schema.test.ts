import { beforeAll, describe, expect, it } from '@jest/globals';
import { programs } from '../../scripts/tools/build.ts';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { adminRequest, newNamespace, sharedServers } from '../servers/shared.ts';
import { applyStorage, getStorage } from '../servers/objects.ts';
import { applyWandb, installWeightsAndBiases } from '../servers/weights-and-biases.ts';
import { CATALOGUE } from '../../src/checks/catalogue.ts';
import { bytesOf, KINDS, places, schemaOf, type Schema } from './crd-files.ts';

let namespace = '';
let kubectlPath = '';

beforeAll(async () => {
  namespace = await newNamespace('schema');
  kubectlPath = (await programs('kubectl')).kubectl;
});

function kubectl(...args: readonly string[]): string {
  const options = [`--kubeconfig=${sharedServers().kubeconfig}`, '-n', namespace];
  return execFileSync(kubectlPath, [...options, ...args], { encoding: 'utf8' });
}

/** Checks that the API names and this version does not have yet. */
const TO_COME: readonly string[] = [];

describe.each(KINDS)('the CRD of %s', (kind) => {
  const all = [...places(schemaOf(kind))].filter(({ path }) => path !== '');

  it('is below 250 kB', () => {
    expect(bytesOf(kind)).toBeLessThan(250_000);
  });

  it('describes every field', () => {
    const bare = all.filter(({ path, schema }) => path !== 'metadata' && (schema.description ?? '').length < 5);
    expect(bare.map(({ path }) => path)).toEqual([]);
  });

  it('bounds every text, list and map', () => {
    const loose = all.filter(({ path, schema }) => !['apiVersion', 'kind'].includes(path) && !isBounded(schema));
    expect(loose.map(({ path }) => path)).toEqual([]);
  });

  it('lets those checks be ignored that may be, and no others', () => {
    const names = all.find(({ path }) => path === 'spec.validation.ignore[]')?.schema.enum ?? [];
    const ignorable = CATALOGUE.filter((check) => check.ignorable !== false).map((check) => check.name);
    expect(names.filter((name) => !TO_COME.includes(name)).sort()).toEqual([...ignorable].sort());
    expect(TO_COME.filter((name) => ignorable.includes(name as (typeof ignorable)[number]))).toEqual([]);
  });

  it('sets no default but that of status: GitOps tools would see drift', () => {
    const defaults = all.filter(({ schema }) => schema.default !== undefined);
    expect(defaults.map(({ path, schema }) => [path, schema.default])).toEqual([
      ['status', { observedGeneration: -1 }],
    ]);
  });
});

function isBounded(schema: Schema): boolean {
  if (schema.type === 'array') return schema.maxItems !== undefined;
  if (typeof schema.additionalProperties === 'object') return schema.maxProperties !== undefined;
  if (schema.type !== 'string') return true;
  return schema.enum !== undefined || schema.format === 'date-time' || schema.maxLength !== undefined;
}

describe('real API server', () => {
  it('takes the smallest objects and begins their status as not observed', async () => {
    await applyStorage(namespace, 'InstanceStorage', 'wandb', {
      deployment: { type: 'SelfManaged', cloud: 'OnPremises' },
      bucket: { provider: 'GCS', name: 'acme' },
    });
    await applyStorage(namespace, 'TeamStorage', 'kappa', { team: 'kappa' });
    for (const [kind, name] of [
      ['InstanceStorage', 'wandb'],
      ['TeamStorage', 'kappa'],
    ] as const) {
      expect((await getStorage(namespace, kind, name)).status).toEqual({ observedGeneration: -1 });
    }
  });

  it('prints the columns that people look for', () => {
    const narrow = ['NAME', 'READY', 'REASON', 'PROVIDER', 'BUCKET', 'PUBLISHED', 'AGE'];
    for (const short of ['wbis', 'wbts']) {
      const [header = ''] = kubectl('get', short).split('\n');
      expect(header.split(/\s+/)).toEqual(narrow);
      const [wide = ''] = kubectl('get', short, '-o', 'wide').split('\n');
      const isTeam = short === 'wbts';
      const more = [...(isTeam ? ['TEAM'] : []), 'REGION', ...(isTeam ? ['ISOLATED'] : []), 'MESSAGE'];
      expect(wide.split(/\s+/)).toEqual([...narrow, ...more]);
    }
  });

  it('lists both kinds under the category', () => {
    const names = kubectl('get', 'byob', '-o', 'name').trim().split('\n').sort();
    expect(names).toEqual(['instancestorage.storage.wandb.com/wandb', 'teamstorage.storage.wandb.com/kappa']);
  });

  it('leaves the short name of the W&B resource to it', async () => {
    await installWeightsAndBiases();
    await applyWandb(namespace, { version: 'v1', name: 'wandb' }, {});
    expect(kubectl('get', 'wandb', 'wandb', '-o', 'name').trim()).toBe('weightsandbiases.apps.wandb.com/wandb');
  });

  it('explains fields by kubectl explain', () => {
    const text = kubectl('explain', 'wbts.spec.bucket.s3Compatible.endpoint');
    expect(text).toMatch(/KIND:\s+TeamStorage/);
    expect(text).toMatch(/FIELD:\s+endpoint\s/);
  });

  it('takes the samples as they are', () => {
    const files = readdirSync('config/samples').filter(
      (file) => file.endsWith('.yaml') && file !== 'kustomization.yaml',
    );
    const objects = files.flatMap((file) => parseAllDocuments(readFileSync(`config/samples/${file}`, 'utf8')));
    const output = kubectl('apply', '--server-side', '--force-conflicts', '--dry-run=server', '-k', 'config/samples');
    expect(output.trim().split('\n')).toHaveLength(objects.length);
  });

  it.each([
    ['a name with a comma', { name: 'a,b' }],
    ['a path with a query', { path: 'a?b' }],
    ['a path that begins with a slash', { path: '/a' }],
    ['a path with a line break', { path: 'a\nb' }],
    ['a region that would change the host', { s3: { region: 'x.evil.example/' } }],
    ['an endpoint with credentials', { provider: 'S3Compatible', s3: undefined, s3Compatible: own('https://k:s@h') }],
    ['an endpoint with a path', { provider: 'S3Compatible', s3: undefined, s3Compatible: own('https://h/p') }],
    ['an endpoint of another scheme', { provider: 'S3Compatible', s3: undefined, s3Compatible: own('file:///etc') }],
  ])('refuses %s', async (_, change) => {
    const bucket = { provider: 'S3', name: 'acme', s3: { region: 'eu-central-1' }, ...change };
    const path = `/apis/storage.wandb.com/v1alpha1/namespaces/${namespace}/teamstorages?dryRun=All`;
    const object = { metadata: { name: 'refused' }, spec: { team: 'omega', bucket } };
    const answer = await adminRequest('POST', path, {
      apiVersion: 'storage.wandb.com/v1alpha1',
      kind: 'TeamStorage',
      ...object,
    });
    expect(answer.status).toBe(422);
    expect(JSON.stringify(answer.body)).toContain('spec.bucket');
  });
});

function own(endpoint: string) {
  return { endpoint, region: 'us-east-1' };
}
