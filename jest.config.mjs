import { availableParallelism } from 'node:os';

const common = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      {
        jsc: { target: 'es2023', parser: { syntax: 'typescript' }, experimental: { keepImportAttributes: true } },
        module: { type: 'es6' },
      },
    ],
  },
};

const real = {
  ...common,
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  setupFilesAfterEnv: ['<rootDir>/test/servers/timeout.ts'],
  globalSetup: '<rootDir>/test/servers/global-setup.ts',
  globalTeardown: '<rootDir>/test/servers/global-teardown.ts',
};

export default {
  // After a test that reset sockets, Node 24.21 can wait in its own clean-up for ever (node::Environment::CleanupHandles).
  forceExit: true,
  // Many tests wait for a server, or for time to pass.
  maxWorkers: Math.ceil(availableParallelism() * 1.5),
  projects: [
    {
      ...common,
      displayName: 'unit',
      roots: ['<rootDir>/src', '<rootDir>/test/support'],
      testMatch: ['**/*.test.ts'],
      setupFilesAfterEnv: ['<rootDir>/test/support/property-runs.ts'],
    },
    {
      ...real,
      displayName: 'real',
      // What needs no servers runs in the project "unit", what takes long in "proofs".
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/support/', '<rootDir>/test/proofs/'],
    },
    { ...real, displayName: 'proofs', roots: ['<rootDir>/test/proofs'] },
  ],
};
