/**
 * Runs the tests of test/interop against real stores: the named ones (`npm run interop -- minio`), or all of them, which
 * also writes the page of the documentation. `--large`: W&B's client uploads a file in parts as well.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startBrowser } from '../test/interop/browser/chromium.ts';
import { EMULATED_CLOUDS, type CloudName } from '../test/interop/client/emulated-clouds.ts';
import { renderCompatibility } from '../test/interop/compatibility.ts';
import { examined, runCloud, runStore, type Column } from '../test/interop/run.ts';
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

const isStore = (name: string): name is StoreName => Object.hasOwn(STORES, name);
const isCloud = (name: string): name is CloudName => Object.hasOwn(EMULATED_CLOUDS, name);

const { positionals: named, values } = parseArgs({
  allowPositionals: true,
  options: { large: { type: 'boolean', default: false } },
});
const unknown = named.filter((name) => !isStore(name) && !isCloud(name));
if (unknown.length > 0) {
  const known = [...Object.keys(STORES), ...Object.keys(EMULATED_CLOUDS)];
  console.error(`There is no store ${unknown.join(', ')}. Stores: ${known.join(', ')}.`);
  process.exitCode = 1;
} else {
  const isWhole = named.length === 0;
  const browser = await startBrowser();
  const options = { browser, large: values.large, report: (line: string) => console.log(line) };
  const columns: Column[] = [];
  for (const name of isWhole ? REGULAR_STORES : named.filter(isStore)) columns.push(await runStore(name, options));
  const clouds = isWhole ? (Object.keys(EMULATED_CLOUDS) as readonly CloudName[]) : named.filter(isCloud);
  for (const name of clouds) columns.push(await runCloud(name, options));
  await browser.stop();
  // A table of some stores would lose the others.
  if (isWhole) writeFileSync(PAGE, renderCompatibility(columns, browser));
  const cells = columns.flatMap(examined);
  const failed = cells.filter(({ faults }) => faults.length > 0).length;
  console.log(`${cells.length - failed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
