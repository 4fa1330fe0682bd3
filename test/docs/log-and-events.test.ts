import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';

const page = readFileSync('docs/reference/log-and-events.md', 'utf8');
const sources = readdirSync('src', { withFileTypes: true, recursive: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'))
  .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));

/** Texts of a few words in quotes. */
function textsIn(code: string): readonly string[] {
  return [...code.matchAll(/'([^'\n]+)'/g)].map(([, text = '']) => text);
}

it('names each line of the log with its level', () => {
  const lines = sources.flatMap((source) =>
    [...source.matchAll(/\blog\.(debug|info|warn|error)\(([\s\S]*?)\);/g)].flatMap(([, level = '', call = '']) =>
      textsIn(call)
        .filter((text) => /^[a-z]+( |$)/.test(text) && !/^(error|none|missing)$/.test(text))
        .map((text) => ({ level, text })),
    ),
  );
  const documented = [...page.matchAll(/^\| `(\w+)`\s+\| ((?:`[^`]+`(?:, )?)+)\s+\|/gm)].flatMap(
    ([, level = '', messages = '']) => [...messages.matchAll(/`([^`]+)`/g)].map(([, text = '']) => ({ level, text })),
  );
  expect(lines.length).toBeGreaterThan(25);
  for (const line of lines) expect(documented).toContainEqual(line);
});

it('names what became of a published bucket as the log and the events do', () => {
  const trail = readFileSync('src/controllers/publication/publication-trail.ts', 'utf8');
  const [, lines = ''] = /const LINES = \{([\s\S]*?)\}/.exec(trail) ?? [];
  const reasons = [...lines.matchAll(/^ *(\w+): '([^']+)'/gm)];
  expect(reasons).toHaveLength(4);
  for (const [, reason = '', message = ''] of reasons) {
    expect(page).toContain(`\`${reason}\``);
    expect(page).toContain(`\`${message}\``);
  }
});
