import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';

/** Rows of the table of attacks: what it is, the file of a test, and its name. */
const ROWS = [
  ...readFileSync('docs/explanation/security.md', 'utf8').matchAll(/^\| (.+?) +\| `([^`]+)`: `([^`]+)` +\|$/gm),
].map(([, attack = '', file = '', test = '']) => ({ attack, file, test }));

it('the table of attacks has its rows', () => {
  expect(ROWS.length).toBeGreaterThan(30);
});

it.each(ROWS)('against "$attack" there is the test that the documentation names', ({ file, test }) => {
  expect(existsSync(file)).toBe(true);
  expect(readFileSync(file, 'utf8')).toContain(test);
});
