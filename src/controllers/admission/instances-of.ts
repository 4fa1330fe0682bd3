import type { TeamStorage } from '../../api/resources.ts';
import { keyText } from '../../api/object-key.ts';
import type { Admissions } from '../../domain/admission/admit.ts';
import { keyOf } from '../../domain/admission/world.ts';
import { recordsOf } from '../../domain/publication/ledger.ts';
import type { Ledgers } from './ledgers.ts';

/** Keys of the instances that a team belongs to: by its spec, and by its records in the ledgers. */
export function instancesOf(
  team: TeamStorage,
  deps: { readonly ledgers: Pick<Ledgers, 'in'>; readonly admissions: Pick<Admissions, 'instanceNameOf'> },
): readonly string[] {
  const claim = keyOf(team);
  const { namespace } = claim;
  const holders = deps.ledgers
    .in(namespace)
    .filter(({ ledger }) => ledger !== undefined && recordsOf(ledger, claim).length > 0)
    .map(({ instance }) => instance);
  const name = deps.admissions.instanceNameOf(team);
  return [...new Set([...holders, ...(name === undefined ? [] : [name])])].map((one) =>
    keyText({ namespace, name: one }),
  );
}
