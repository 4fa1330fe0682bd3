import type { TeamStorage } from '../api/resources.ts';
import { compare } from './ledger.ts';
import type { Problem } from './problem.ts';

/** A claim in the order of precedence (design 5): bound before unbound, then older, then by name. */
function precedence(team: TeamStorage, isBound: (uid: string) => boolean): string {
  const { uid = '', creationTimestamp = '', name } = team.metadata;
  return `${isBound(uid) ? '0' : '1'}|${creationTimestamp}|${name}`;
}

/**
 * The rival that keeps `team` from being accepted: another live claim on the
 * same W&B team with precedence. The incumbent is never touched.
 */
export function teamConflict(
  team: TeamStorage,
  others: readonly TeamStorage[],
  isBound: (uid: string) => boolean,
): Problem | undefined {
  const own = precedence(team, isBound);
  const rival = others
    .filter((other) => other.metadata.uid !== team.metadata.uid && other.spec.team === team.spec.team)
    .filter((other) => compare(precedence(other, isBound), own) < 0)
    .sort((left, right) => compare(precedence(left, isBound), precedence(right, isBound)))[0];
  if (rival === undefined) return undefined;
  return {
    reason: 'TeamConflict',
    message: `Team ${team.spec.team} is already claimed by TeamStorage ${rival.metadata.name}.`,
    remedy: `Delete one of the two, or correct spec.team; W&B has one storage for a team.`,
    failureClass: 'reference',
  };
}
