/**
 * Who must act before another try can succeed; it decides when that try comes.
 *
 * - `spec`: the object itself is wrong; only an edit helps.
 * - `reference`: something that it names is not there yet; others may still be creating it.
 * - `external`: the store refuses; somebody changes a policy, a key or a rule there.
 * - `transient`: a fault that passes by itself.
 */
export type FailureClass = 'spec' | 'reference' | 'external' | 'transient';

/** Something that keeps a storage from being usable, told to the person who can mend it. */
export interface Problem {
  /** CamelCase, from the catalogue of reasons. */
  readonly reason: string;
  /** What is wrong, and where. */
  readonly message: string;
  /** The exact action that mends it. */
  readonly remedy?: string;
  readonly failureClass: FailureClass;
}

/** Message and remedy as one text, as conditions and events show it. */
export function explainProblem(problem: Pick<Problem, 'message' | 'remedy'>): string {
  return problem.remedy === undefined ? problem.message : `${problem.message} ${problem.remedy}`;
}
