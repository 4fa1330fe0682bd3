/**
 * For `NODE_OPTIONS=--import`: at SIGUSR2 the process collects its garbage and then says so in a file. What is in use is
 * the same then at each rest; else it depends on when V8 collected last.
 */
import { writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
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
    count += 1;
    writeFileSync(file, String(count));
  });
});
