import type { Line, ReportedStorage } from './report.ts';

/** One thing to fix, for all storages with the same reason. */
export interface Task {
  /** Of the first storage. */
  readonly line: Line;
  /** All have the same text. */
  readonly isSame: boolean;
  readonly concerned: readonly ReportedStorage[];
}

const URGENCY = { Fail: 0, Unknown: 1, Warn: 2, Skip: 3, Pass: 4 } as const;

/** What is to be done: what fails comes first, instances before teams, then what W&B has no config for. */
export function tasksOf(storages: readonly ReportedStorage[]): readonly Task[] {
  const all = storages.flatMap((storage) => causesOf(storage).map((line) => ({ line, storage })));
  const groups = Map.groupBy(all, ({ line }) => `${line.name}/${line.reason}/${line.result}`);
  return [...groups.values()]
    .flatMap((members) => {
      const [first] = members;
      if (first === undefined) return [];
      const { line } = first;
      const isSame = members.every((one) => one.line.message === line.message && one.line.remedy === line.remedy);
      return [{ line, isSame, concerned: members.map(({ storage }) => storage) }];
    })
    .toSorted((left, right) => rankOf(left) - rankOf(right));
}

/** Reasons that follow from another one of the same storage or of its instance: fixing that is the task. */
const FOLLOWING = new Set(['AwaitingProof', 'LastKnownGood', 'PrerequisiteFailed', 'InstanceNotReady']);

function causesOf({ open }: ReportedStorage): readonly Line[] {
  const causes = open.filter(({ reason }) => !FOLLOWING.has(reason));
  return causes.length === 0 ? open : causes;
}

function rankOf({ line, concerned }: Task): number {
  const hasInstance = concerned.some(({ view }) => view.kind === 'InstanceStorage');
  const isCutOff = concerned.some(({ view }) => view.published?.status === 'False');
  return URGENCY[line.result] * 4 + (hasInstance ? 0 : 2) + (isCutOff ? 0 : 1);
}
