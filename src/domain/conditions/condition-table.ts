import type { ConditionDraft } from './conditions.ts';

export type ConditionType =
  | 'Ready'
  | 'Reconciling'
  | 'Stalled'
  | 'Accepted'
  | 'CredentialsResolved'
  | 'BucketReachable'
  | 'BucketUsable'
  | 'BrowserAccess'
  | 'Published'
  | 'Isolated'
  | 'Delivered'
  | 'RolledOut'
  | 'FileStoresFilling'
  | 'Provisioned';

interface ConditionRow {
  readonly type: ConditionType;
  /** `Positive`: True is good. `Negative`: present only while it is True, and then it needs attention. */
  readonly polarity: 'Positive' | 'Negative';
  /**
   * - `Summary`: computed from the gates.
   * - `Gate`: Ready is True only if it is. The first gate that is not True explains Ready.
   * - `GateWhereRequired`: a gate if the spec requires it (`spec.isolation: Required`), reported otherwise.
   * - `Reported`: does not affect Ready.
   */
  readonly role: 'Summary' | 'Gate' | 'GateWhereRequired' | 'Reported';
  /** A metric shows it. */
  readonly hasMetric?: true;
}

const SUMMARY: readonly ConditionRow[] = [
  { type: 'Ready', polarity: 'Positive', role: 'Summary' },
  { type: 'Reconciling', polarity: 'Negative', role: 'Summary' },
  { type: 'Stalled', polarity: 'Negative', role: 'Summary' },
];

/** In the order in which an administrator would fix them. */
const GATES: readonly ConditionRow[] = [
  { type: 'Accepted', polarity: 'Positive', role: 'Gate' },
  { type: 'CredentialsResolved', polarity: 'Positive', role: 'Gate' },
  { type: 'BucketReachable', polarity: 'Positive', role: 'Gate' },
  { type: 'BucketUsable', polarity: 'Positive', role: 'Gate' },
  { type: 'BrowserAccess', polarity: 'Positive', role: 'Gate' },
  { type: 'Published', polarity: 'Positive', role: 'Gate' },
];

/** The conditions of each kind, in the order in which its status lists them. */
export const CONDITIONS: Readonly<Record<'InstanceStorage' | 'TeamStorage', readonly ConditionRow[]>> = {
  InstanceStorage: [
    ...SUMMARY,
    ...GATES,
    { type: 'Delivered', polarity: 'Positive', role: 'Reported', hasMetric: true },
    { type: 'RolledOut', polarity: 'Positive', role: 'Reported', hasMetric: true },
    { type: 'FileStoresFilling', polarity: 'Negative', role: 'Reported' },
  ],
  TeamStorage: [
    ...SUMMARY,
    ...GATES,
    { type: 'Isolated', polarity: 'Positive', role: 'GateWhereRequired' },
    { type: 'Provisioned', polarity: 'Positive', role: 'Reported', hasMetric: true },
  ],
};

/** Whether the condition is computed from the others: `Ready`, `Reconciling` and `Stalled`. */
export function isSummary({ type }: { readonly type: string }): boolean {
  return SUMMARY.some((row) => row.type === type);
}

/** Whether a metric shows the condition. */
export function hasMetric(kind: keyof typeof CONDITIONS, { type }: { readonly type: string }): boolean {
  return CONDITIONS[kind].some((row) => row.type === type && row.hasMetric === true);
}

/** Conditions in the order of the kind. Those of other versions come last. */
export function inOrder<T extends { readonly type: string }>(
  kind: keyof typeof CONDITIONS,
  conditions: readonly T[],
): readonly T[] {
  const rank = ({ type }: T): number => {
    const at = CONDITIONS[kind].findIndex((row) => row.type === type);
    return at < 0 ? CONDITIONS[kind].length : at;
  };
  return conditions.toSorted((left, right) => rank(left) - rank(right));
}

/**
 * Splits conditions into gates and reported ones, each in order. A `Ready` among them mirrors that of another object,
 * and is a gate.
 */
export function byRole<T extends ConditionDraft>(
  kind: keyof typeof CONDITIONS,
  conditions: readonly T[],
  isIsolationRequired: boolean,
): { readonly gates: readonly T[]; readonly reported: readonly T[] } {
  const isReported = ({ type }: T): boolean => {
    const role = CONDITIONS[kind].find((row) => row.type === type)?.role;
    return role === 'Reported' || (role === 'GateWhereRequired' && !isIsolationRequired);
  };
  const ordered = inOrder(kind, conditions);
  return { gates: ordered.filter((one) => !isReported(one)), reported: ordered.filter(isReported) };
}
