import { randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { KubeObject } from '../api/object.ts';
import type { ClusterReader } from '../app/cluster-reader.ts';
import { createStoreProber } from '../app/store-prober.ts';
import { systemClock } from '../app/system-clock.ts';
import { defined } from '../base/defined.ts';
import { Secret } from '../base/secret.ts';
import { UNOBSERVED, type Observer } from '../dry-run/dry-run-validator.ts';
import type { CheckOptions } from '../dry-run/findings/check-manifests.ts';
import { givenObjects, type GivenObjects } from '../dry-run/given-objects.ts';
import { createProbingObserver } from '../dry-run/probing-observer.ts';
import type { UnreadablePart } from '../manifests/manifest.ts';
import { secretsIn } from './env-secrets.ts';
import { InputError } from './input-error.ts';
import { hasUnreadFolders, nameOfFile, readable, readManifests } from './manifest-files.ts';
import { openedCluster, readOrFail } from './opened-cluster.ts';
import type { StorageFlags } from './storage-flags.ts';
import { storeSettings } from './store-flags.ts';
import { progressOn } from './terminal.ts';

/** Everything that a dry run needs, from the flags of a command. */
export interface PreparedRun {
  readonly given: GivenObjects;
  readonly unreadable: readonly UnreadablePart[];
  readonly options: CheckOptions;
}

/** Prepares a dry run, runs it, and closes what was opened. An interrupted run removes what its probes have written. */
export async function withDryRun<T>(flags: StorageFlags, run: (prepared: PreparedRun) => Promise<T>): Promise<T> {
  await using opened = new AsyncDisposableStack();
  const { manifests, unreadable } = await readManifests(flags);
  const hasCluster = flags.cluster || flags.kubeconfig !== undefined || flags.context !== undefined;
  const cluster = hasCluster ? openedCluster(flags) : undefined;
  if (cluster !== undefined) opened.defer(() => cluster.close());
  const { namespace } = flags;
  const secrets = flags.envFile === undefined ? [] : await envSecrets(flags.envFile);
  const first = givenObjects(manifests, { namespace, secrets });
  if (first.storages.length === 0 && unreadable.length === 0) {
    const hint = (await hasUnreadFolders(flags)) ? '; --recursive looks into the folders below as well' : '';
    throw new InputError(
      `no InstanceStorage and no TeamStorage in ${flags.filename.map(nameOfFile).join(', ')}${hint}`,
    );
  }
  const existing = cluster === undefined ? [] : await storagesOf(cluster, first);
  const settings = storeSettings(flags, process.env);
  const observer = flags.live ? openObserver(settings, opened) : UNOBSERVED;
  return await run({
    given: givenObjects(manifests, { namespace, secrets, existing }),
    unreadable,
    options: {
      ...{ isLive: flags.live, hasCluster, observer, settings, clock: systemClock },
      randomSalt: () => randomBytes(16).toString('hex'),
      ...defined({ behind: cluster }),
    },
  });
}

async function envSecrets(file: string): Promise<readonly KubeObject[]> {
  const { secrets, wrong } = secretsIn(await readable(file, readFile(file, 'utf8')));
  const [first] = wrong;
  if (first === undefined) return secrets;
  const why = {
    NamesNoKey: 'this names no key of a Secret: write SECRET/KEY=value, with quotes around a value of several lines',
    Cut: 'the value has no quotes, so it would end at its #: write SECRET/KEY="value", or a space before a comment',
  };
  throw new InputError(`${file}:${first.line}: ${why[first.why]}`);
}

/** The storages of the cluster in the namespaces of the given ones. */
async function storagesOf(cluster: ClusterReader, { objects }: GivenObjects): Promise<readonly KubeObject[]> {
  const namespaces = [...new Set(objects.map(({ metadata }) => metadata.namespace ?? ''))];
  const lists = await Promise.all(
    namespaces.map((namespace) => readOrFail(cluster.storagesIn(namespace), 'the storages of the cluster')),
  );
  return lists.flat();
}

function openObserver(settings: ReturnType<typeof storeSettings>, opened: AsyncDisposableStack): Observer {
  const prober = createStoreProber({ ...settings, threadPoolSize: process.env['UV_THREADPOOL_SIZE'] });
  const progress = progressOn(process.stderr);
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupt);
  opened.defer(async () => {
    progress.end();
    await prober.stop();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, interrupt);
  });
  // Unlike the operator's, so that neither removes the objects of the other's probes.
  const uids = new Map<string, string>();
  return createProbingObserver({
    prober,
    signal: interrupted.signal,
    surveySalt: new Secret(randomBytes(16).toString('hex')),
    uid: (uid) => {
      const own = uids.get(uid) ?? randomUUID();
      uids.set(uid, own);
      return own;
    },
    onProgress: ({ begun, ended }) => progress.show(`Asking the buckets: ${ended} of ${begun} answered ...`),
  });
}
