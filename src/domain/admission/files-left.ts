import type { TeamStorage } from '../../api/resources.ts';
import { findCondition } from '../conditions/conditions.ts';

/**
 * Name of the InstanceStorage whose bucket the team used before it had its own, from its status. W&B leaves the earlier
 * files there.
 */
export function filesLeftIn({ status }: TeamStorage): string | undefined {
  if (status === undefined) return undefined;
  const { conditions = [], instanceRef, isolation } = status;
  if (isolation?.filesLeftIn !== undefined) return isolation.filesLeftIn;
  const worked =
    findCondition(conditions, 'Isolated')?.reason === 'UsesInstanceBucket' &&
    findCondition(conditions, 'Ready')?.status === 'True';
  return worked ? instanceRef?.name : undefined;
}
