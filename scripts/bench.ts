/**
 * Measures the product: `npm run bench -- converge [--objects N] [--buckets N] [--against REVISION] [--json FILE] [--profile FOLDER] [--heap FOLDER] [--node-options OPTIONS] [--own-keys]`,
 * `npm run bench -- rotation [--objects N] [--rotations N] [--json FILE]`,
 * `npm run bench -- start [--objects N] [--buckets N] [--secrets N] [--json FILE]`,
 * `npm run bench -- fleet [--objects N] [--buckets N] [--instances N] [--json FILE] [--profile FOLDER]`,
 * `npm run bench -- crowd [--objects N] [--json FILE] [--profile FOLDER]`,
 * `npm run bench -- in-memory [--objects N] [--instances N] [--buckets N] [--json FILE] [--profile FOLDER]`,
 * or `npm run bench -- rest [--objects N] [--instances N] [--buckets N] [--json FILE]`.
 */
import { parseArgs } from 'node:util';
import { converge } from './bench/converge.ts';
import { BUCKETS } from './bench/environment.ts';
import { crowd } from './bench/crowd.ts';
import { fleet } from './bench/fleet.ts';
import { inMemory } from './bench/in-memory.ts';
import { rest } from './bench/rest.ts';
import { runToTheEnd } from './bench/run-to-the-end.ts';
import { rotation } from './bench/rotation.ts';
import { start } from './bench/start.ts';

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    objects: { type: 'string' },
    buckets: { type: 'string' },
    against: { type: 'string' },
    secrets: { type: 'string', default: '1000' },
    instances: { type: 'string', default: '2' },
    rotations: { type: 'string', default: '60' },
    json: { type: 'string' },
    profile: { type: 'string' },
    heap: { type: 'string' },
    'node-options': { type: 'string' },
    'own-keys': { type: 'boolean', default: false },
  },
});
const [name] = positionals;
/** The number of objects for which a benchmark's targets are defined. */
const DEFAULT_OBJECTS: Readonly<Record<string, number>> = { crowd: 4000, 'in-memory': 10_000, fleet: 10_000 };
const objects = Number(flags.objects ?? DEFAULT_OBJECTS[name ?? ''] ?? 200);
const instances = Number(flags.instances);
const rotations = Number(flags.rotations);
const buckets = Number(flags.buckets ?? (name === 'fleet' ? 10 * BUCKETS : BUCKETS));
const json = flags.json === undefined ? {} : { json: flags.json };

if (name === 'converge' && objects >= 1 && buckets >= 1) {
  await runToTheEnd((cleanup) =>
    converge(cleanup, {
      objects,
      buckets,
      ...json,
      ownKeys: flags['own-keys'],
      ...(flags.against !== undefined && { against: flags.against }),
      ...(flags.profile !== undefined && { profile: flags.profile }),
      ...(flags.heap !== undefined && { heap: flags.heap }),
      ...(flags['node-options'] !== undefined && { nodeOptions: flags['node-options'] }),
    }),
  );
} else if (name === 'rotation' && objects >= 2 && rotations >= 1) {
  await runToTheEnd((cleanup) => rotation(cleanup, { objects, rotations, ...json }));
} else if (name === 'start' && objects >= 1 && buckets >= 1) {
  await runToTheEnd((cleanup) => start(cleanup, { objects, buckets, secrets: Number(flags.secrets), ...json }));
} else if (name === 'fleet' && objects >= 10 && buckets >= 10 && instances >= 1) {
  const profile = flags.profile === undefined ? {} : { profile: flags.profile };
  await runToTheEnd((cleanup) => fleet(cleanup, { objects, buckets, instances, ...json, ...profile }));
} else if (name === 'crowd' && objects >= 1) {
  const profile = flags.profile === undefined ? {} : { profile: flags.profile };
  await runToTheEnd((cleanup) => crowd(cleanup, { objects, ...json, ...profile }));
} else if (name === 'in-memory' && objects >= instances && instances >= 1 && buckets >= 1) {
  const profile = flags.profile === undefined ? {} : { profile: flags.profile };
  await inMemory({ instances, teams: Math.floor(objects / instances), buckets, ...json, ...profile });
} else if (name === 'rest' && objects >= instances && instances >= 1 && buckets >= 1) {
  await rest({ instances, teams: Math.floor(objects / instances), buckets, ...json });
} else {
  console.error(
    [
      'usage: npm run bench -- converge [--objects N] [--buckets N] [--against REVISION] [--json FILE] [--profile FOLDER] [--heap FOLDER for a snapshot at rest] [--node-options OPTIONS] [--own-keys: a key for each team]',
      '       npm run bench -- rotation [--objects N] [--rotations N] [--json FILE]',
      "       npm run bench -- start [--objects N] [--buckets N] [--secrets N, that are not the operator's] [--json FILE]",
      '       npm run bench -- fleet [--objects N] [--buckets N] [--instances N] [--json FILE] [--profile FOLDER for CPU profiles]',
      '       npm run bench -- crowd [--objects N] [--json FILE] [--profile FOLDER for CPU profiles]',
      '       npm run bench -- in-memory [--objects N] [--instances N] [--buckets N, of each instance] [--json FILE] [--profile FOLDER]',
      '       npm run bench -- rest [--objects N] [--instances N] [--buckets N, of each instance] [--json FILE]',
    ].join('\n'),
  );
  process.exitCode = 1;
}
