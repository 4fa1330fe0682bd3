import type { Command } from 'commander';
import { EXPLAINED } from '../explain/page.ts';
import { bashCompletion } from './bash.ts';
import { commandNode } from './command-node.ts';
import { fishCompletion } from './fish.ts';
import type { Shell } from './shells.ts';
import { zshCompletion } from './zsh.ts';

const SCRIPTS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const satisfies Readonly<
  Record<Shell, unknown>
>;

/** The script by which a shell completes a program, its flags, their values and the names that `explain` knows. */
export function completionFor(shell: Shell, program: Command): string {
  return SCRIPTS[shell](commandNode(program, { explain: EXPLAINED.toSorted() }));
}
