import type { Problem } from '../conditions/problem.ts';
import type { World } from './world.ts';

/**
 * Why a newcomer waits: a ledger of its namespace, or of a namespace with a claim on its bucket, has not been read. A
 * waiting claim is not refused.
 */
export function ledgerUnknown(
  world: Pick<World, 'ledgersIn'>,
  namespace: string,
  elsewhere: readonly string[],
): Problem | undefined {
  const unknown = [...new Set([namespace, ...elsewhere])].flatMap((one) =>
    world
      .ledgersIn(one)
      .filter(({ ledger }) => ledger === undefined)
      .map(({ instance }) => (one === namespace ? `InstanceStorage ${instance}` : 'an instance in another namespace')),
  );
  const [first] = unknown;
  if (first === undefined) return undefined;
  return {
    reason: 'LedgerUnknown',
    message: `The ledger of ${first} has not been read, so it is not known whether another claim was there first.`,
    remedy: 'The operator tries again. The Published condition and the log of that instance show what prevents it.',
    failureClass: 'transient',
  };
}
