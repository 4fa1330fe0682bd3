import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { CLAIM_STATES } from '../../src/domain/publication/claim-state.ts';

/** The cells of the table whose header names these columns. */
function tableWith(markdown: string, ...columns: readonly string[]): readonly (readonly string[])[] {
  const lines = markdown.split('\n');
  const rows = (at: number): readonly string[] => {
    const end = lines.findIndex((line, index) => index > at && !line.startsWith('|'));
    return lines.slice(at, end);
  };
  const header = lines.findIndex((line) => columns.every((column) => line.startsWith('|') && line.includes(column)));
  return rows(header)
    .slice(2)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

it('the table of states in the documentation is the one in the code', () => {
  const page = readFileSync('docs/explanation/publishing.md', 'utf8');
  const documented = tableWith(page, 'its spec leads to', 'incarnation', 'state').map(
    ([object = '', leads = '', incarnation = '', policy = '', state = '']) => ({
      resolves: object === 'gone' ? 'Gone' : [...leads.matchAll(/`(\w+)`/g)].map(([, name]) => name),
      incarnation: incarnation.replace(/^./, (letter) => letter.toUpperCase()),
      policy: policy.replaceAll('`', '').replace('any', 'Any'),
      state: state.replaceAll('`', ''),
    }),
  );
  expect(documented).toEqual(CLAIM_STATES);
});
