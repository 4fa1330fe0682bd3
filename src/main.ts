#!/usr/bin/env -S node --
// The two dashes keep Node.js from taking --env-file of a command for its own flag.

const NEEDED = 24;

// What the commands import does not even load in an older Node.js.
if (Number.parseInt(process.versions.node, 10) < NEEDED) {
  process.stderr.write(`error: byob needs Node.js ${NEEDED} or later, and this is ${process.versions.node}\n`);
  process.exitCode = 2;
} else {
  // Without await: a single executable file holds a script, which has none at its top.
  void import('./cli/program.ts').then(({ runProgram }) => runProgram());
}

export {};
