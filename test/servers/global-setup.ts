import { rmSync } from 'node:fs';
import { buildBundle } from '../../scripts/bundle.ts';
import { programs } from '../../scripts/tools/build.ts';
import { startAzurite } from './azurite.ts';
import { startControlPlane } from './control-plane.ts';
import { startGcs } from './gcs.ts';
import { startMinio } from './minio.ts';
import { temporaryFolder } from './process.ts';
import { recordStatuses } from './status-recorder.ts';
import { SHARED_BEDS_VARIABLE } from './shared.ts';
import { installCrds } from './install-crds.ts';

/** Boots the servers that all files of the `real` project share. */
// eslint-disable-next-line import-x/no-default-export -- jest's contract
export default async function globalSetup(): Promise<void> {
  const bundleFolder = temporaryFolder('byob-bundle-');
  const [plane, minio, azurite, gcs, bundle] = await Promise.all([
    startControlPlane(),
    startMinio(),
    startAzurite(),
    startGcs(),
    buildBundle(bundleFolder),
    // Built here once, and not by each test file for itself.
    programs(
      'minio-admin',
      'mc',
      'kstatus',
      'helm',
      'helm3',
      'actionlint',
      'kubeconform',
      'kubectl',
      'kwok',
      'kube-scheduler',
      'promtool',
      'lua',
    ),
  ]);
  await installCrds(plane);
  process.env[SHARED_BEDS_VARIABLE] = JSON.stringify({
    serverUrl: plane.serverUrl,
    folder: plane.folder,
    kubeconfig: plane.kubeconfig,
    auditLog: plane.auditLog,
    bundle,
    minio: { endpoint: minio.endpoint, rootUser: minio.rootUser, rootPassword: minio.rootPassword },
    azurite: { endpoint: azurite.endpoint, account: azurite.account, accountKey: azurite.accountKey },
    gcs: { endpoint: gcs.endpoint, admin: gcs.admin },
  });
  const recorder = recordStatuses(plane.kubeconfig);
  const stop = async (): Promise<void> => {
    try {
      const { count, wrong } = await recorder.judge();
      process.stderr.write(
        `kstatus judged ${String(count)} versions of storages, ${String(wrong.length)} wrongly told\n`,
      );
      if (wrong.length > 0) throw new Error(wrong.slice(0, 20).join('\n'));
    } finally {
      await Promise.all([plane.stop(), minio.stop(), azurite.stop(), gcs.stop()]);
      rmSync(bundleFolder, { recursive: true, force: true });
    }
  };
  Object.assign(globalThis, { stopSharedBeds: stop });
}
