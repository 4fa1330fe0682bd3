import { expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const page = readFileSync('docs/explanation/architecture.md', 'utf8');

function foldersUnder(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'generated')
    .flatMap(({ name }) => [join(folder, name), ...foldersUnder(join(folder, name))]);
}

it('says of every folder of src what it is for, and of no other', () => {
  const rows = [...page.matchAll(/^\| `(src\/[a-z0-9/-]+)`\s+\| (\S.*?)\s+\|$/gm)].map(([, folder]) => folder);
  expect(rows.toSorted()).toEqual(foldersUnder('src').toSorted());
});

it('names each queue of the operator in the table of events', () => {
  const queues = [...readFileSync('src/app/controllers.ts', 'utf8').matchAll(/createControllerQueue\('([a-z-]+)'/g)];
  expect(queues.length).toBeGreaterThan(0);
  for (const [, queue = ''] of queues) expect(page).toContain(`\`${queue}\``);
});
