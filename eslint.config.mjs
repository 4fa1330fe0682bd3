import js from '@eslint/js';
import importX from 'eslint-plugin-import-x';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import tseslint from 'typescript-eslint';

/** Who may import whom: folder of `src` -> the other folders that it may import. */
const MAY_IMPORT = {
  base: [],
  api: ['base'],
  domain: ['base', 'api'],
  ports: ['base', 'api', 'domain'],
  checks: ['base', 'api', 'domain'],
  probes: ['base', 'domain', 'ports'],
  net: ['base', 'domain', 'ports'],
  drivers: ['base', 'domain', 'ports', 'net'],
  // After their folder: the last word counts.
  'drivers/s3': ['base', 'domain', 'ports', 'net'],
  'drivers/gcs': ['base', 'domain', 'ports', 'net'],
  'drivers/azure': ['base', 'domain', 'ports', 'net'],
  'drivers/wandb': ['base', 'domain', 'ports', 'net'],
  kube: ['base', 'api', 'ports'],
  runtime: ['base', 'ports'],
  telemetry: ['base', 'domain', 'ports'],
  controllers: ['base', 'api', 'domain', 'checks', 'probes', 'ports', 'runtime'],
  app: [
    'base',
    'api',
    'domain',
    'checks',
    'ports',
    'probes',
    'net',
    'drivers',
    'kube',
    'runtime',
    'telemetry',
    'controllers',
  ],
  manifests: ['base', 'api'],
  'dry-run': [
    'base',
    'api',
    'domain',
    'checks',
    'ports',
    'probes',
    'runtime',
    'kube',
    'controllers',
    'manifests',
    'app',
  ],
  cli: ['base', 'api', 'app', 'domain', 'checks', 'manifests', 'dry-run'],
};

/** Packages that only one folder may import. */
const PACKAGE_HOMES = {
  '@kubernetes/*': ['src/kube/**'],
  '@aws-sdk/*': ['src/drivers/s3/**'],
  '@smithy/*': ['src/drivers/s3/**'],
  '@azure/*': ['src/drivers/azure/**'],
  '@google-cloud/*': ['src/drivers/gcs/**'],
  'google-auth-library': ['src/drivers/gcs/**'],
  undici: ['src/kube/**', 'src/net/**'],
  pino: ['src/telemetry/**'],
  'prom-client': ['src/telemetry/**'],
  commander: ['src/cli/**', 'src/main.ts'],
  ajv: ['src/manifests/**'],
  '@marcbachmann/*': ['src/manifests/**'],
};

function packagesBannedIn(folder) {
  return Object.entries(PACKAGE_HOMES)
    .filter(([, homes]) => !homes.some((home) => home.startsWith(`src/${folder}`)))
    .map(([name, homes]) => ({ group: [name], message: `Only ${homes.join(', ')} may import ${name}.` }));
}

const BUILT_IN_ERRORS = 'Error|TypeError|RangeError|SyntaxError|AggregateError';

export default tseslint.config(
  { ignores: ['node_modules', 'dist', 'coverage', 'src/api/generated'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver()] },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'import-x/no-cycle': 'error',
      'import-x/no-default-export': 'error',
      complexity: ['error', 12],
      'max-depth': ['error', 3],
      'max-params': ['error', 4],
      'max-lines': ['error', { max: 250, skipComments: true, skipBlankLines: true }],
      // A function that holds the state of a part may be longer: it says so, and why.
      'max-lines-per-function': ['error', { max: 80, skipComments: true, skipBlankLines: true }],
      'no-restricted-syntax': [
        'error',
        {
          selector: `BinaryExpression[operator='instanceof'][right.name=/^(${BUILT_IN_ERRORS})$/]`,
          message: "Judge errors by code and name, or Error.isError: across jest's realms instanceof is false.",
        },
        { selector: 'TSEnumDeclaration', message: 'Use a union or `as const`.' },
        {
          selector: "CallExpression[callee.object.name='jest'][callee.property.name=/[mM]ock$/]",
          message: 'Write a fake of the port instead of mocking a module.',
        },
      ],
    },
  },
  ...Object.entries(MAY_IMPORT).map(([folder, allowed]) => ({
    files: [`src/${folder}/**/*.ts`],
    rules: {
      'import-x/no-restricted-paths': [
        'error',
        {
          basePath: import.meta.dirname,
          zones: [
            {
              target: `./src/${folder}`,
              from: './src',
              except: [`./${folder}`, ...allowed.map((other) => `./${other}`)],
              message: `src/${folder} may import only: ${allowed.join(', ') || 'nothing'}.`,
            },
          ],
        },
      ],
      'no-restricted-imports': ['error', { patterns: packagesBannedIn(folder) }],
    },
  })),
  {
    files: ['src/{domain,checks}/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['process', 'fetch', 'setTimeout', 'setInterval'].map((name) => ({
          name,
          message: 'domain and checks are pure.',
        })),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'domain and checks are pure: take the time as an argument.' },
        { object: 'Math', property: 'random', message: 'domain and checks are pure.' },
      ],
    },
  },
  {
    files: ['**/*.test.ts', 'test/**/*.ts', 'scripts/**/*.ts'],
    rules: { 'max-lines': 'off', 'max-lines-per-function': 'off', '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  {
    // One case of a story: long lists of cases that are read in one piece.
    files: ['test/support/publication-model/*.ts'],
    rules: { complexity: ['error', 30], 'max-params': ['error', 5] },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly', setTimeout: 'readonly' } },
  },
);
