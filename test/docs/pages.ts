import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A page of the documentation. */
export interface Page {
  readonly path: string;
  readonly text: string;
}

/** A fenced block of a page. */
export interface Block {
  readonly page: string;
  /** Word after the fence: `yaml`, or nothing for commands. */
  readonly language: string;
  readonly text: string;
}

/** Everything that people read, apart from generated pages' sources. */
export const PAGES: readonly Page[] = [
  ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md'],
  ...markdownIn('docs'),
  ...markdownIn('charts'),
].map((path) => ({ path, text: readFileSync(path, 'utf8') }));

function markdownIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Fenced blocks, without the indentation of the list that they may stand in. */
export const BLOCKS: readonly Block[] = PAGES.flatMap(({ path, text }) =>
  [...text.matchAll(/^( *)```(\w*)\n([\s\S]*?)^\1```$/gm)].map(([, indent = '', language = '', body = '']) => ({
    page: path,
    language,
    text: body
      .split('\n')
      .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line))
      .join('\n'),
  })),
);

/** Links of a page to files of this repository, with their anchors. */
export function linksOf({ text }: Page): readonly { readonly file: string; readonly anchor: string }[] {
  const prose = text.replace(/^( *)```[\s\S]*?^\1```$/gm, '').replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => ({ file: target.split('#')[0] ?? '', anchor: target.split('#')[1] ?? '' }));
}

/** Anchors that a page has, as they are made of its headings. */
export function anchorsOf(text: string): ReadonlySet<string> {
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[`*]/g, '')
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replace(/\s/g, '-'),
    ),
  );
}

/** Commands of a block without a language, continued lines joined, comments and prompts taken away. */
export function commandsOf({ text }: Block): readonly string[] {
  return text
    .replace(/\\\n\s*/g, ' ')
    .replace(/<<EOF\n[\s\S]*?\nEOF$/gm, '<<EOF')
    .split('\n')
    .map((line) =>
      line
        .replace(/^\$ /, '')
        .replace(/\s+# .*$/, '')
        .trim(),
    )
    .filter((line) => /^(kubectl|helm|npm|byob|flux|docker|node) /.test(line));
}
