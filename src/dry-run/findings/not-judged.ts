import type { StorageObject } from '../../controllers/storage/resolved-storage.ts';
import type { ConditionType } from '../../domain/conditions/condition-table.ts';
import type { UnplacedFinding } from './check-report.ts';

/** The reason for conditions that files cannot decide. */
export const NOT_JUDGED = {
  NotJudged: {
    meaning: 'The condition is about the running server or about W&B, so byob check does not judge it.',
    remedy: 'Apply the storage, and see the condition in byob status.',
  },
} as const;

/** Conditions that the operator decides by what it reads of Deployments, of W&B resources and of W&B itself. */
const OF_RUNNING_SERVER: ReadonlySet<string> = new Set<ConditionType>(['Delivered', 'RolledOut', 'Provisioned']);

/** Whether a condition is about the running server: one that an object has already says nothing of the new spec. */
export function isOfRunningServer(condition: string): boolean {
  return OF_RUNNING_SERVER.has(condition);
}

/** Fields of both kinds, of a file that no schema has refused yet. */
interface AskedFields {
  readonly delivery?: { readonly weightsAndBiases?: unknown } | null;
  readonly provision?: unknown;
}

/** A finding for each condition that the spec asks for, and that only a running operator decides. */
export function notJudged({ spec }: StorageObject): readonly UnplacedFinding[] {
  const { delivery, provision } = spec as AskedFields;
  const asked: readonly (readonly [ConditionType, unknown])[] = [
    ['Delivered', delivery?.weightsAndBiases],
    ['RolledOut', delivery],
    ['Provisioned', provision],
  ];
  return asked.flatMap(([check, field]) =>
    field === undefined || field === null
      ? []
      : [
          {
            ...{ check, result: 'Skip', reason: 'NotJudged', advisory: true },
            message: `${check} is about the running server, so it was not judged: see byob status once the storage is applied.`,
          } as const,
        ],
  );
}
