import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

/** Rows of the table: what the document says, where it is done, and what shows it. */
const ROWS = [...readFileSync('docs/explanation/byob.md', 'utf8').matchAll(/^\| (.+?) *\| (.*?) *\| (.+?) *\|$/gm)]
  .slice(2)
  .map(([, says = '', where = '', shown = '']) => ({ says, where, shown }));

function paths(text: string): readonly string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, path = '']) => path);
}

describe('the BYOB document, sentence by sentence', () => {
  it('has a row for each', () => {
    expect(ROWS.length).toBeGreaterThanOrEqual(33);
  });

  it.each(ROWS)('"$says" names what does it', ({ where, shown }) => {
    const isOutside = shown.startsWith('outside: ');
    expect(paths(where).length > 0).toBe(!isOutside);
    for (const path of paths(where)) expect([path, existsSync(path)]).toEqual([path, true]);
  });

  it.each(ROWS.filter(({ shown }) => !shown.startsWith('outside: ')))(
    '"$says" names a test that exists',
    ({ shown }) => {
      const tests = [...shown.matchAll(/`([^`]+)`: `([^`]+)`/g)];
      expect(tests.length).toBeGreaterThan(0);
      expect(tests.map(([whole]) => whole).join('; ')).toBe(shown);
      for (const [, file = '', name = ''] of tests) expect(readFileSync(file, 'utf8')).toContain(name);
    },
  );
});
