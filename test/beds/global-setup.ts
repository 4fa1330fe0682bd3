import { startControlPlane } from './control-plane.ts';
import { startMinio } from './minio.ts';
import { SHARED_BEDS_VARIABLE } from './shared.ts';

/** Boots the servers that all files of the `real` project share. */
// eslint-disable-next-line import-x/no-default-export -- jest's contract
export default async function globalSetup(): Promise<void> {
  const [plane, minio] = await Promise.all([startControlPlane(), startMinio()]);
  await plane.kubectl(['apply', '--server-side', '-f', 'crds']);
  await plane.kubectl(['wait', '--for=condition=Established', 'crd', '--all', '--timeout=30s']);
  process.env[SHARED_BEDS_VARIABLE] = JSON.stringify({
    serverUrl: plane.serverUrl,
    folder: plane.folder,
    kubeconfig: plane.kubeconfig,
    auditLog: plane.auditLog,
    minio: { endpoint: minio.endpoint, rootUser: minio.rootUser, rootPassword: minio.rootPassword },
  });
  const stop = async (): Promise<void> => {
    await Promise.all([plane.stop(), minio.stop()]);
  };
  Object.assign(globalThis, { stopSharedBeds: stop });
}
