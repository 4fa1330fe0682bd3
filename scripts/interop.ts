/**
 * Puts real stores through the battery of test/interop. With the names of
 * stores: those alone; without: all of them, and the table of the documentation.
 */
import { runStore, type Column } from '../test/interop/run.ts';
import { STORES, type StoreName } from '../test/interop/stores/index.ts';

const ALL = Object.keys(STORES) as readonly StoreName[];

// What ends this process ends its servers: they are tied to its exit.
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
  console.error(`There is no store ${unknown.join(', ')}. Stores: ${ALL.join(', ')}.`);
  process.exitCode = 1;
} else {
  const columns: Column[] = [];
  for (const name of named.length === 0 ? ALL : (named as StoreName[])) {
    columns.push(await runStore(name, (line) => console.log(line)));
  }
  const cells = columns.flatMap((column) => column.cells).filter(({ verdict, faults }) => verdict ?? faults.length > 0);
  const failed = cells.filter(({ faults }) => faults.length > 0).length;
  console.log(`${cells.length - failed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
