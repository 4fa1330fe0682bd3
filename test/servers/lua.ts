import { execFileSync } from 'node:child_process';
import { programs } from '../../scripts/tools/build.ts';

/** Runs a script on each object, by the interpreter and with the libraries that Argo CD gives it (`tools/lua`). */
export async function runLua<T>(script: string, objects: readonly unknown[]): Promise<readonly T[]> {
  const { lua } = await programs('lua');
  const input = objects.map((obj) => JSON.stringify({ script, obj })).join('\n');
  const output = execFileSync(lua, { input, encoding: 'utf8', maxBuffer: 1 << 26 });
  return output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}
