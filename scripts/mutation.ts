/**
 * Mutation testing: changes the rules one place after the other, and looks whether their tests fail. Without arguments
 * all of them (hours); with paths of files or patterns only these. Prints the places whose change no test found.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodePackages } from './tools/node-packages.ts';

/** Where the decisions are made. Texts for people are data: their words are read, not tested. */
const RULES = ['src/domain/admission/**/*.ts', 'src/domain/publication/**/*.ts', 'src/checks/**/*.ts'];
const LEAST_PERCENT = 85;
const packages = nodePackages('mutation');
const named = process.argv.slice(2);
const folder = join(tmpdir(), 'byob-mutation');
mkdirSync(folder, { recursive: true });
const config = join(folder, 'stryker.config.json');
writeFileSync(config, JSON.stringify(configuration(), undefined, 2));
const child = spawn(process.execPath, [join(packages, '@stryker-mutator/core/bin/stryker.js'), 'run', config], {
  stdio: 'inherit',
  env: { ...process.env, BYOB_MUTATION_PACKAGES: packages },
});
child.on('exit', (code) => (process.exitCode = code ?? 1));

function configuration() {
  return {
    plugins: [join(import.meta.dirname, 'mutation', 'mocha-runner.mjs')],
    testRunner: 'mocha',
    testRunnerNodeArgs: ['--no-warnings', '--import', './scripts/mutation/resolve-jest-globals.mjs'],
    // The tests beside the rules. With those of the controllers, a change that none finds would take a minute.
    mochaOptions: { 'no-config': true, spec: ['src/domain/**/*.test.ts', 'src/checks/**/*.test.ts'] },
    mutate: [...(named.length === 0 ? RULES : named), '!src/**/*.test.ts'],
    coverageAnalysis: 'perTest',
    // Tables at the top of a file are data as well.
    ignoreStatic: true,
    ignorePatterns: ['tsconfig.json', 'tools', 'dist', 'test/interop', 'test/scenario', 'test/proofs'],
    tempDirName: join(folder, 'sandbox'),
    incremental: true,
    incrementalFile: join(folder, 'known.json'),
    reporters: ['clear-text', 'progress-append-only', 'json'],
    jsonReporter: { fileName: join(folder, 'report.json') },
    clearTextReporter: { logTests: false, reportScoreTable: true },
    thresholds: { high: 95, low: LEAST_PERCENT, break: LEAST_PERCENT },
    concurrency: 2,
    timeoutMS: 20_000,
  };
}
