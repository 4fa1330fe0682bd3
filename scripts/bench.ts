/** Measures the product: `npm run bench -- converge --objects N [--json FILE] [--profile FOLDER]`. */
import { parseArgs } from 'node:util';
import { converge } from './bench/converge.ts';
import { runToTheEnd } from './bench/endings.ts';

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    objects: { type: 'string', default: '200' },
    json: { type: 'string' },
    profile: { type: 'string' },
    'node-options': { type: 'string' },
  },
});
const [name] = positionals;
const objects = Number(flags.objects);

if (name !== 'converge' || !Number.isInteger(objects) || objects < 20 || objects % 20 !== 0) {
  console.error(
    'usage: npm run bench -- converge [--objects N, a multiple of 20] [--json FILE] [--profile FOLDER for CPU profiles]',
  );
  process.exitCode = 1;
} else {
  await runToTheEnd((endings) =>
    converge(endings, {
      objects,
      ...(flags.json !== undefined && { json: flags.json }),
      ...(flags.profile !== undefined && { profile: flags.profile }),
      ...(flags['node-options'] !== undefined && { nodeOptions: flags['node-options'] }),
    }),
  );
}
