import { type Command, InvalidArgumentError, Option } from 'commander';
import { LEADER_ELECTION_TIMES, problemOfTimes, type LeaderElectionTimes } from '../app/run-operator.ts';
import { sha256 } from '../base/digest.ts';
import type { LabelSelector } from '../domain/shard/label-selector.ts';
import { parseDuration } from '../domain/validation/probe-schedule.ts';

/** Values of the flags of leader election, under commander's names. */
export interface LeaderElectionFlags {
  readonly leaderElect: boolean;
  readonly leaderElectionNamespace?: string;
  readonly leaderElectionId?: string;
  readonly leaderElectLeaseDuration: number;
  readonly leaderElectRenewDeadline: number;
  readonly leaderElectRetryPeriod: number;
}

/** Named as in kube-controller-manager, where it has the same flag. */
export function addLeaderElectionFlags(command: Command): Command {
  const { leaseMs, renewDeadlineMs, retryMs } = LEADER_ELECTION_TIMES;
  return command
    .option('--leader-elect', 'be active only while holding the Lease; needed with more than one replica', false)
    .addOption(
      new Option('--leader-election-namespace <name>', 'namespace of the Lease')
        .env('POD_NAMESPACE')
        .default(undefined, 'the first --namespace'),
    )
    .addOption(
      new Option('--leader-election-id <name>', 'name of the Lease').default(
        undefined,
        'byob-operator; with --watch-label-selector also a hash of it',
      ),
    )
    .addOption(
      durationOption(
        '--leader-elect-lease-duration',
        'how long other replicas wait for a leader that does not renew the Lease',
        leaseMs,
      ),
    )
    .addOption(
      durationOption(
        '--leader-elect-renew-deadline',
        'how long a leader that cannot renew its Lease stays active before it exits',
        renewDeadlineMs,
      ),
    )
    .addOption(
      durationOption('--leader-elect-retry-period', 'how often a replica tries to acquire or renew the Lease', retryMs),
    );
}

/** The Lease to hold; `undefined` without leader election. Exits with an error when the flags contradict each other. */
export function leaderElectionOf(
  flags: LeaderElectionFlags,
  of: { readonly namespace: string | undefined; readonly selector: LabelSelector | undefined },
  command: Command,
): { readonly namespace: string; readonly name: string; readonly times: LeaderElectionTimes } | undefined {
  if (!flags.leaderElect) return undefined;
  const times = {
    leaseMs: flags.leaderElectLeaseDuration,
    renewDeadlineMs: flags.leaderElectRenewDeadline,
    retryMs: flags.leaderElectRetryPeriod,
  };
  const problem = problemOfTimes(times);
  if (problem !== undefined) command.error(`error: ${problem}`);
  const namespace = flags.leaderElectionNamespace ?? of.namespace;
  if (namespace === undefined) {
    command.error('error: set the namespace of the Lease: --leader-election-namespace NAME');
  }
  return { namespace, name: flags.leaderElectionId ?? leaseName(of.selector), times };
}

/** Each shard has a leader of its own. Two notations of one selector are the same shard. */
function leaseName(selector: LabelSelector | undefined): string {
  return selector === undefined ? 'byob-operator' : `byob-operator-${sha256(selector.text).slice(0, 8)}`;
}

function durationOption(flag: string, says: string, milliseconds: number): Option {
  return new Option(`${flag} <duration>`, says)
    .argParser(parsePositive)
    .default(milliseconds, `${milliseconds / 1000}s`);
}

function parsePositive(value: string): number {
  const milliseconds = parseDuration(value);
  if (milliseconds === undefined || milliseconds <= 0) {
    throw new InvalidArgumentError('Write it as a duration, for example 15s or 500ms.');
  }
  return milliseconds;
}
