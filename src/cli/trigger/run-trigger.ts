import { setTimeout as wait } from 'node:timers/promises';
import { INSTANCE_STORAGES, TEAM_STORAGES, type InstanceStorage, type TeamStorage } from '../../api/resources.ts';
import type { ClusterReader } from '../../app/cluster-reader.ts';
import { findCondition } from '../../domain/conditions/conditions.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { InputError } from '../input-error.ts';
import { openedCluster, readOrFail, type ClusterFlags } from '../opened-cluster.ts';
import { printable } from '../printable.ts';
import { problemsOf } from '../status/problems.ts';
import { problemLines } from '../status/render-status.ts';
import { progressOn, stylesFor } from '../terminal.ts';
import { isAnswered } from './is-answered.ts';
import { parseWanted } from './wanted-storage.ts';

type Storage = InstanceStorage | TeamStorage;

/** Values of the flags of `byob trigger`, under commander's names. */
export interface TriggerFlags extends ClusterFlags {
  /** Milliseconds. */
  readonly timeout: number;
}

/** Between two looks at the status. A watch would first list the storages of the whole namespace. */
const LOOK_MS = 500;

/** Asks the operator for a validation, waits for its answer, and prints it. */
export async function runTrigger(name: string, flags: TriggerFlags): Promise<ExitCode> {
  await using opened = new AsyncDisposableStack();
  const cluster = openedCluster(flags);
  opened.defer(() => cluster.close());
  const storage = await wantedStorage(cluster, name, flags.namespace ?? cluster.namespace);
  if (storage.spec.suspend === true) {
    throw new InputError(`${textOf(storage)} is suspended: it is validated after spec.suspend is removed`);
  }
  const request = new Date().toISOString();
  await readOrFail(cluster.requestValidation(storage, request), `the annotation of ${textOf(storage)}`, 'set');
  const progress = progressOn(process.stderr);
  progress.show(`Waiting for the validation of ${textOf(storage)} ...`);
  opened.defer(() => progress.end());
  const answer = await answerOf(cluster, storage, { request, timeoutMs: flags.timeout });
  progress.end();
  return print(answer);
}

async function wantedStorage(cluster: ClusterReader, text: string, namespace: string): Promise<Storage> {
  const wanted = parseWanted(text);
  if (wanted === undefined) {
    throw new InputError(`${text} names no storage: write NAME, InstanceStorage/NAME or TeamStorage/NAME`);
  }
  const all = await readOrFail(cluster.storagesIn(namespace), 'the storages of the cluster');
  const found = all.filter(({ kind, metadata }) => metadata.name === wanted.name && (wanted.kind ?? kind) === kind);
  const [only] = found;
  if (only === undefined) throw new InputError(`the namespace ${namespace} has no storage ${text}`);
  if (found.length > 1) {
    throw new InputError(
      `the namespace ${namespace} has two storages ${text}: write InstanceStorage/${text} or TeamStorage/${text}`,
    );
  }
  return only;
}

async function answerOf(
  cluster: ClusterReader,
  storage: Storage,
  { request, timeoutMs }: { readonly request: string; readonly timeoutMs: number },
): Promise<Storage> {
  const { name, namespace = '' } = storage.metadata;
  const type = storage.kind === 'InstanceStorage' ? INSTANCE_STORAGES : TEAM_STORAGES;
  const until = performance.now() + timeoutMs;
  for (;;) {
    const found = await cluster.get<Storage>(type, { namespace, name });
    if (found.ok && isAnswered(found.value, request)) return found.value;
    // A server that does not answer may do so at the next look; a refusal stays one.
    if (!found.ok && found.error.status >= 400 && found.error.status < 500 && found.error.status !== 429) {
      return await readOrFail(Promise.resolve(found), textOf(storage));
    }
    if (performance.now() >= until) {
      throw new InputError(
        `${textOf(storage)} was not validated in time. Check that the operator runs and watches the namespace, or set a longer --timeout`,
      );
    }
    await wait(LOOK_MS);
  }
}

function print(storage: Storage): ExitCode {
  const styles = stylesFor(process.stdout, process.env);
  const ready = findCondition(storage.status?.conditions ?? [], 'Ready');
  const lines = [
    `${textOf(storage)}: Ready=${ready?.status ?? 'Unknown'} ${styles.style('bold', ready?.reason ?? '')}`.trimEnd(),
    ...problemLines({ problems: printable(problemsOf(storage)) }, '  ', styles),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  if (ready?.status === 'True') return EXIT.Good;
  return ready?.status === 'False' ? EXIT.Failed : EXIT.Undecided;
}

function textOf({ kind, metadata: { namespace = '', name } }: Storage): string {
  return `${kind} ${namespace}/${name}`;
}
