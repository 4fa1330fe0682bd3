import type { ClassOf, ConditionReasonName } from './reasons.ts';

interface ProblemText {
  /** What is wrong, and where. */
  readonly message: string;
  /** The exact action that fixes it. */
  readonly remedy?: string;
}

/** A reason of the catalogue with a class that the catalogue gives it. */
interface ProblemOf<Name extends ConditionReasonName> extends ProblemText {
  readonly reason: Name;
  /** Who must act before another try can succeed. */
  readonly failureClass: ClassOf<Name>;
}

type ProblemReason = {
  [Name in ConditionReasonName]: [ClassOf<Name>] extends [never] ? never : Name;
}[ConditionReasonName];

/** A fault that keeps a storage from being usable, described for the user who can fix it. */
export type Problem = { [Name in ProblemReason]: ProblemOf<Name> }[ProblemReason];

/** Message and remedy as one text, for conditions and events. */
export function explainProblem(problem: ProblemText): string {
  return problem.remedy === undefined ? problem.message : `${problem.message} ${problem.remedy}`;
}
