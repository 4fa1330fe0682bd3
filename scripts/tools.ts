/**
 * Builds programs that the tests and the demo run, and prints their paths: all
 * of them (`npm run tools`), or the named ones (`npm run tools -- helm`).
 */
import { programs } from './tools/build.ts';
import { PROGRAMS, type ProgramName } from './tools/programs.ts';

const ALL = Object.keys(PROGRAMS) as readonly ProgramName[];
const named = process.argv.slice(2);
const unknown = named.filter((name) => !Object.hasOwn(PROGRAMS, name));
if (unknown.length > 0) {
  console.error(`There is no program ${unknown.join(', ')}. Programs: ${ALL.join(', ')}.`);
  process.exitCode = 1;
} else {
  const paths = await programs(...(named.length === 0 ? ALL : (named as ProgramName[])));
  for (const path of Object.values(paths)) console.log(path);
}
