import { describe, expect, it } from '@jest/globals';
import { progressOn, stylesFor } from './terminal.ts';

const output = (isTTY: boolean) => {
  const written: string[] = [];
  return { isTTY, written, write: (text: string) => written.push(text) };
};

describe('colours', () => {
  it.each([
    ['a terminal', true, {}, true],
    ['a file or pipe', false, {}, false],
    ['a terminal with NO_COLOR', true, { NO_COLOR: '1' }, false],
    ['a terminal with an empty NO_COLOR, which does not count', true, { NO_COLOR: '' }, true],
    ['a terminal without colours', true, { TERM: 'dumb' }, false],
    ['a pipe whatever FORCE_COLOR says', false, { FORCE_COLOR: '1' }, false],
  ])('on %s', (_, isTTY, env, has) => {
    expect(stylesFor(output(isTTY), env).style('red', 'bad') !== 'bad').toBe(has);
  });
});

it('shows progress on a terminal alone, and takes it away', () => {
  const [terminal, pipe] = [output(true), output(false)];
  for (const one of [terminal, pipe]) {
    const progress = progressOn(one);
    progress.show('1 of 2');
    progress.end();
  }
  expect(terminal.written.join('').endsWith('1 of 2\r\u001b[2K')).toBe(true);
  expect(pipe.written).toEqual([]);
});
