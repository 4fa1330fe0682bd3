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

export default {
  // After a test that reset sockets, Node 24.21 can wait in its own clean-up for ever (node::Environment::CleanupHandles).
  forceExit: true,
  projects: [
    {
      ...common,
      displayName: 'unit',
      roots: ['<rootDir>/src', '<rootDir>/test/support'],
      testMatch: ['**/*.test.ts'],
      setupFilesAfterEnv: ['<rootDir>/test/support/property-runs.ts'],
    },
    {
      ...common,
      displayName: 'real',
      roots: ['<rootDir>/test'],
      testMatch: ['**/*.test.ts'],
      // They need no servers: the project "unit" runs them.
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/support/'],
      setupFilesAfterEnv: ['<rootDir>/test/servers/timeout.ts'],
      globalSetup: '<rootDir>/test/servers/global-setup.ts',
      globalTeardown: '<rootDir>/test/servers/global-teardown.ts',
    },
  ],
};
