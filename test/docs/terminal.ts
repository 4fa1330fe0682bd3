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

/** Opens a terminal with our kubectl and mc before everything else on its `PATH`. */
export async function openTerminal(env: Readonly<Record<string, string>>): Promise<Terminal> {
  const { kubectl, mc } = await programs('kubectl', 'mc');
  const path = [dirname(kubectl), dirname(mc), dirname(process.execPath), process.env['PATH']].join(':');

  function enter(text: string): Promise<string> {
    return new Promise((resolve, reject) => {
      // The servers that a command leaves running do not write to our pipe: it ends with the command.
      const options = { env: { ...process.env, ...env, PATH: path }, maxBuffer: 64 * 1024 * 1024 };
      execFile('bash', ['-c', `set -euo pipefail; exec 2>&1\n${text}`], options, (error, printed) => {
        if (error === null) resolve(printed);
        else reject(new Error(`${text}\nended with ${String(error.code)} and printed:\n${printed}`));
      });
    });
  }

  async function until(text: string, isWanted: (printed: string) => boolean, seconds = 30): Promise<string> {
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

/** The blocks of commands on a page, in order. */
export function commandBlocks(page: string): readonly string[] {
  return BLOCKS.filter((block) => block.page === page && block.language === '').map(({ text }) => text);
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
