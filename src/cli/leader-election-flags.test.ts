import { Command } from 'commander';
import { expect, it } from '@jest/globals';
import { parseLabelSelector } from '../domain/shard/label-selector.ts';
import { addLeaderElectionFlags, leaderElectionOf, type LeaderElectionFlags } from './leader-election-flags.ts';

function leaseOf(selector: string | undefined, ...args: readonly string[]): string | undefined {
  const command = addLeaderElectionFlags(new Command()).parse(['--leader-elect', ...args], { from: 'user' });
  const parsed = selector === undefined ? undefined : parseLabelSelector(selector);
  const of = { namespace: 'wandb', selector: parsed?.ok === true ? parsed.value : undefined };
  return leaderElectionOf(command.opts<LeaderElectionFlags>(), of, command)?.name;
}

it('each shard has a Lease of its own, in whatever notation its selector is written', () => {
  expect(leaseOf(undefined)).toBe('byob-operator');
  expect(leaseOf('shard=a')).toMatch(/^byob-operator-[0-9a-f]{8}$/);
  expect(leaseOf('shard in (a)')).toBe(leaseOf('shard=a'));
  expect(leaseOf('shard=b')).not.toBe(leaseOf('shard=a'));
});

it('a name that is given is used as it is', () => {
  expect(leaseOf('shard=a', '--leader-election-id=mine')).toBe('mine');
});
