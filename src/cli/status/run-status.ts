import { stringify } from 'yaml';
import type { InstanceStorage, TeamStorage } from '../../api/resources.ts';
import type { ClusterReader } from '../../app/cluster-reader.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { InputError } from '../input-error.ts';
import { openedCluster, readOrFail, type ClusterFlags } from '../opened-cluster.ts';
import { stylesFor } from '../terminal.ts';
import { named, overviewOf, storagesOf, type Overview } from './overview.ts';
import { renderStatus } from './render-status.ts';

/** Values of the flags of `byob status`, under commander's names. */
export interface StatusFlags extends ClusterFlags {
  readonly allNamespaces: boolean;
  readonly output: 'text' | 'json' | 'yaml';
  readonly watch: boolean;
}

/** Erases the screen of a terminal, and begins at its top. */
const CLEAR = '\u001b[2J\u001b[3J\u001b[H';

/** Prints how the storages are; with `--watch` again after each change, until the process is interrupted. */
export async function runStatus(name: string | undefined, flags: StatusFlags): Promise<ExitCode> {
  await using opened = new AsyncDisposableStack();
  const cluster = openedCluster(flags);
  opened.defer(() => cluster.close());
  const namespace = flags.allNamespaces ? undefined : (flags.namespace ?? cluster.namespace);
  const place = namespace === undefined ? 'the cluster' : `the namespace ${namespace}`;
  const first = chosen(await readOrFail(cluster.storagesIn(namespace), 'the storages of the cluster'), name, place);
  if (flags.watch) return await watched({ cluster, namespace, name, place, flags });
  process.stdout.write(shown(first, place, flags));
  return storagesOf(first).every(({ ready }) => ready?.status === 'True') ? EXIT.Good : EXIT.Failed;
}

function chosen(
  storages: readonly (InstanceStorage | TeamStorage)[],
  name: string | undefined,
  place: string,
): Overview {
  const all = overviewOf(storages);
  const overview = name === undefined ? all : named(name, all);
  if (name !== undefined && storagesOf(overview).length === 0) {
    throw new InputError(`${place} has no InstanceStorage and no TeamStorage named ${name}`);
  }
  return overview;
}

function shown(overview: Overview, place: string, { output }: StatusFlags): string {
  const data = { schemaVersion: 1, ...overview };
  if (output === 'json') return `${JSON.stringify(data, undefined, 2)}\n`;
  if (output === 'yaml') return stringify(data, { aliasDuplicateObjects: false });
  return renderStatus(overview, { ...stylesFor(process.stdout, process.env), place, now: Date.now() });
}

async function watched(given: {
  readonly cluster: ClusterReader;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly place: string;
  readonly flags: StatusFlags;
}): Promise<never> {
  const { cluster, namespace, name, place, flags } = given;
  const isTerminal = process.stdout.isTTY;
  return await cluster.watchStorages(namespace, {
    onChange(storages) {
      const all = overviewOf(storages);
      const text = shown(name === undefined ? all : named(name, all), place, flags);
      const separator = flags.output === 'yaml' ? '---\n' : '\n';
      process.stdout.write(isTerminal ? CLEAR + text : text + separator);
    },
    onInterruption: (reason) =>
      process.stderr.write(`the watch was interrupted (${reason}) and is opened again; what is shown may be old\n`),
  });
}
