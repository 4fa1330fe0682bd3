import { DELIVERY_REASONS } from '../delivery/reasons.ts';
import type { ConditionDraft } from '../conditions/conditions.ts';
import { MAX_FILE_STORES_BYTES } from './file-stores.ts';

/** From this share on an administrator is warned: there is still time to make room. */
const WARN_FROM = 0.75;

/**
 * Warns before newcomers are refused (`FileStoresFull`). The share is rounded to steps of 5 %, so that the message does
 * not change with each new team.
 */
export function fileStoresFilling(bytes: number): ConditionDraft | undefined {
  const share = bytes / MAX_FILE_STORES_BYTES;
  if (share < WARN_FROM) return undefined;
  const percent = Math.floor((share * 100) / 5) * 5;
  const { condition: type, status, remedy } = DELIVERY_REASONS.FileStoresNearlyFull;
  return {
    type,
    status,
    reason: 'FileStoresNearlyFull',
    message: `The file stores take ${percent} % or more of the ${MAX_FILE_STORES_BYTES} bytes that an environment variable can hold. A new entry that does not fit will be refused. ${remedy}`,
  };
}
