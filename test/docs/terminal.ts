import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { programs } from '../../scripts/tools/build.ts';
import { BLOCKS } from './pages.ts';

/** A terminal in which a user enters the commands of a page. */
export interface Terminal {
  /** Runs text in bash as it stands; what it prints, both streams. A command that fails is an error with its output. */
  enter(text: string): Promise<string>;
  /** Enters a command again and again until what it prints is as wanted. */
  until(text: string, isWanted: (printed: string) => boolean, seconds?: number): Promise<string>;
}

/** Opens a terminal with our kubectl and mc before everything else on its `PATH`, in the repository or another folder. */
export async function openTerminal(env: Readonly<Record<string, string>>, cwd = '.'): Promise<Terminal> {
  const { kubectl, mc } = await programs('kubectl', 'mc');
  const path = [dirname(kubectl), dirname(mc), dirname(process.execPath), process.env['PATH']].join(':');

  const options = { cwd, env: { ...process.env, ...env, PATH: path } };

  function enter(text: string): Promise<string> {
    return new Promise((resolve, reject) => {
      // The servers that a command leaves running do not write to our pipe: it ends with the command.
      const script = `set -euo pipefail; exec 2>&1\n${text}`;
      execFile('bash', ['-c', script], { ...options, maxBuffer: 64 * 1024 * 1024 }, (error, printed) => {
        if (error === null) resolve(printed);
        else reject(new Error(`${text}\nended with ${String(error.code)} and printed:\n${printed}`));
      });
    });
  }

  async function until(text: string, isWanted: (printed: string) => boolean, seconds = 120): Promise<string> {
    const deadline = Date.now() + seconds * 1000;
    for (;;) {
      const printed = await enter(text);
      if (isWanted(printed)) return printed;
      if (Date.now() > deadline) throw new Error(`${text}\nstill prints:\n${printed}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  return { enter, until };
}

/** The blocks of commands on a page; each is to be entered once at least. */
export interface CommandPage {
  /** The one block that begins with this text. */
  block(beginning: string): string;
  /** Blocks that nobody asked for. */
  left(): readonly string[];
}

/** `changes`: what a reader puts in place of the page's examples, in this order. */
export function openPage(path: string, changes: readonly (readonly [string, string])[] = []): CommandPage {
  const blocks = BLOCKS.filter(({ page, language }) => page === path && language === '').map(({ text }) => text);
  const used = new Set<string>();
  return {
    block(beginning) {
      const found = blocks.filter((text) => text.startsWith(beginning));
      const [text = ''] = found;
      if (found.length !== 1) throw new Error(`${found.length} blocks of ${path} begin with ${beginning}`);
      used.add(text);
      return changes.reduce((changed, [example, own]) => changed.replaceAll(example, own), text);
    },
    left: () => blocks.filter((text) => !used.has(text)),
  };
}

/** The rows of a table that kubectl prints, each with its columns by their headings. */
export function tableOf(printed: string): readonly Readonly<Record<string, string>>[] {
  const [heading = '', ...lines] = printed.split('\n').filter((line) => line.trim() !== '');
  const columns = [...heading.matchAll(/\S+(?: \S+)*\s*/g)].map(({ 0: text, index }) => ({ name: text.trim(), index }));
  return lines.map((line) =>
    Object.fromEntries(
      columns.map(({ name, index }, at) => [name, line.slice(index, columns[at + 1]?.index ?? line.length).trim()]),
    ),
  );
}
