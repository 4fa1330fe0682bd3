/**
 * Runs the tests of test/interop against real stores: the named ones
 * (`npm run interop -- minio`), or all of them, which also writes the page of the
 * documentation.
 */
import { writeFileSync } from 'node:fs';
import { renderCompatibility } from '../test/interop/compatibility.ts';
import { isExamined, runStore, type Column } from '../test/interop/run.ts';
import { REGULAR_STORES, STORES, type StoreName } from '../test/interop/stores/index.ts';

const PAGE = 'docs/reference/compatibility.md';

// Servers are stopped at the exit of this process, so a signal must lead to an exit.
for (const [signal, number] of [
  ['SIGINT', 2],
  ['SIGTERM', 15],
  ['SIGHUP', 1],
] as const) {
  process.once(signal, () => process.exit(128 + number));
}

const named = process.argv.slice(2);
const unknown = named.filter((name) => !Object.hasOwn(STORES, name));
if (unknown.length > 0) {
  console.error(`There is no store ${unknown.join(', ')}. Stores: ${Object.keys(STORES).join(', ')}.`);
  process.exitCode = 1;
} else {
  const columns: Column[] = [];
  for (const name of named.length === 0 ? REGULAR_STORES : (named as StoreName[])) {
    columns.push(await runStore(name, (line) => console.log(line)));
  }
  // A table of some stores would lose the others.
  if (named.length === 0) writeFileSync(PAGE, renderCompatibility(columns));
  const cells = columns.flatMap((column) => column.cells).filter(isExamined);
  const failed = cells.filter(({ faults }) => faults.length > 0).length;
  console.log(`${cells.length - failed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
