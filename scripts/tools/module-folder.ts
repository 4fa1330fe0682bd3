import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const TOOLS = join(import.meta.dirname, '..', '..', 'tools');

/**
 * Where the files of a Go module are that tools/`pin` requires, for what is not
 * built but read, such as CRDs: fetched into Go's own cache, and held against
 * the checksums of go.sum.
 */
export function moduleFolder(pin: string, module: string): string {
  const env = { ...process.env, GOFLAGS: '-mod=readonly' };
  const answer = execFileSync('go', ['mod', 'download', '-json', module], { cwd: join(TOOLS, pin), env });
  return (JSON.parse(answer.toString()) as { readonly Dir: string }).Dir;
}
