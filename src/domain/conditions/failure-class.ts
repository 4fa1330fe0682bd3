/**
 * Who must act before another try can succeed. It also determines when that try is made.
 *
 * - `spec`: the object itself is wrong; only an edit helps.
 * - `reference`: a referenced object is missing or wrong; it may still be on its way.
 * - `external`: the store refuses: a policy, a key or a rule has to change there.
 * - `transient`: a fault that usually passes by itself.
 */
export type FailureClass = 'spec' | 'reference' | 'external' | 'transient';
