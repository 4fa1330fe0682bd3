import { openCluster, type ClusterReader } from '../app/cluster-reader.ts';
import { defined } from '../base/defined.ts';
import type { Result } from '../base/result.ts';
import { InputError } from './input-error.ts';
import { causeText } from './manifest-files.ts';

/** Values of the flags that name a cluster, under commander's names. */
export interface ClusterFlags {
  readonly namespace?: string;
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** Opens the cluster that the flags name. */
export function openedCluster(flags: Pick<ClusterFlags, 'kubeconfig' | 'context'>): ClusterReader {
  try {
    return openCluster(defined({ kubeconfig: flags.kubeconfig, context: flags.context }));
  } catch (cause) {
    const message = Error.isError(cause) ? cause.message : 'unknown error';
    const file = flags.kubeconfig === undefined ? '' : ` ${flags.kubeconfig}`;
    throw new InputError(`cannot use the kubeconfig${file}: ${causeText(cause) ?? message}`, { cause });
  }
}

/** The answer of a cluster; a refusal is reported in one line. `what` it is about: `the storages of the cluster`. */
export async function readOrFail<T>(
  call: Promise<Result<T, { readonly status: number; readonly reason: string; readonly message: string }>>,
  what: string,
  verb: 'read' | 'set' = 'read',
): Promise<T> {
  const answer = await call;
  if (answer.ok) return answer.value;
  const { status, reason, message } = answer.error;
  if (status > 0) throw new InputError(`cannot ${verb} ${what}: ${message} (${status})`);
  const remedy = 'kubectl cluster-info shows which cluster the kubeconfig names, and whether it answers';
  throw new InputError(`cannot ${verb} ${what}: ${message} (${reason}); ${remedy}`);
}
