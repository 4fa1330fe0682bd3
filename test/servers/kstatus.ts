import { execFileSync } from 'node:child_process';
import { programs } from '../../scripts/tools/build.ts';

/** What Flux, Argo CD and Helm would make of an object. */
export interface ObjectStatus {
  readonly status: 'Current' | 'InProgress' | 'Failed' | 'Terminating' | 'NotFound' | 'Unknown';
  readonly message: string;
}

/** Computes statuses with the real Go library (`tools/kstatus`). */
export async function kstatus(objects: readonly unknown[]): Promise<readonly ObjectStatus[]> {
  if (objects.length === 0) return [];
  const paths = await programs('kstatus');
  const input = objects.map((object) => JSON.stringify(object)).join('\n');
  const output = execFileSync(paths.kstatus, { input, encoding: 'utf8', maxBuffer: 1 << 26 });
  return output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as ObjectStatus);
}
