import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const TOOLS = join(import.meta.dirname, '..', '..', 'tools');

/**
 * The folder of a Go module that tools/`pin` requires, for files that are read and
 * not built, such as CRDs. It is in Go's module cache, verified by the checksums of
 * go.sum.
 */
export function moduleFolder(pin: string, module: string): string {
  const env = { ...process.env, GOFLAGS: '-mod=readonly' };
  const answer = execFileSync('go', ['mod', 'download', '-json', module], { cwd: join(TOOLS, pin), env });
  return (JSON.parse(answer.toString()) as { readonly Dir: string }).Dir;
}
