import type { InstanceStorage, TeamStorage } from '../../api/resources.ts';
import { createSharing, createTextSharing, shareTextsIn } from '../../base/sharing.ts';
import { shareResult } from '../../checks/share-result.ts';
import type { Condition } from '../../domain/conditions/conditions.ts';

const shareCondition = createSharing<Condition>();

const shareText = createTextSharing();

/**
 * The object with check results, conditions and texts that are kept once for all objects: most objects are well, and all
 * of these say the same. `object`: as it was parsed from JSON, and not used yet.
 */
export function withSharedParts<T extends InstanceStorage | TeamStorage>(object: T): T {
  // Without the metadata: a UID is never equal to another one, and would be held when its object is gone.
  const { spec, status } = object;
  shareTextsIn(spec, shareText);
  shareTextsIn(status, shareText);
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
