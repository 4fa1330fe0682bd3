/**
 * Who must act before another try can succeed; it decides when that try comes.
 *
 * - `spec`: the object itself is wrong; only an edit helps.
 * - `reference`: something that it names is not there yet; others may still be creating it.
 * - `external`: the store refuses: a policy, a key or a rule has to change there.
 * - `transient`: a fault that passes by itself.
 */
export type FailureClass = 'spec' | 'reference' | 'external' | 'transient';
