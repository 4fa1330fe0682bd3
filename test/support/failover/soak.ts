/**
 * Plays many failovers, other ones each time: `node soak.ts COUNT [PAIRS]`. On a control plane and a MinIO of
 * its own, without the test runner, which starts more servers and keeps what is printed until the end.
 */
import { buildBundle } from '../../../scripts/bundle.ts';
import { startControlPlane } from '../../servers/control-plane.ts';
import { flawsOfFailovers, playFailovers, summaryOfFailovers } from './runs.ts';
import { startMinio } from '../../servers/minio.ts';
import { temporaryFolder } from '../../servers/process.ts';
import { SEED } from '../../servers/random.ts';
import { SHARED_BEDS_VARIABLE } from '../../servers/shared.ts';
import { installCrds } from '../../servers/install-crds.ts';

const PROGRESS = 20;
/** Nothing of these runs asks the other clouds. */
const NOWHERE = 'http://127.0.0.1:9';

const [runs, pairs] = [Number(process.argv[2]), Number(process.argv[3] ?? 2)];
if (!Number.isInteger(runs) || !Number.isInteger(pairs)) throw new Error('usage: node soak.ts COUNT [PAIRS]');

const [plane, minio, bundle] = await Promise.all([
  startControlPlane({ controllerManager: false }),
  startMinio(),
  buildBundle(temporaryFolder('byob-bundle-')),
]);
try {
  await installCrds(plane);
  const { serverUrl, folder, kubeconfig, auditLog } = plane;
  const { endpoint, rootUser, rootPassword } = minio;
  process.env[SHARED_BEDS_VARIABLE] = JSON.stringify({
    ...{ serverUrl, folder, kubeconfig, auditLog, bundle },
    minio: { endpoint, rootUser, rootPassword },
    azurite: { endpoint: NOWHERE },
    gcs: { endpoint: NOWHERE },
  });
  console.log(`seed ${SEED}`);
  let told = 0;
  const tally = await playFailovers({
    ...{ runs, pairs, seed: SEED },
    progress(tally) {
      const { results, broken } = tally;
      if (broken.length > told) console.log(broken.at(-1));
      told = broken.length;
      const count = results.length + broken.length;
      if (count % PROGRESS === 0) {
        console.log(`${new Date().toISOString()} ${summaryOfFailovers(tally)}`);
      }
    },
  });
  console.log(summaryOfFailovers(tally));
  const flaws = flawsOfFailovers(tally);
  if (flaws.length > 0) {
    console.error(flaws.join('\n'));
    process.exitCode = 1;
  }
} finally {
  await Promise.all([plane.stop(), minio.stop()]);
}
// After sockets were reset, Node 24.21 can wait in its own clean-up for ever: see jest.config.mjs.
process.exit();
