import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { byob } from '../cli/byob.ts';

/** Words, without styles and without the places where lines are broken. */
function words(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

it('the picture of a terminal in the README shows what the commands in it print', async () => {
  const picture = readFileSync('docs/images/terminal.svg', 'utf8');
  expect(readFileSync('README.md', 'utf8')).toContain('docs/images/terminal.svg');
  const shown = [...picture.matchAll(/<text [^>]*>(.*)<\/text>/g)]
    .map(([, line = '']) => line.replaceAll(/<[^>]*>/g, ''))
    .map((line) => line.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'))
    .join('\n');
  const [, ...commands] = `\n${shown}`.split(/\n(?=\$ byob )/);
  expect(commands).toHaveLength(2);
  for (const command of commands) {
    const [line = '', ...output] = command.split('\n');
    const { stdout } = await byob(line.replace('$ byob ', '').split(' '), { cwd: 'docs/images/session' });
    expect(words(output.join('\n'))).toBe(words(stdout));
  }
});
