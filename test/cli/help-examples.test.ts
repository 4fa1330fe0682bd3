import { spawn } from 'node:child_process';
import { chmodSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { createProgram } from '../../src/cli/program.ts';
import { programs } from '../../scripts/tools/build.ts';
import { minioBucket, rootKey } from '../servers/objects.ts';
import { onPremises, publishNamespace, type PublishedNamespace } from '../servers/published-namespace.ts';
import { newBucket, sharedServers } from '../servers/shared.ts';
import { byob, folderOf, secret, storage } from './byob.ts';

const COMMANDS = createProgram().commands.map((command) => command.name());

/** The examples of each command, as `--help` prints them. */
async function examplesOf(command: string): Promise<readonly string[]> {
  const { stdout } = await byob([command, '--help']);
  const [, block = ''] = /\nExamples:\n([^]*?)(?:\n\n|\n?$)/.exec(stdout) ?? [];
  return block
    .replaceAll(/ \\\n\s+/g, ' ')
    .split('\n')
    .flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
}

interface Expected {
  /** `any`: it depends on the storages of other tests whether all are Ready. */
  readonly status: number | 'any';
  /** Something that it prints, on either stream. */
  readonly prints: RegExp;
  /** It runs until it is ended. */
  readonly endless?: true;
}

/**
 * Each example that --help prints, and what it does here. The stores are at a loopback address, which a command does not
 * connect to without --allowed-endpoints: so the probes of `--live` fail.
 */
const EXPECTED: Readonly<Record<string, Expected>> = {
  'byob operator --namespace wandb': { status: 0, prints: /"message":"started"/, endless: true },
  'byob operator --all-namespaces --watch-label-selector shard=a': {
    ...{ status: 0, prints: /"message":"started"/, endless: true },
  },
  'byob check -f storages/': { status: 0, prints: /2 storages: 2 are good/ },
  'kustomize build overlays/prod | byob check -f -': { status: 0, prints: /2 storages: 2 are good/ },
  'helm template wandb-storages charts/byob-storages -f values.yaml | byob check -n wandb -f -': {
    ...{ status: 0, prints: /1 storage: 1 is good/ },
  },
  'byob check -f storages/ --live --env-file secrets.env': { status: 1, prints: /EndpointAllowed: EndpointForbidden/ },
  'byob check -f storages/ --live --context prod': { status: 1, prints: /EndpointAllowed: EndpointForbidden/ },
  'byob check -f storages/ -o sarif > byob.sarif': { status: 0, prints: /^$/ },
  'byob check -f storages/ --live --record probes.json': { status: 1, prints: /EndpointAllowed: EndpointForbidden/ },
  'byob render -f storages/': { status: 0, prints: /kind: Secret/ },
  'byob render -f storages/ -o values > values.yaml': { status: 0, prints: /^$/ },
  'byob render -f storages/ --context prod --show-secrets': { status: 0, prints: /kind: Secret/ },
  'byob replay probes.json': { status: 1, prints: /EndpointAllowed: EndpointForbidden/ },
  'byob policy -f storages.yaml omega': { status: 0, prints: /s3:GetObject/ },
  'byob policy -f storages.yaml omega -o commands > grant.sh': { status: 0, prints: /^to fill in: STORE_USER/ },
  'byob policy --provider S3 --bucket acme-wandb --region eu-central-1 --principal arn:aws:iam::123456789012:user/wandb --origin https://wandb.acme.example -o terraform':
    { status: 0, prints: /resource "aws_iam_policy"/ },
  'kubectl get wbis,wbts -n wandb -o yaml | byob policy -f - TeamStorage/omega': { status: 0, prints: /s3:GetObject/ },
  'kubectl get wandb wandb -n wandb -o yaml | byob import': { status: 0, prints: /kind: InstanceStorage/ },
  'byob import -f values.yaml -f bucket-secret.yaml --output-dir storages': { status: 0, prints: /1 storage/ },
  'printf %s "$GORILLA_SUPPORTED_FILE_STORES" | byob import --as file-stores': {
    ...{ status: 0, prints: /kind: TeamStorage/ },
  },
  'kubectl exec deploy/wandb-app -n wandb -- env | byob import --as env': {
    ...{ status: 0, prints: /kind: InstanceStorage/ },
  },
  'byob explain BucketNotFound': { status: 0, prints: /BucketNotFound: reason/ },
  'byob explain CorsAllowsApp': { status: 0, prints: /CorsAllowsApp: check/ },
  'byob explain Published': { status: 0, prints: /Published: condition/ },
  'byob status': { status: 0, prints: /InstanceStorage .*\/wandb/ },
  'kubectl byob status -n wandb': { status: 0, prints: /InstanceStorage .*\/wandb/ },
  'byob status -n wandb omega': { status: 0, prints: /✓ omega/ },
  'byob status -A -o json': { status: 'any', prints: /"schemaVersion": 1/ },
  'byob status -n wandb --watch': { status: 0, prints: /✓ omega/, endless: true },
  'byob report --html report.html': { status: 0, prints: /report\.html|^$/ },
  'kubectl byob report -n wandb --html report.html': { status: 0, prints: /report\.html|^$/ },
  'byob report -A --html - > report.html': { status: 'any', prints: /^$/ },
  'byob report -f storages/ --html report.html': { status: 0, prints: /report\.html|^$/ },
  'byob report -f storages/ --live --context prod --html report.html': { status: 1, prints: /report\.html|^$/ },
  'byob trigger omega': { status: 0, prints: /omega: Ready=True/ },
  'kubectl byob trigger wbts/omega -n wandb': { status: 0, prints: /omega: Ready=True/ },
  'byob trigger InstanceStorage/wandb -n wandb --timeout 30s': { status: 0, prints: /wandb: Ready=True/ },
  'source <(byob completion bash)': { status: 0, prints: /^$/ },
  'byob completion bash > byob.bash': { status: 0, prints: /^$/ },
  'byob completion zsh > _byob': { status: 0, prints: /^$/ },
  'byob completion fish > byob.fish': { status: 0, prints: /^$/ },
};

let published: PublishedNamespace;
let environment: NodeJS.ProcessEnv = {};
/** The programs that a user has, and that `byob` may stand beside. */
let folder = '';

/** A program of the PATH, as a script of bash. */
function program(name: string, script: string): void {
  writeFileSync(join(folder, 'bin', name), `#!/bin/bash\n${script}\n`);
  chmodSync(join(folder, 'bin', name), 0o755);
}

beforeAll(async () => {
  const { minio, kubeconfig, bundle } = sharedServers();
  const own = minioBucket(minio, await newBucket('own'), 'root');
  published = await publishNamespace('examples', { teams: { omega: { team: 'omega', bucket: own } } });
  const { namespace, instanceSpec } = published;
  const storages = [
    storage('InstanceStorage', 'wandb', instanceSpec, namespace),
    storage('TeamStorage', 'omega', { team: 'omega', bucket: own }, namespace),
  ];
  const root = secret('root', rootKey(minio));
  const keys = { ...root, metadata: { ...root.metadata, namespace } };
  const store = `s3://omega:key@minio.acme.example:9000/omega-data?region=us-east-1&tls=true`;
  folder = folderOf({
    'bin/.keep': '',
    'storages/storages.yaml': storages,
    'storages/secrets.yaml': [keys],
    'storages.yaml': storages,
    'overlays/prod/kustomization.yaml': 'resources: [storages.yaml]\n',
    'overlays/prod/storages.yaml': storages,
    'secrets.env': Object.entries(rootKey(minio))
      .map(([key, value]) => `${namespace}/root/${key}=${value}\n`)
      .join(''),
    'chart-values.yaml': [{ instances: { wandb: onPremises('acme-wandb') } }],
    'bucket-values.yaml': [
      { global: { bucket: { provider: 's3', name: 'acme-wandb', region: 'eu-central-1', secretName: 'bucket' } } },
    ],
    'bucket-secret.yaml': [secret('bucket', { ACCESS_KEY: 'id', SECRET_KEY: 'key' })],
    'wandb.yaml': [
      {
        ...{ apiVersion: 'apps.wandb.com/v1', kind: 'WeightsAndBiases', metadata: { name: 'wandb', namespace } },
        spec: { values: { global: { bucket: { provider: 's3', name: 'acme-wandb', region: 'eu-central-1' } } } },
      },
    ],
    kubeconfig: [kubeconfigWith(kubeconfig, namespace)],
  });
  const { kubectl, helm } = await programs('kubectl', 'helm');
  symlinkSync(resolve('charts'), join(folder, 'charts'));
  symlinkSync(bundle, join(folder, 'bin', 'byob'));
  symlinkSync(bundle, join(folder, 'bin', 'kubectl-byob'));
  program('kustomize', `exec "${kubectl}" kustomize "$2"`);
  // W&B runs on no test cluster: its resource and its environment are files here.
  program(
    'kubectl',
    `case "$1 $2" in "get wandb") cat wandb.yaml ;; "exec deploy/wandb-app") echo "BUCKET=${store}" ;; *) exec "${kubectl}" "$@" ;; esac`,
  );
  environment = {
    PATH: [join(folder, 'bin'), dirname(helm), dirname(process.execPath), process.env['PATH']].join(':'),
    HOME: folder,
    KUBECONFIG: join(folder, 'kubeconfig'),
    GORILLA_SUPPORTED_FILE_STORES: store,
  };
}, 180_000);

afterAll(async () => {
  await published.operator.stop();
});

/** The contexts of a kubeconfig with this namespace, and one more named `prod`. */
function kubeconfigWith(file: string, namespace: string): unknown {
  const config = parse(readFileSync(file, 'utf8')) as {
    readonly contexts: readonly { readonly name: string; readonly context: object }[];
  };
  const contexts = config.contexts.map(({ name, context }) => ({ name, context: { ...context, namespace } }));
  return { ...config, contexts: [...contexts, ...contexts.map((one) => ({ ...one, name: 'prod' }))] };
}

/** Enters a line into bash; one that does not end by itself is ended once it has printed what is expected. */
async function entered(line: string, { prints, endless }: Expected) {
  const child = spawn('bash', ['--noprofile', '--norc', '-o', 'pipefail', '-c', `exec 2>&1\n${line}`], {
    cwd: folder,
    env: environment,
  });
  child.stdin.end();
  let printed = '';
  child.stdout.on('data', (data: Buffer) => {
    printed += data.toString();
    if (endless === true && prints.test(printed)) child.kill();
  });
  const ended = new Promise<number | null>((done) => child.once('close', done));
  const status = await ended;
  return { status: endless === true && status === null ? 0 : status, printed };
}

/** What a reader puts in place of the example's names, and of ports that other processes have here. */
function here(line: string): string {
  const own = line
    .replaceAll('-n wandb', `-n ${published.namespace}`)
    .replace('--namespace wandb', `--namespace ${published.namespace}`)
    .replace('-f values.yaml | byob check', '-f chart-values.yaml | byob check')
    .replace('import -f values.yaml', 'import -f bucket-values.yaml')
    .replace('--output-dir storages', '--output-dir imported');
  return own.startsWith('byob operator')
    ? `exec ${own} --health-address=127.0.0.1:0 --metrics-address=127.0.0.1:0`
    : own.endsWith('--watch')
      ? `exec ${own}`
      : own;
}

describe('the examples of --help', () => {
  it('are there for every command, and each is tried here', async () => {
    const examples = await Promise.all(COMMANDS.map(examplesOf));
    expect(COMMANDS.filter((_, index) => (examples[index] ?? []).length === 0)).toEqual([]);
    const unknown = examples.flat().filter((line) => !Object.hasOwn(EXPECTED, line));
    expect(unknown).toEqual([]);
    expect(Object.keys(EXPECTED).filter((line) => !examples.flat().includes(line))).toEqual([]);
  });

  it.each(Object.entries(EXPECTED))('%s', async (line, expected) => {
    const { status, printed } = await entered(here(line), expected);
    const wanted: unknown = expected.status === 'any' ? expect.any(Number) : expected.status;
    expect(status).toBeLessThan(expected.status === 'any' ? 2 : 3);
    expect({ status, printed }).toEqual({ status: wanted, printed: expect.stringMatching(expected.prints) });
  });
});
