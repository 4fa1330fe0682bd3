import type { Context } from './context.ts';

/** Identifies a TeamStorage. */
export interface TeamKey {
  readonly namespace: string;
  readonly name: string;
}

/**
 * Claims that are refused for another one. A proof that is not published is in memory alone, so after a restart the
 * older claim comes first, and may be the one that is accepted.
 */
export function refusedByUnpublished({ world }: Context): readonly TeamKey[] {
  return world.truth.teams.reader
    .list()
    .filter(({ status }) =>
      status?.conditions?.some(
        ({ type, reason }) => type === 'Accepted' && (reason === 'TeamConflict' || reason === 'IsolationViolated'),
      ),
    )
    .map(({ metadata: { namespace = '', name } }) => ({ namespace, name }));
}

/** Whether one of these teams has a record now. */
export function isOneBound({ instances, stored }: Context, teams: readonly TeamKey[]): boolean {
  return teams.some(({ namespace, name }) =>
    instances.all.some(
      ({ slot }) =>
        slot.namespace === namespace &&
        stored.ledger(slot)?.claims.some((one) => one.kind === 'TeamStorage' && one.name === name) === true,
    ),
  );
}
