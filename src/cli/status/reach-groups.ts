import { ISOLATED_REASONS } from '../../domain/admission/reasons.ts';
import type { TeamView } from './overview.ts';

/** Teams whose files the same others reach. */
export interface ReachGroup {
  readonly teams: readonly TeamView[];
  /** Of the condition `Isolated`. */
  readonly reason: string;
  /** What it means, and who the others are. */
  readonly explanation: string;
  readonly isIsolated: boolean;
}

/** Who reaches whose files: teams to which the same applies are together. */
export function reachGroups(teams: readonly TeamView[]): readonly ReachGroup[] {
  const groups = Map.groupBy(
    teams.filter(({ isolated }) => isolated !== undefined),
    (team) => `${team.isolated?.reason} ${explanationOf(team)}`,
  );
  return [...groups.values()].flatMap((members) => {
    const [first] = members;
    if (first?.isolated === undefined) return [];
    const { reason, status } = first.isolated;
    return [{ teams: members, reason, explanation: explanationOf(first), isIsolated: status === 'True' }];
  });
}

function explanationOf({ isolated, sharedWith, filesLeftIn }: TeamView): string {
  const reason = isolated?.reason ?? '';
  const { meaning = '' } = (ISOLATED_REASONS as Readonly<Record<string, { readonly meaning: string }>>)[reason] ?? {};
  const others = sharedWith.length === 0 ? '' : ` Shared with ${sharedWith.join(', ')}.`;
  const left = filesLeftIn === undefined ? '' : ` Files are in the bucket of InstanceStorage ${filesLeftIn}.`;
  return `${meaning}${others}${left}`;
}
