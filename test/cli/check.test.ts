import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { byob, folderOf, secret, storage } from './byob.ts';

const deployment = { type: 'SelfManaged', cloud: 'OnPremises', url: 'https://wandb.example.com' };
const s3 = (name: string, key = 'keys') => ({
  provider: 'S3',
  name,
  s3: { region: 'eu-central-1', credentials: { accessKey: { secretRef: { name: key } } } },
});
const ROLE = 'arn:aws:iam::123456789012:role/wandb';
const keys = secret('keys', {
  ACCESS_KEY: 'AKIAIOSFODNN7EXAMPLE',
  SECRET_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
});
const wandb = storage('InstanceStorage', 'wandb', { deployment, bucket: s3('acme-instance') });
const omega = storage('TeamStorage', 'omega', { team: 'omega', bucket: s3('acme-omega') });

interface Report {
  readonly result: string;
  readonly objects: readonly {
    readonly name: string;
    readonly namespace: string;
    readonly result: string;
    readonly findings: readonly { readonly check: string; readonly result: string; readonly reason: string }[];
  }[];
}

interface Sarif {
  readonly runs: readonly [
    {
      readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
      readonly results: readonly {
        readonly ruleId: string;
        readonly partialFingerprints: Readonly<Record<string, string>>;
      }[];
    },
  ];
}

async function reportOf(...args: readonly string[]): Promise<Report & { readonly status: number | null }> {
  const { status, stdout } = await byob(['check', '-o', 'json', ...args]);
  return { status, ...(JSON.parse(stdout) as Report) };
}

function failuresIn({ objects }: Report) {
  return objects.flatMap(({ name, findings }) =>
    findings.filter(({ result }) => result === 'Fail').map(({ check, reason }) => `${name} ${check} ${reason}`),
  );
}

describe('byob check, as a process', () => {
  it('ends with 0 for good storages, and says so', async () => {
    const folder = folderOf({ 'a.yaml': [keys, wandb], 'b.yml': [omega], 'notes.txt': 'kind: {' });
    const { status, stdout, stderr } = await byob(['check', '-f', folder]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('2 storages: 2 are good.');
    expect(stdout).not.toContain('\u001b');
  });

  it('reads standard input, and puts objects into the namespace that they lack', async () => {
    const list = { apiVersion: 'v1', kind: 'List', items: [keys, wandb, omega] };
    const { status, stdout } = await byob(['check', '-f', '-', '-n', 'prod', '-o', 'yaml'], {
      input: JSON.stringify(list),
    });
    expect(status).toBe(0);
    expect((parse(stdout) as Report).objects.map(({ namespace }) => namespace)).toEqual(['prod', 'prod']);
  });

  it('judges storages whose Secrets are not given, as far as that goes', async () => {
    const folder = folderOf({
      'a.yaml': [wandb, omega, storage('TeamStorage', 'bad', { team: 'bad', bucket: s3('Bad.Name') })],
    });
    const { status, stdout } = await byob(['check', '-f', folder]);
    expect(status).toBe(1);
    expect(stdout).toContain('NameValid: BucketNameInvalid');
    expect(stdout).toContain('The credentials of 3 storages are in none of the files');
  });

  it('takes Secrets from an env file', async () => {
    const folder = folderOf({ 'a.yaml': [wandb], 'secrets.env': 'keys/ACCESS_KEY=replace-me\nkeys/OTHER=x\n' });
    const report = await reportOf('-f', join(folder, 'a.yaml'), '--env-file', join(folder, 'secrets.env'));
    expect(failuresIn(report)).toEqual(['wandb CredentialsResolved SecretKeyMissing']);
  });

  it.each([
    ['the schema', [wandb, storage('TeamStorage', 'a', { team: 'a', buckets: {} })], 'a Manifest UnknownField'],
    ['the CEL rules', [wandb, storage('TeamStorage', 'a', { team: '-', bucket: s3('a') })], 'a Manifest RuleViolated'],
    [
      'availability',
      [storage('InstanceStorage', 'wandb', { deployment: { type: 'SaaSCloud', cloud: 'GCP' }, bucket: s3('acme') })],
      'wandb Accepted NotAvailable',
    ],
    ['references', [storage('TeamStorage', 'a', { team: 'a' })], 'a Accepted InstanceNotFound'],
    [
      'conflicts of teams',
      [wandb, omega, storage('TeamStorage', 'other', { team: 'omega', bucket: s3('other') })],
      'other Accepted TeamConflict',
    ],
    [
      'isolation',
      [wandb, omega, storage('TeamStorage', 'other', { team: 'o', isolation: 'Required', bucket: s3('acme-omega') })],
      'other Isolated PathOverlap',
    ],
    [
      'credentials of one bucket',
      [
        ...[wandb, omega, secret('second', { ACCESS_KEY: 'AKIAIOSFODNN7EXAMPL2', SECRET_KEY: 'x'.repeat(40) })],
        storage('TeamStorage', 'other', { team: 'other', bucket: s3('acme-omega', 'second') }),
      ],
      'other Published CredentialConflict',
    ],
    ['duplicates', [wandb, omega, omega], 'omega Manifest Duplicate'],
  ])('fails by %s', async (_, objects, failure) => {
    const report = await reportOf('-f', folderOf({ 'a.yaml': [keys, ...objects] }));
    expect(failuresIn(report)).toContain(failure);
    expect(report).toMatchObject({ status: 1, result: 'Fail' });
  });

  it('says where each finding stands, also as SARIF and JUnit', async () => {
    const folder = folderOf({ 'storages/a.yaml': [wandb, storage('TeamStorage', 'a', { team: 'a', buckets: {} })] });
    const sarif = await byob(['check', '-f', 'storages', '-o', 'sarif'], { cwd: folder });
    const { runs } = JSON.parse(sarif.stdout) as { readonly runs: readonly [{ readonly results: readonly unknown[] }] };
    const line = readFileSync(join(folder, 'storages/a.yaml'), 'utf8').split('\n').indexOf('  buckets: {}') + 1;
    expect(runs[0].results).toContainEqual(
      expect.objectContaining({
        ruleId: 'Manifest/UnknownField',
        level: 'error',
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: 'storages/a.yaml' },
              region: { startLine: line, startColumn: 3 },
            },
          },
        ],
      }),
    );
    const junit = await byob(['check', '-f', 'storages', '-o', 'junit'], { cwd: folder });
    expect(junit.stdout).toContain(
      `name="Manifest" file="storages/a.yaml" line="${line}"><failure type="UnknownField"`,
    );
    expect([sarif.status, junit.status]).toEqual([1, 1]);
  });

  it('fails for a part of a file that cannot be read, and checks the rest', async () => {
    const { status, stdout } = await byob(['check', '-f', folderOf({ 'a.yaml': [keys, wandb], 'b.yaml': 'a: [\n' })]);
    expect(status).toBe(1);
    expect(stdout).toMatch(/Manifest: Unreadable {2}\S+b\.yaml:2:1/);
    expect(stdout).toContain('1 is good');
  });

  it.each([
    ['a file that does not exist', ['-f', '/nowhere.yaml'], 'does not exist'],
    ['files without storages', ['-f', 'package.json'], 'no InstanceStorage and no TeamStorage'],
    ['an empty standard input', ['-f', '-'], 'in the standard input'],
    ['no file', [], '--filename'],
    ['an unknown format', ['-f', '.', '-o', 'html'], 'html'],
    ['a record of buckets that are not asked', ['-f', 'config/samples', '--record', 'x.json'], '--live'],
    ['a kubeconfig that there is not', ['-f', 'config/samples', '--kubeconfig', '/nowhere'], 'kubeconfig'],
  ])('ends with 2 for %s, in one line', async (_, args, says) => {
    const { status, stdout, stderr } = await byob(['check', ...args]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(says);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('--live decides nothing about a storage whose Secret is in no file, and about a team on its bucket', async () => {
    const folder = folderOf({ 'a.yaml': [wandb, storage('TeamStorage', 'kappa', { team: 'kappa' })] });
    const report = await reportOf('-f', folder, '--live');
    expect(report).toMatchObject({ status: 2, result: 'Unknown' });
    expect(report.objects.map(({ name, result }) => [name, result])).toEqual([
      ['wandb', 'Unknown'],
      ['kappa', 'Unknown'],
    ]);
    expect(JSON.stringify(report)).not.toContain('does not exist');
  });

  it('says which conditions it does not judge, because only a running operator decides them', async () => {
    const delivered = {
      ...wandb,
      spec: { ...(wandb.spec as object), delivery: { weightsAndBiases: { name: 'wandb' } } },
    };
    const provisioned = storage('TeamStorage', 'omega', { team: 'omega', provision: {}, bucket: s3('acme-omega') });
    const folder = folderOf({ 'a.yaml': [keys, delivered, provisioned] });
    const skipped = (await reportOf('-f', folder)).objects.flatMap(({ findings }) =>
      findings.filter(({ reason }) => reason === 'NotJudged').map(({ check, result }) => [check, result]),
    );
    expect(skipped).toEqual([
      ['Delivered', 'Skip'],
      ['RolledOut', 'Skip'],
      ['Provisioned', 'Skip'],
    ]);
    const { stdout } = await byob(['check', '-f', folder]);
    expect(stdout).toContain('Not judged, because it is about the running server: Delivered, RolledOut, Provisioned.');
    const { stdout: without } = await byob(['check', '-f', folderOf({ 'a.yaml': [keys, wandb, omega] })]);
    expect(without).not.toContain('Not judged');
  });

  it('--live names the token that a storage needs, and that no file can give', async () => {
    const credentials = { webIdentity: { serviceAccountRef: { name: 'wandb-app' }, roleArn: ROLE } };
    const bucket = { ...s3('acme-omega'), s3: { region: 'eu-central-1', credentials } };
    const folder = folderOf({ 'a.yaml': [keys, wandb, storage('TeamStorage', 'omega', { team: 'omega', bucket })] });
    const { stdout } = await byob(['check', '-f', folder, '--live', '--denied-cidrs=0.0.0.0/0,::/0']);
    expect(stdout).toContain('A token of ServiceAccount wandb-app is needed, and only a cluster issues it');
    expect(stdout).not.toMatch(/ServiceAccount[^]*--env-file/);
  });

  it('counts what it found in sentences, also where no storage could be read', async () => {
    const { stdout } = await byob(['check', '-f', folderOf({ 'a.yaml': 'a: [\n' })]);
    expect(stdout).toContain('\nNo storage was found. 1 part of the files could not be judged.');
    const judged = await byob(['check', '-f', folderOf({ 'a.yaml': [wandb] })]);
    expect(judged.stdout).toContain('The credentials of 1 storage are in none of the files');
  });

  it('sends no characters that control a terminal', async () => {
    const text =
      'apiVersion: storage.wandb.com/v1alpha1\nkind: TeamStorage\nmetadata: {name: "a\\e[2J"}\nspec: {"b\\e[2J": 1}\n';
    const folder = folderOf({ 'a.yaml': text });
    for (const args of [['check'], ['render'], ['policy']]) {
      const { stdout, stderr } = await byob([...args, '-f', join(folder, 'a.yaml')]);
      expect(stdout + stderr).toContain('[2J');
      expect(stdout + stderr).not.toContain('\u001b');
    }
  });

  it('gives code scanning rules with help, and each finding a fingerprint of its own', async () => {
    const folder = folderOf({
      'a.yaml': [storage('TeamStorage', 'a', { one: 1, two: 2 })],
      'b.yaml': '[',
      'c.yaml': '[',
    });
    const { stdout } = await byob(['check', '-f', '.', '-o', 'sarif'], { cwd: folder });
    const [{ tool, results }] = (JSON.parse(stdout) as Sarif).runs;
    for (const rule of tool.driver.rules) {
      expect(rule).toMatchObject({
        fullDescription: { text: expect.stringMatching(/\w+ \w+/) },
        help: { text: expect.stringMatching(/\w+ \w+/) },
      });
    }
    const known = new Set(tool.driver.rules.map(({ id }) => id));
    expect(results.filter(({ ruleId }) => !known.has(ruleId))).toEqual([]);
    const prints = results.map(({ partialFingerprints }) => partialFingerprints['object/v1']);
    expect(new Set(prints).size).toBe(results.length);
  });

  it('explains itself with examples and exit codes', async () => {
    const { stdout } = await byob(['check', '--help']);
    expect(stdout).toContain('Examples:');
    expect(stdout).toContain('Exit codes:');
  });

  it('answers for the samples, whose keys are placeholders', async () => {
    const report = await reportOf('-f', 'config/samples');
    expect(failuresIn(report).toSorted()).toEqual(
      ['delta', 'iota', 'rho', 'theta'].map((name) => `${name} CredentialsResolved SecretMalformed`),
    );
  });
});
