import { execFileSync } from 'node:child_process';
import { beforeAll, expect, it } from '@jest/globals';
import { installDebian } from '../../scripts/tools/debian.ts';
import { createProgram } from '../../src/cli/program.ts';

const PAGE = 'docs/man/byob.1';

beforeAll(() => installDebian({ groff: 'groff', man: 'man-db', mandoc: 'mandoc' }), 300_000);

it('is one that groff and mandoc format without a complaint', () => {
  expect(execFileSync('groff', ['-man', '-z', '-ww', PAGE], { encoding: 'utf8', stdio: 'pipe' })).toBe('');
  // Of style it says that lines are long and that there is no date.
  expect(execFileSync('mandoc', ['-T', 'lint', '-W', 'error', PAGE], { encoding: 'utf8' })).toBe('');
});

it('man shows every command with each of its flags', () => {
  const env = { ...process.env, MANWIDTH: '200', MAN_KEEP_FORMATTING: '', LC_ALL: 'C.UTF-8' };
  const shown = execFileSync('man', ['-l', PAGE], { encoding: 'utf8', env: { ...env, MANPAGER: 'cat' } });
  const program = createProgram();
  expect(program.commands.length).toBeGreaterThan(9);
  for (const command of program.commands) {
    expect(shown).toContain(`byob ${command.name()}`);
    const flags = command.options.map((option) => option.flags);
    expect([command.name(), flags.filter((one) => !shown.includes(one))]).toEqual([command.name(), []]);
  }
  for (const part of ['NAME', 'SYNOPSIS', 'EXIT STATUS', 'ENVIRONMENT', 'Examples:']) expect(shown).toContain(part);
});
