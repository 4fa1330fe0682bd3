/**
 * Measures the product: `npm run bench -- converge --objects N [--json FILE] [--profile FOLDER]`,
 * or `npm run bench -- rotation [--objects N] [--rotations N] [--json FILE]`.
 */
import { parseArgs } from 'node:util';
import { converge } from './bench/converge.ts';
import { runToTheEnd } from './bench/endings.ts';
import { rotation } from './bench/rotation.ts';

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    objects: { type: 'string', default: '200' },
    rotations: { type: 'string', default: '60' },
    json: { type: 'string' },
    profile: { type: 'string' },
    'node-options': { type: 'string' },
  },
});
const [name] = positionals;
const objects = Number(flags.objects);
const rotations = Number(flags.rotations);
const json = flags.json === undefined ? {} : { json: flags.json };

if (name === 'converge' && Number.isInteger(objects) && objects >= 20 && objects % 20 === 0) {
  await runToTheEnd((endings) =>
    converge(endings, {
      objects,
      ...json,
      ...(flags.profile !== undefined && { profile: flags.profile }),
      ...(flags['node-options'] !== undefined && { nodeOptions: flags['node-options'] }),
    }),
  );
} else if (name === 'rotation' && objects >= 2 && rotations >= 1) {
  await runToTheEnd((endings) => rotation(endings, { objects, rotations, ...json }));
} else {
  console.error(
    [
      'usage: npm run bench -- converge [--objects N, a multiple of 20] [--json FILE] [--profile FOLDER for CPU profiles]',
      '       npm run bench -- rotation [--objects N] [--rotations N] [--json FILE]',
    ].join('\n'),
  );
  process.exitCode = 1;
}
