import type { TeamStorage } from '../../api/resources.ts';
import { findCondition } from '../conditions/conditions.ts';

/**
 * Name of the InstanceStorage on whose bucket the team worked before it had its
 * own, as its status tells: W&B leaves the files from then where they are.
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
