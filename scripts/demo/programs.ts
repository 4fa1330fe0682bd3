import { spawnSync } from 'node:child_process';
import { missing, programs } from '../tools/build.ts';
import { KUBERNETES, type ProgramName } from '../tools/programs.ts';
import { say } from './print.ts';

const STORES = ['minio', 'minio-admin', 'fake-gcs-server'] as const satisfies readonly ProgramName[];
const CONTROL_PLANE = ['etcd', 'kube-apiserver', 'pki'] as const satisfies readonly ProgramName[];

/** Builds what the demo needs and the machine has not, and gives the path of kubectl. */
export async function preparePrograms(hasCluster: boolean): Promise<string> {
  const own = fittingKubectl(hasCluster);
  const wanted: readonly ProgramName[] = [
    ...(hasCluster ? [] : CONTROL_PLANE),
    ...(own === undefined ? ['kubectl' as const] : []),
    ...STORES,
  ];
  const { names, seconds } = missing(...wanted);
  if (names.length > 0) {
    say(`Building ${names.join(', ')} from source, once: about ${Math.ceil(seconds / 60)} min on two quiet cores.`);
    say('KUBEBUILDER_ASSETS (etcd, kube-apiserver, kubectl) or --context NAME (your cluster) saves a part of it.');
  }
  // One after the other: they share packages, and each build uses every core.
  await programs(...wanted);
  return own ?? (await programs('kubectl')).kubectl;
}

/** The kubectl on the PATH, where Kubernetes supports it: one minor version older or newer than the API server. */
function fittingKubectl(isAny: boolean): string | undefined {
  const { status, stdout } = spawnSync('kubectl', ['version', '--client', '-o', 'json'], { encoding: 'utf8' });
  const [, minor] = status === 0 ? (/"minor": "(\d+)/.exec(stdout) ?? []) : [];
  if (minor === undefined) return undefined;
  const distance = Math.abs(Number(minor) - Number(KUBERNETES.split('.')[1]));
  return isAny || distance <= 1 ? 'kubectl' : undefined;
}
