import { createSharing } from '../base/sharing.ts';
import type { CheckResult } from './check.ts';

/** Equal results of all objects, kept once: most objects are well, and their results say the same. */
export const shareResult = createSharing<CheckResult>(({ name, result, reason, message = '', remedy = '' }) =>
  // Not JSON, where the order of the fields counts: the API server sorts them.
  [name, result, reason, message, remedy].join('\n'),
);
