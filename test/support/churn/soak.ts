/**
 * Churn for a long time: `node soak.ts [MINUTES]`. On servers of its own, without the test runner. It writes
 * `docs/benchmarks/churn-DATE.json`, of which `npm run generate` makes the plots.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import prettier from 'prettier';
import { buildBundle } from '../../../scripts/bundle.ts';
import { startAzurite } from '../../servers/azurite.ts';
import { startControlPlane } from '../../servers/control-plane.ts';
import { startGcs } from '../../servers/gcs.ts';
import { installCrds } from '../../servers/install-crds.ts';
import { startMinio } from '../../servers/minio.ts';
import { temporaryFolder } from '../../servers/process.ts';
import { SEED } from '../../servers/random.ts';
import { SHARED_BEDS_VARIABLE } from '../../servers/shared.ts';
import { flawsOfChurn, summaryOfChurn } from './judge.ts';
import { playChurn } from './run.ts';

const minutes = Number(process.argv[2] ?? 180);
if (!(minutes > 0)) throw new Error('usage: node soak.ts [MINUTES]');
/** Seconds from one line to the next: ten minutes, or less in a short run. */
const every = Math.min(600, 6 * minutes);

const [plane, minio, azurite, gcs, bundle] = await Promise.all([
  startControlPlane({ controllerManager: false }),
  startMinio(),
  startAzurite(),
  startGcs(),
  buildBundle(temporaryFolder('byob-bundle-')),
]);
try {
  await installCrds(plane);
  const { serverUrl, folder, kubeconfig, auditLog } = plane;
  process.env[SHARED_BEDS_VARIABLE] = JSON.stringify({
    ...{ serverUrl, folder, kubeconfig, auditLog, bundle, minio, azurite, gcs },
  });
  console.log(`seed ${SEED}`);
  let told = 0;
  const churn = await playChurn({
    ...{ minutes, seed: SEED },
    progress(sample, rounds) {
      if (sample.seconds < told + every) return;
      told = sample.seconds;
      const { rssMb, heapMb, files, sockets, timers } = sample;
      const memory = `RSS ${rssMb.toFixed(1)} MB, heap ${heapMb.toFixed(1)} MB`;
      console.log(
        `${new Date().toISOString()} ${rounds} rounds: ${memory}, ${files} files, ${sockets} sockets, ${timers} timers`,
      );
    },
  });
  console.log(summaryOfChurn(churn));
  const date = new Date().toISOString().slice(0, 10);
  const file = freeName(`docs/benchmarks/churn-${date}`);
  const text = JSON.stringify({ date, cores: cpus().length, ...churn });
  writeFileSync(file, await prettier.format(text, { parser: 'json', printWidth: 120 }));
  console.log(`${file}: npm run generate makes its plots`);
  const flaws = flawsOfChurn(churn);
  if (flaws.length > 0) {
    console.error(flaws.join('\n'));
    process.exitCode = 1;
  }
} finally {
  await Promise.all([plane.stop(), minio.stop(), azurite.stop(), gcs.stop()]);
}
// After sockets were reset, Node 24.21 can wait in its own clean-up for ever: see jest.config.mjs.
process.exit();

/** Another run of the same day is kept. */
function freeName(name: string): string {
  const nameOf = (count: number): string => `${name}${count === 1 ? '' : `-${count}`}.json`;
  let count = 1;
  while (existsSync(nameOf(count))) count += 1;
  return nameOf(count);
}
