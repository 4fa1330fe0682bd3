import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { programs } from '../../scripts/tools/build.ts';
import { folderOf, storage } from '../cli/byob.ts';
import { sharedServers } from '../servers/shared.ts';
import { BLOCKS } from './pages.ts';

const PAGE = 'docs/how-to/check-in-ci.md';
const [{ text: WORKFLOW } = { text: '' }] = BLOCKS.filter(
  ({ page, text }) => page === PAGE && text.startsWith('name: '),
);

interface Step {
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, string>>;
}
const { jobs } = parse(WORKFLOW) as {
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
};
const STEPS = jobs['check']?.steps ?? [];

interface Result {
  readonly level: string;
  readonly locations: readonly [
    {
      readonly physicalLocation: {
        readonly artifactLocation: { readonly uri: string };
        readonly region: { readonly startLine: number };
      };
    },
  ];
}

/** The program `docker` of a runner: it runs the bundle in place of the image, in the folder that is mounted. */
function dockerIn(folder: string): string {
  const file = join(folder, 'bin', 'docker');
  mkdirSync(join(folder, 'bin'));
  const lines = [
    '#!/bin/bash',
    'set -eu',
    '[ "$1 $2 $3 $5 $6" = "run --rm -v -w /work" ] && [ "$4" = "$PWD:/work:ro" ]',
    '[[ "$7" = */byob-operator:* ]]',
    `shift 7; exec "${process.execPath}" "${sharedServers().bundle}" "$@"`,
  ];
  writeFileSync(file, lines.join('\n'));
  chmodSync(file, 0o755);
  return join(folder, 'bin');
}

/** Runs the steps of the job one after the other, as a runner does by default, and gives the exit code of each. */
async function runJob(folder: string): Promise<readonly number[]> {
  const path = `${dockerIn(folder)}:${process.env['PATH'] ?? ''}`;
  const codes: number[] = [];
  for (const { run } of STEPS) {
    if (run === undefined) continue;
    const ended = new Promise<number>((resolve) => {
      const options = { cwd: folder, env: { PATH: path, HOME: folder } };
      execFile('bash', ['--noprofile', '--norc', '-e', '-c', run], options, (error) => {
        resolve(error === null ? 0 : Number(error.code ?? 1));
      });
    });
    codes.push(await ended);
  }
  return codes;
}

const wandb = storage('InstanceStorage', 'wandb', {
  deployment: { type: 'SelfManaged', cloud: 'OnPremises', url: 'https://wandb.example.com' },
  bucket: bucket('acme-wandb'),
});

function bucket(name: string) {
  const credentials = { accessKey: { secretRef: { name: 'keys' } } };
  return { provider: 'S3', name, s3: { region: 'eu-central-1', credentials } };
}

describe('the workflow of check-in-ci.md', () => {
  it('is one that GitHub takes', async () => {
    const { actionlint } = await programs('actionlint');
    const folder = folderOf({ '.github/workflows/storages.yaml': WORKFLOW });
    const says = await new Promise<string>((resolve) => {
      const file = join(folder, '.github/workflows/storages.yaml');
      execFile(actionlint, ['-no-color', file], (error, stdout, stderr) =>
        resolve(error === null ? '' : stdout + stderr),
      );
    });
    expect(says).toBe('');
  });

  it('fails a pull request with one bad bucket, with a finding at its file and line', async () => {
    const bad = storage('TeamStorage', 'omega', { team: 'omega', bucket: bucket('Acme_Omega') });
    const folder = folderOf({ 'storages/wandb.yaml': [wandb], 'storages/teams/omega.yaml': [bad] });
    expect(await runJob(folder)).toEqual([1]);

    // The findings are uploaded although the step before has failed.
    const upload = STEPS.find(({ uses }) => uses?.includes('upload-sarif') === true);
    expect(upload?.if).toBe('always()');
    const sarif = readFileSync(join(folder, upload?.with?.['sarif_file'] ?? ''), 'utf8');
    const { runs } = JSON.parse(sarif) as { readonly runs: readonly [{ readonly results: readonly Result[] }] };
    const errors = runs[0].results.filter(({ level }) => level === 'error');
    const places = errors.map(({ locations: [{ physicalLocation }] }) => [
      physicalLocation.artifactLocation.uri,
      physicalLocation.region.startLine,
    ]);
    const lines = readFileSync(join(folder, 'storages/teams/omega.yaml'), 'utf8').split('\n');
    const line = lines.findIndex((text) => text.includes('Acme_Omega')) + 1;
    expect(places).toContainEqual(['storages/teams/omega.yaml', line]);
    expect(new Set(places.map(([file]) => file))).toEqual(new Set(['storages/teams/omega.yaml']));
  });

  it('lets a pull request with good storages pass, and uploads no finding', async () => {
    const folder = folderOf({ 'storages/wandb.yaml': [wandb] });
    expect(await runJob(folder)).toEqual([0]);
    const { runs } = JSON.parse(readFileSync(join(folder, 'byob.sarif'), 'utf8')) as {
      readonly runs: readonly [{ readonly results: readonly Result[] }];
    };
    expect(runs[0].results).toEqual([]);
  });
});
