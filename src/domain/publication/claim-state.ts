import type { ClaimRecord } from './ledger.ts';

/**
 * The state of a record's claim, as seen from its place in the ledger. It is derived at each run and not stored.
 *
 * - `Held`: the object asks for this place. The record stays.
 * - `Moving`: the object may move to another place: the record stays until the claim is published there.
 * - `MovingOut`: the object asks for no bucket any more, and may: the record leaves at once.
 * - `LeftBehind`: another incarnation asks for another place: the record stays until that is published, then as if the
 *   object were gone.
 * - `Retained`: the object is gone and its policy keeps what it published.
 * - `Leaving`: the object is gone and its policy was `Remove`: the record leaves after the removal check.
 */
export type ClaimState = 'Held' | 'Moving' | 'MovingOut' | 'LeftBehind' | 'Retained' | 'Leaving';

/** The live object with a record's kind and name, as far as the state depends on it. */
export interface NamesakeView {
  readonly uid: string;
  /**
   * Where its spec resolves to: the record's place, another place or instance, no bucket at all, or nothing (an error,
   * a missing source or instance).
   */
  readonly resolves: 'Same' | 'Other' | 'None' | 'Unresolved';
  readonly bucketChangePolicy: 'Forbid' | 'Allow';
}

interface StateRow {
  readonly resolves: readonly NamesakeView['resolves'][] | 'Gone';
  readonly incarnation: 'Same' | 'Other' | 'Any';
  readonly policy: 'Forbid' | 'Allow' | 'Retain' | 'Remove' | 'Any';
  readonly state: ClaimState;
}

/** The table of `docs/explanation/publishing.md`. The first row that matches counts. */
export const CLAIM_STATES: readonly StateRow[] = [
  { resolves: ['Same', 'Unresolved'], incarnation: 'Any', policy: 'Any', state: 'Held' },
  { resolves: ['Other', 'None'], incarnation: 'Same', policy: 'Forbid', state: 'Held' },
  { resolves: ['Other'], incarnation: 'Same', policy: 'Allow', state: 'Moving' },
  { resolves: ['None'], incarnation: 'Same', policy: 'Allow', state: 'MovingOut' },
  { resolves: ['Other'], incarnation: 'Other', policy: 'Any', state: 'LeftBehind' },
  { resolves: ['None'], incarnation: 'Other', policy: 'Retain', state: 'Retained' },
  { resolves: ['None'], incarnation: 'Other', policy: 'Remove', state: 'Leaving' },
  { resolves: 'Gone', incarnation: 'Any', policy: 'Retain', state: 'Retained' },
  { resolves: 'Gone', incarnation: 'Any', policy: 'Remove', state: 'Leaving' },
];

/** The state of a record, given the live object with its kind and name. */
export function claimState(
  record: Pick<ClaimRecord, 'uid' | 'policy'>,
  namesake: NamesakeView | undefined,
): ClaimState {
  const incarnation = namesake === undefined || isSameIncarnation(record, namesake) ? 'Same' : 'Other';
  const policies: readonly string[] = ['Any', namesake?.bucketChangePolicy ?? '', record.policy ?? 'Retain'];
  const row = CLAIM_STATES.find(
    (candidate) =>
      (candidate.resolves === 'Gone'
        ? namesake === undefined
        : namesake !== undefined && candidate.resolves.includes(namesake.resolves)) &&
      (candidate.incarnation === 'Any' || candidate.incarnation === incarnation) &&
      policies.includes(candidate.policy),
  );
  // The safe default: what no row covers stays.
  return row?.state ?? 'Retained';
}

/** An unknown incarnation counts as the same. */
export function isSameIncarnation(record: Pick<ClaimRecord, 'uid'>, { uid }: Pick<NamesakeView, 'uid'>): boolean {
  return record.uid === undefined || record.uid === uid;
}
