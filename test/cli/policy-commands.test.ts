import { execFile } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '../servers/process.ts';
import { byob } from './byob.ts';

/**
 * In place of a cloud's CLI: it prints the file that is named after the command (`get-bucket-cors`), or the error in
 * `<name>.error`, and logs the command with the content of the files that it is given.
 */
const STAND_IN = `#!/usr/bin/env bash
shopt -s nullglob
words="$*"
{ echo "\${0##*/} $words"; for word in "$@"; do file="\${word#*file://}"; file="\${file#--cors-file=}"; [ -f "$file" ] && jq -c . "$file"; done; } >> "$ANSWERS/log"
for answer in "$ANSWERS"/*.json "$ANSWERS"/*.error; do
  name=$(basename "\${answer%.*}")
  case " $words " in *" $name "*) case "$answer" in *.error) cat "$answer" >&2; exit 254 ;; *) cat "$answer" ;; esac ;; esac
done
exit 0
`;

let folder = '';
beforeEach(() => {
  folder = temporaryFolder('byob-commands-');
  for (const name of ['aws', 'gcloud', 'az']) {
    writeFileSync(join(folder, name), STAND_IN);
    chmodSync(join(folder, name), 0o755);
  }
});

function answer(name: string, value: unknown): void {
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(value));
}

function refuse(name: string, message: string): void {
  writeFileSync(join(folder, `${name}.error`), message);
}

/** Runs the printed commands; what was called, and what the script said. */
async function run(
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly log: string; readonly stderr: string }> {
  const { status, stdout } = await byob([
    'policy',
    ...args,
    '--origin',
    'https://wandb.acme.example',
    '-o',
    'commands',
  ]);
  expect(status).toBe(0);
  const env = { ...process.env, ANSWERS: folder, PATH: `${folder}:${process.env['PATH'] ?? ''}` };
  return new Promise((resolve) => {
    const child = execFile('bash', ['-s'], { env }, (error, _stdout, stderr) => {
      const log = existsSync(join(folder, 'log')) ? readFileSync(join(folder, 'log'), 'utf8') : '';
      resolve({ code: Number(error?.code ?? 0), log, stderr });
    });
    child.stdin?.end(stdout);
  });
}

const AWS = ['--provider', 'S3', '--bucket', 'acme-omega', '--region', 'eu-central-1'];
const OTHER = { AllowedOrigins: ['https://other.example'], AllowedMethods: ['GET'] };

describe('the commands for AWS, on a stand-in for its CLI', () => {
  const saas = [...AWS, '--deployment-type', 'SaaSCloud'];

  it('write rules and statements of others back', async () => {
    answer('get-bucket-cors', { CORSRules: [OTHER] });
    answer('get-bucket-policy', { Version: '2012-10-17', Statement: { Sid: 'Mine', Effect: 'Deny' } });
    const { code, log } = await run(...saas);
    expect(code).toBe(0);
    expect(log).toMatch(
      /put-bucket-cors.*\n\{"CORSRules":\[\{"AllowedOrigins":\["https:\/\/other.example"\].*"https:\/\/wandb.acme.example"/,
    );
    expect(log).toMatch(
      /put-bucket-policy.*\n\{"Version":"2012-10-17","Statement":\[\{"Sid":"Mine","Effect":"Deny"\},\{"Effect":"Allow"/,
    );
  });

  it('begin with an empty list where there is none', async () => {
    refuse('get-bucket-cors', 'An error occurred (NoSuchCORSConfiguration) when calling the GetBucketCors operation');
    refuse('get-bucket-policy', 'An error occurred (NoSuchBucketPolicy) when calling the GetBucketPolicy operation');
    const { code, log } = await run(...saas);
    expect(code).toBe(0);
    expect(log).toMatch(/put-bucket-policy/);
    expect(log).toMatch(/put-bucket-cors/);
  });

  it('write nothing where they may not see what is there', async () => {
    answer('get-bucket-policy', { Version: '2012-10-17', Statement: [] });
    refuse('get-bucket-cors', 'An error occurred (AccessDenied) when calling the GetBucketCors operation');
    const { code, log, stderr } = await run(...saas);
    expect(code).toBe(1);
    expect(stderr).toContain('AccessDenied');
    expect(log).not.toContain('put-bucket-cors');
  });

  it('write nothing where nothing is missing', async () => {
    const first = await byob(['policy', ...saas, '--origin', 'https://wandb.acme.example']);
    const { documents } = JSON.parse(first.stdout) as { documents: readonly { name: string; document: unknown }[] };
    const documentOf = (name: string): unknown => documents.find((one) => one.name === name)?.document;
    answer('get-bucket-cors', documentOf('Cors'));
    answer('get-bucket-policy', documentOf('BucketPolicy'));
    const { code, log } = await run(...saas);
    expect(code).toBe(0);
    expect(log).not.toMatch(/put-/);
  });
});

describe('the commands for Google Cloud, on a stand-in for its CLI', () => {
  it.each<[string, unknown, RegExp]>([
    [
      'rules',
      { cors_config: [{ origin: ['https://other.example'] }] },
      /\[\{"origin":\["https:\/\/other.example"\]\},\{"origin":\["https:\/\/wandb.acme.example"\]/,
    ],
    ['no rules', null, /\n\[\{"origin":\["https:\/\/wandb.acme.example"\]/],
  ])('write %s back', async (_, present, expected) => {
    answer('describe', present);
    const { code, log } = await run(
      '--provider',
      'GCS',
      '--bucket',
      'acme-omega',
      '--principal',
      'a@b.iam.gserviceaccount.com',
    );
    expect(code).toBe(0);
    expect(log).toContain('--member=serviceAccount:a@b.iam.gserviceaccount.com --role=roles/storage.admin');
    expect(log).toMatch(expected);
  });
});

describe('the commands for Azure, on a stand-in for its CLI', () => {
  it.each<[string, unknown, boolean]>([
    [
      'add a rule beside that of others',
      [{ AllowedOrigins: 'https://other.example', AllowedMethods: 'GET,PUT' }],
      true,
    ],
    [
      'add none where the origin may upload',
      [{ AllowedOrigins: ['https://wandb.acme.example'], AllowedMethods: ['PUT'] }],
      false,
    ],
  ])('%s', async (_, present, adds) => {
    answer('list', present);
    const place = ['--provider', 'AzureBlob', '--bucket', 'omega', '--storage-account', 'acmewandb'];
    const { code, log } = await run(...place, '--principal', '11111111-2222-3333-4444-555555555555');
    expect(code).toBe(0);
    expect(log).toContain('az role assignment create --role Storage Blob Delegator');
    expect(log.includes('az storage cors add')).toBe(adds);
  });
});
