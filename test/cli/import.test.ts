import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { temporaryFolder } from '../servers/process.ts';
import { adminRequest, newNamespace } from '../servers/shared.ts';
import { byob, type Ended } from './byob.ts';

const KEY = 'kEy/of+omega';
const ENTRY = `s3://omega:${encodeURIComponent(KEY)}@minio.acme.example:9000/omega-data?region=us-east-1&tls=true`;

interface Object {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly [field: string]: unknown;
}

function objectsOf(text: string): readonly Object[] {
  return parseAllDocuments(text).map((document) => document.toJS() as Object);
}

const PATHS: Readonly<Record<string, string>> = {
  Secret: '/api/v1/namespaces/NS/secrets',
  InstanceStorage: '/apis/storage.wandb.com/v1alpha1/namespaces/NS/instancestorages',
  TeamStorage: '/apis/storage.wandb.com/v1alpha1/namespaces/NS/teamstorages',
};

/** What the API server answers to an object, without keeping it. */
async function tried(object: Object): Promise<number> {
  const path = (PATHS[object.kind] ?? '').replace('NS', object.metadata.namespace);
  const { status } = await adminRequest('POST', `${path}?dryRun=All&fieldValidation=Strict`, object);
  return status;
}

let namespace = '';
beforeAll(async () => {
  namespace = await newNamespace('import');
});

function importing(input: string, ...args: readonly string[]): Promise<Ended> {
  return byob(['import', '-n', namespace, ...args], { input });
}

const DEPLOYMENT = ['--deployment-type', 'SelfManaged', '--cloud', 'OnPremises', '--url', 'https://wandb.acme.example'];

describe('byob import, as a process', () => {
  it('prints objects that the API server takes once the blanks are filled in', async () => {
    const { status, stdout, stderr } = await importing(
      `BUCKET=${ENTRY}\nSUPPORTED_FILE_STORES=${ENTRY}`,
      '--show-secrets',
      ...DEPLOYMENT,
    );
    expect(status).toBe(0);
    expect(stderr).toContain('to fill in: TeamStorage/omega-data: spec.team');
    const before = objectsOf(stdout);
    expect(await Promise.all(before.map(tried))).toEqual([201, 201, 201, 422]);
    const filled = objectsOf(stdout.replace('team: ""', 'team: omega'));
    expect(await Promise.all(filled.map(tried))).toEqual([201, 201, 201, 201]);
    expect(filled.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).toEqual([
      'Secret/wandb-bucket',
      'InstanceStorage/wandb',
      'Secret/omega-data-bucket',
      'TeamStorage/omega-data',
    ]);
  });

  // Every kind of blank: the rest of each object is complete.
  it.each<[string, string, readonly string[], string]>([
    [
      'deployment.type',
      'gs://x',
      ['--as', 'bucket', '--cloud', 'GCP', '--url', 'https://w.example'],
      'type: SelfManaged',
    ],
    [
      'deployment.cloud',
      'gs://x',
      ['--as', 'bucket', '--deployment-type', 'SelfManaged', '--url', 'https://w.example'],
      'cloud: GCP',
    ],
    [
      'deployment.url',
      'gs://x-data',
      ['--as', 'bucket', '--deployment-type', 'SelfManaged', '--cloud', 'GCP'],
      'url: https://w.example',
    ],
    ['bucket.s3.region', 's3://acme-wandb', ['--as', 'bucket', ...DEPLOYMENT], 'region: eu-central-1'],
    ['bucket.name', 'gs://<bucket>', ['--as', 'bucket', ...DEPLOYMENT], 'name: acme-wandb'],
    [
      'azureBlob.storageAccount',
      'az://<account>/wandb',
      ['--as', 'bucket', ...DEPLOYMENT],
      'storageAccount: acmewandb',
    ],
    [
      's3Compatible.endpoint',
      's3://omega:k@$HOST/wandb?region=x&tls=true',
      ['--as', 'bucket', ...DEPLOYMENT],
      'endpoint: https://h.example',
    ],
  ])('leaves %s so that the API server refuses it', async (_, input, args, fill) => {
    const { stdout } = await importing(input, '--show-secrets', ...args);
    const [field = ''] = fill.split(':');
    const storage = (text: string): Object => objectsOf(text).find(({ kind }) => kind === 'InstanceStorage')!;
    expect([422, 400]).toContain(await tried(storage(stdout)));
    const filled = stdout.replace(new RegExp(`(\\b${field}): "" #.*`), fill);
    expect(await tried(storage(filled))).toBe(201);
  });

  it('masks keys in such a way that they cannot overwrite a Secret', async () => {
    const { status, stdout, stderr } = await importing(ENTRY);
    expect(status).toBe(0);
    for (const trace of [KEY, encodeURIComponent(KEY), Buffer.from(KEY).toString('base64')]) {
      expect(`${stdout}${stderr}`).not.toContain(trace);
    }
    const [secret] = objectsOf(stdout);
    expect(secret).toMatchObject({ kind: 'Secret', data: { ACCESS_KEY: '***', SECRET_KEY: '***' } });
    expect(await tried(secret!)).toBe(400);
  });

  it('leaves a missing key so that the API server refuses the Secret', async () => {
    const { status, stdout } = await importing(
      's3://omega@minio.acme.example/omega-data?region=x&tls=true',
      '--show-secrets',
    );
    expect(status).toBe(1);
    const [secret] = objectsOf(stdout);
    expect(secret).toMatchObject({ stringData: { ACCESS_KEY: 'omega', SECRET_KEY: {} } });
    expect(await tried(secret!)).toBe(400);
  });

  it('writes a folder that the owner alone can read, and prints no key', async () => {
    const folder = join(temporaryFolder('byob-import-'), 'storages');
    const { status, stdout, stderr } = await importing(ENTRY, '--output-dir', folder);
    expect([status, stdout]).toEqual([0, '']);
    expect(stderr).not.toContain(KEY);
    const secrets = readFileSync(join(folder, 'secrets.yaml'), 'utf8');
    expect(objectsOf(secrets)).toMatchObject([{ kind: 'Secret', stringData: { SECRET_KEY: KEY } }]);
    expect(statSync(join(folder, 'secrets.yaml')).mode & 0o777).toBe(0o600);
    expect(objectsOf(readFileSync(join(folder, 'storages.yaml'), 'utf8'))).toMatchObject([{ kind: 'TeamStorage' }]);
  });

  it('reads several files, one of which has the keys of another', async () => {
    const folder = temporaryFolder('byob-import-files-');
    const values = join(folder, 'values.yaml');
    const secret = join(folder, 'secret.yaml');
    writeFileSync(
      values,
      'global: {env: {GORILLA_SUPPORTED_FILE_STORES: {valueFrom: {secretKeyRef: {name: s, key: k}}}}}',
    );
    writeFileSync(
      secret,
      JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, stringData: { k: ENTRY } }),
    );
    const alone = await importing('', '-f', values);
    expect([alone.status, alone.stdout]).toEqual([2, '']);
    expect(alone.stderr).toContain('GORILLA_SUPPORTED_FILE_STORES: SecretNotGiven');
    const both = await importing('', '-f', values, '-f', secret);
    expect(both.status).toBe(0);
    expect(both.stdout).toContain('endpoint: https://minio.acme.example:9000');
  });

  it('ends with 1 and says what is wrong and where, if the settings have mistakes', async () => {
    const { status, stdout, stderr } = await importing(`${ENTRY.replace('&', '?')},gcs://acme-omega`);
    expect(status).toBe(1);
    expect(stderr).toContain('mistake: entry[1]: TwoQuestionMarks: ');
    expect(stderr).toContain('mistake: entry[2]: SchemeMisspelled (gcs://): ');
    expect(stderr).toMatch(/2 storages, 2 mistakes\.\n$/);
    expect(objectsOf(stdout)).toHaveLength(3);
  });

  it.each<[string, string, readonly string[], string]>([
    ['nothing is in it', 'hello: world', [], 'There is no bucket in it'],
    ['it is not YAML', 'a: [', [], 'the standard input is no valid YAML'],
    ['the bucket has no scheme', 'BUCKET=wandb', [], 'BUCKET: SchemeMissing'],
    ['a file is not there', '', ['-f', 'missing.yaml'], 'cannot use missing.yaml: it does not exist'],
    ['an option is unknown', '', ['--nope'], "unknown option '--nope'"],
  ])('ends with 2 and prints nothing if %s', async (_, input, args, message) => {
    const { status, stdout, stderr } = await importing(input, ...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  it('explains itself with examples', async () => {
    const { status, stdout } = await byob(['import', '--help']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/Examples:\n {2}kubectl get wandb wandb -n wandb -o yaml \| byob import/);
  });
});
