import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const TOOLS = join(import.meta.dirname, '..', '..', 'tools');

/** The version of a Go module that tools/`pin` requires, to be displayed: a release, or date and commit of a version without one. */
export function moduleVersion(pin: string, module: string): string {
  const lines = readFileSync(join(TOOLS, pin, 'go.mod'), 'utf8').split('\n');
  const words = lines.map((line) => line.replace(/^(require)?\s+/, '').split(' '));
  const version = words.find(([name, at]) => name === module && at?.startsWith('v') === true)?.[1];
  if (version === undefined) throw new Error(`tools/${pin}/go.mod does not require ${module}`);
  const [, day, commit] = /-(?:0\.)?(\d{8})\d{6}-([0-9a-f]{12})$/.exec(version) ?? [];
  if (day === undefined) return version.slice(1);
  return `commit ${commit ?? ''} of ${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`;
}
