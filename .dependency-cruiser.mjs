/** What the linter cannot see: circles of files, type imports included. Who may import whom is in eslint.config.mjs. */
export default {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      comment: 'Move what both need into a file of its own.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'pure-of-node',
      severity: 'error',
      comment:
        'base, domain and checks run anywhere: take what a Node module gives as an argument, or put it behind a port.',
      from: { path: '^src/(domain|checks)/', pathNot: '[.]test[.]ts$' },
      to: { dependencyTypes: ['core'] },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
  },
};
