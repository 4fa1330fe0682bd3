/** Runs one of the test servers until Ctrl-C: `npm run bed -- control-plane`, or another name. */
import { startAzurite } from '../test/servers/azurite.ts';
import { startControlPlane } from '../test/servers/control-plane.ts';
import { startFaultServerByHand } from '../test/servers/fault-server/by-hand.ts';
import { corsFor, createGcsAccount, createGcsBucket, startGcs } from '../test/servers/gcs.ts';
import { startMinio } from '../test/servers/minio.ts';

const BEDS: Readonly<Record<string, () => Promise<{ readonly says: string; stop(): Promise<void> }>>> = {
  async 'control-plane'() {
    const plane = await startControlPlane();
    return { says: `export KUBECONFIG=${plane.kubeconfig}`, stop: () => plane.stop() };
  },
  async minio() {
    const minio = await startMinio();
    const says = `${minio.endpoint} (user ${minio.rootUser}, password ${minio.rootPassword})`;
    return { says, stop: () => minio.stop() };
  },
  async azurite() {
    const azurite = await startAzurite();
    const says = `${azurite.endpoint} (account ${azurite.account}, key ${azurite.accountKey})`;
    return { says, stop: () => azurite.stop() };
  },
  async gcs() {
    const gcs = await startGcs();
    const account = await createGcsAccount(gcs);
    const bucket = await createGcsBucket(gcs, { account, cors: [corsFor('http://localhost')] });
    const says = `${gcs.endpoint} (administration: ${gcs.admin})\nBucket ${bucket}, key file of ${account.email}:\n${account.keyFile}`;
    return { says, stop: () => gcs.stop() };
  },
  'fault-server': () => startFaultServerByHand(process.argv[3]),
};

const name = process.argv[2] ?? '';
const start = Object.hasOwn(BEDS, name) ? BEDS[name] : undefined;
if (start === undefined) {
  console.error(`usage: npm run bed -- ${Object.keys(BEDS).join('|')}`);
  process.exitCode = 1;
} else {
  const bed = await start();
  console.log(`${bed.says}\nPress Ctrl-C to stop it.`);
  // The servers' own handles do not keep the process alive.
  const alive = setInterval(() => undefined, 60_000);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      clearInterval(alive);
      void bed.stop();
    });
  }
}
