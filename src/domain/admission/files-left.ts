import type { TeamStorage } from '../../api/resources.ts';
import { findCondition } from '../conditions/conditions.ts';
import type { BoundRecord } from './world.ts';

/**
 * Name of the InstanceStorage whose bucket the team used before it had its own: W&B leaves the earlier files there. This
 * fact cannot be observed again. The ledger keeps it, and until the claim is bound, its status does.
 *
 * `records`: those of the claim, also of a former object with its name.
 */
export function filesLeftIn(team: TeamStorage, records: readonly BoundRecord[]): string | undefined {
  const kept = records.find(({ record }) => record.filesLeftIn !== undefined && isOfTeam(record.team, team));
  return kept?.record.filesLeftIn ?? filesLeftByStatus(team);
}

/** An object of the same name may belong to another team than its predecessor. */
function isOfTeam(recorded: string | undefined, { spec }: TeamStorage): boolean {
  return recorded === undefined || recorded === spec.team;
}

/** As the status of the team records it. */
export function filesLeftByStatus({ status }: TeamStorage): string | undefined {
  if (status === undefined) return undefined;
  const { conditions = [], instanceRef, isolation } = status;
  if (isolation?.filesLeftIn !== undefined) return isolation.filesLeftIn;
  const worked =
    findCondition(conditions, 'Isolated')?.reason === 'UsesInstanceBucket' &&
    findCondition(conditions, 'Ready')?.status === 'True';
  return worked ? instanceRef?.name : undefined;
}
