import { expect, it } from '@jest/globals';
import { operatorCommand } from './operator-command.ts';

/** What the command says of arguments that it refuses. */
function refusalOf(...args: readonly string[]): string {
  let said = '';
  const command = operatorCommand()
    .exitOverride()
    .configureOutput({ writeErr: (text) => void (said += text) });
  expect(() => command.parse([...args], { from: 'user' })).toThrow();
  return said;
}

it.each([
  ['--health-address', '127.0.0.1'],
  ['--metrics-address', ':70000'],
])('refuses the address %s %s', (flag, value) => {
  expect(refusalOf(flag, value)).toContain('Write it as host:port');
});
