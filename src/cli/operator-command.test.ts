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

it('refuses a label selector that is none, and says what is wrong with it', () => {
  expect(refusalOf('--watch-label-selector', 'shard in a')).toContain(
    '"shard in a" is no requirement: write key=value, key!=value',
  );
  expect(refusalOf('--watch-label-selector', 'app.kubernetes.io/instance=x')).toContain('choose a label of your own');
});
