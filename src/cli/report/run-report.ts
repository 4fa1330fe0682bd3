import { writeFile } from 'node:fs/promises';
import { VERSION } from '../../app/version.ts';
import { checkManifests } from '../../dry-run/findings/check-manifests.ts';
import { exitCodeOf } from '../check/rendered.ts';
import { withDryRun } from '../dry-run-of-flags.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { InputError } from '../input-error.ts';
import { nameOfFile, writable } from '../manifest-files.ts';
import { openedCluster, readOrFail } from '../opened-cluster.ts';
import { renderedOutputs } from '../render/rendered-outputs.ts';
import { DEFAULT_NAMESPACE, type StorageFlags } from '../storage-flags.ts';
import { bucketMap } from './bucket-map.ts';
import { clusterStorages } from './cluster-storages.ts';
import { fileStorages, lineOf } from './file-storages.ts';
import { headline } from './headline.ts';
import { renderReport } from './page.ts';
import type { Report } from './report.ts';

/** Values of the flags of `byob report`, under commander's names. */
export interface ReportFlags extends Omit<StorageFlags, 'filename' | 'namespace'> {
  readonly html: string;
  readonly allNamespaces: boolean;
  readonly filename?: readonly string[];
  readonly namespace?: string;
}

interface Gathered {
  readonly report: Report;
  readonly exitCode: ExitCode;
}

/** Writes the page about the storages that the flags name. */
export async function runReport(flags: ReportFlags): Promise<ExitCode> {
  const { filename } = flags;
  const { report, exitCode } = filename === undefined ? await ofCluster(flags) : await ofFiles({ ...flags, filename });
  const page = renderReport(report);
  if (flags.html === '-') {
    process.stdout.write(page);
    return exitCode;
  }
  await writable(flags.html, writeFile(flags.html, page));
  process.stdout.write(`${headline(report)} See ${flags.html}.\n`);
  return exitCode;
}

async function ofCluster(flags: ReportFlags): Promise<Gathered> {
  for (const [isSet, flag] of [
    [flags.live, '--live'],
    [flags.cluster, '--cluster'],
    [flags.recursive, '--recursive'],
    [flags.envFile !== undefined, '--env-file'],
  ] as const) {
    if (isSet) throw new InputError(`${flag} needs --filename: it is about manifests`);
  }
  await using opened = new AsyncDisposableStack();
  const cluster = openedCluster(flags);
  opened.defer(() => cluster.close());
  const namespace = flags.allNamespaces ? undefined : (flags.namespace ?? cluster.namespace);
  const found = await readOrFail(cluster.storagesIn(namespace), 'the storages of the cluster');
  const storages = clusterStorages(found);
  const { context } = cluster;
  return {
    report: {
      ...{ now: Date.now(), version: VERSION, storages, unreadable: [], map: bucketMap(found), outputs: [] },
      source: { kind: 'Cluster', context, ...(namespace !== undefined && { namespace }) },
    },
    exitCode: storages.every(({ view }) => view.ready?.status === 'True') ? EXIT.Good : EXIT.Failed,
  };
}

async function ofFiles(flags: ReportFlags & { readonly filename: readonly string[] }): Promise<Gathered> {
  if (flags.allNamespaces) throw new InputError('--all-namespaces is about a cluster, and --filename about manifests');
  const { filename, live: isLive, namespace = DEFAULT_NAMESPACE } = flags;
  const { report, run } = await withDryRun({ ...flags, namespace }, ({ given, unreadable, options }) =>
    checkManifests(given, unreadable, options),
  );
  return {
    report: {
      ...{ now: Date.now(), version: VERSION },
      source: { kind: 'Files', files: filename.map(nameOfFile), isLive },
      storages: fileStorages(report, run.storages),
      unreadable: report.files.map(lineOf),
      map: bucketMap(run.storages),
      outputs: renderedOutputs(run.outputs, { showsSecrets: false }),
    },
    exitCode: exitCodeOf(report),
  };
}
