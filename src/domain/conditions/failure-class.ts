/**
 * Who must act before another try can succeed. It also determines when that try is made.
 *
 * - `spec`: the object itself is wrong; only an edit helps.
 * - `reference`: a referenced object is missing or wrong; it may still be on its way.
 * - `external`: the store refuses: a policy, a key or a rule has to change there.
 * - `transient`: a fault that usually passes by itself.
 */
export type FailureClass = 'spec' | 'reference' | 'external' | 'transient';

/** When another try is made, for documentation; the times are in `domain/validation/probe-schedule.ts`. */
export const RETRIES: Readonly<Record<FailureClass, string>> = {
  spec: 'waits for an edit of the object',
  reference: 'is tried again within half a minute, and at once when the object that is missing appears',
  external: 'is tried again after 30 s, 1, 2, 5 and then every 10 minutes',
  transient: 'is tried again after seconds, then ever more slowly',
};
