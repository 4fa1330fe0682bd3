import type { InstanceStorage, TeamStorage } from '../../api/resources.ts';
import { createSharing } from '../../base/sharing.ts';
import { shareResult } from '../../checks/share-result.ts';
import type { Condition } from '../../domain/conditions/conditions.ts';

const shareCondition = createSharing<Condition>();

/**
 * The object with check results and conditions that are kept once for all objects: most objects are well, and all of
 * these say the same.
 */
export function withSharedStatus<T extends InstanceStorage | TeamStorage>(object: T): T {
  const { status } = object;
  if (status === undefined) return object;
  const { checks, conditions } = status;
  return {
    ...object,
    status: {
      ...status,
      ...(checks !== undefined && { checks: checks.map(shareResult) }),
      ...(conditions !== undefined && { conditions: conditions.map(shareCondition) }),
    },
  };
}
