/**
 * For `NODE_OPTIONS=--import`: at SIGUSR2 the process collects its garbage and then says so in a file. What is in use is
 * the same then at each rest; else it depends on when V8 collected last. Where there is a file beside it
 * whose name ends with `.heapsnapshot`, the heap is written there.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { setFlagsFromString, writeHeapSnapshot } from 'node:v8';
import { runInNewContext } from 'node:vm';

const file = process.env['BYOB_TEST_COLLECTED'];
if (file === undefined) throw new Error('BYOB_TEST_COLLECTED names no file');

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
setFlagsFromString('--no-expose-gc');
let count = 0;

process.on('SIGUSR2', () => {
  collect();
  // What finalizers have let go of.
  setImmediate(() => {
    collect();
    if (existsSync(`${file}.heapsnapshot`)) writeHeapSnapshot(`${file}.heapsnapshot`);
    count += 1;
    writeFileSync(file, String(count));
  });
});
