import type { TeamStorage } from '../../api/resources.ts';
import { compare } from '../publication/ledger.ts';
import type { Problem } from '../conditions/problem.ts';
import { precedence, type Standing } from './claim-order.ts';

/**
 * The rival that keeps `team` from being accepted: another live claim on the same W&B team with precedence. The rival
 * itself is not affected.
 */
export function teamConflict(
  team: TeamStorage,
  others: readonly TeamStorage[],
  standingOf: (team: TeamStorage) => Standing,
): Problem | undefined {
  const rivals = others.filter(
    (other) => other.metadata.uid !== team.metadata.uid && other.spec.team === team.spec.team,
  );
  if (rivals.length === 0) return undefined;
  const standing = standingOf(team);
  const own = precedence(team, standing);
  const [first] = rivals
    .map((rival) => ({ rival, rank: precedence(rival, standingOf(rival)) }))
    .filter(({ rank }) => compare(rank, own) < 0)
    .sort((left, right) => compare(left.rank, right.rank));
  if (first === undefined) return undefined;
  const { rival } = first;
  const isInUse = standingOf(rival).bound !== undefined;
  return {
    reason: 'TeamConflict',
    message: `Team ${team.spec.team} is already claimed by TeamStorage ${rival.metadata.name}${isInUse ? ', which is published' : ''}.`,
    remedy:
      standing.bound === undefined
        ? `Correct spec.team, or delete this TeamStorage, ${team.metadata.name}: W&B has one storage for a team.`
        : `Before you delete anything, check in the team's settings in W&B which bucket the team has. This TeamStorage, ${team.metadata.name}, is published as well. Then delete the one whose bucket the team does not have.`,
    failureClass: 'reference',
  };
}
