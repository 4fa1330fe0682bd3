import type { TeamStorage } from '../../../../src/api/resources.ts';
import { recordId, type ClaimRecord } from '../../../../src/domain/publication/ledger.ts';
import { claimKey, recordPlace } from './claims.ts';
import { isNew, type Context } from './context.ts';
import type { Known } from './known.ts';

/** A record that is new, and one that may exclude it. */
interface Rivals {
  /** The instance of the new record. */
  readonly known: Known;
  readonly record: ClaimRecord;
  /** The instance of the incumbent. */
  readonly at: Known;
  readonly incumbent: ClaimRecord;
  /** Whether both came with the same write. */
  readonly isTogether: boolean;
}

/** P7: a record is new, and no bound one excludes it. `together` are the records that came with the same write. */
export function judgeNewcomer(
  context: Context,
  known: Known,
  record: ClaimRecord,
  together: readonly ClaimRecord[],
): void {
  const { namespace, name } = known.slot;
  if (record.name === '') return;
  for (const at of context.instances.all) {
    for (const incumbent of at.ledger?.claims ?? []) {
      const isSelf =
        at.slot.namespace === namespace && incumbent.kind === record.kind && incumbent.name === record.name;
      if (isSelf || incumbent.kind !== 'TeamStorage') continue;
      const isTogether = at === known && together.includes(incumbent);
      const why = reasonToExclude(context, { known, record, at, incumbent, isTogether });
      if (why === undefined) continue;
      context.fail(
        `P7 ${record.kind} ${record.name} was published on ${record.address.name} through ${namespace}/${name}, though TeamStorage ${incumbent.name} of ${at.slot.namespace}/${at.slot.name} ${why}`,
      );
    }
  }
}

/** Why the incumbent excludes the new record; `undefined`: it does not, or that is not certain. */
function reasonToExclude(context: Context, rivals: Rivals): string | undefined {
  const { known, record, at, incumbent } = rivals;
  const live = certainIncumbent(context, rivals);
  if (live === undefined) return undefined;
  const { team, isolation } = certainDemand(context, rivals);
  if (at === known && record.kind === 'TeamStorage' && team === live.spec.team) return `has team ${live.spec.team}`;
  if (live.spec.isolation !== 'Required' || incumbent.address.name !== record.address.name) return undefined;
  return reasonToBeAlone(context, rivals, isolation === 'Required');
}

/** What the claim of the new record asks for; nothing where it did not say the same all the time. */
function certainDemand({ claims }: Context, { known, record }: Rivals): { team?: string; isolation?: string } {
  const seen = [...(claims.seen(claimKey(known.slot.namespace, record))?.isolation ?? [])];
  const [isolation, team] = seen.length === 1 ? (seen[0]?.split(' ') ?? []) : [];
  return isolation === undefined || team === undefined ? {} : { isolation, team };
}

/** The object of the incumbent. Only what is certain: it is there, it has been there, and it said the same all the time. */
function certainIncumbent({ world, claims }: Context, { at, incumbent }: Rivals): TeamStorage | undefined {
  const { namespace } = at.slot;
  const seen = claims.seen(claimKey(namespace, incumbent));
  const live = world.claim({ kind: 'TeamStorage', namespace, name: incumbent.name });
  if (live?.kind !== 'TeamStorage' || seen?.isolation.size !== 1 || seen.places.size !== 1) return undefined;
  return seen.places.has(recordPlace(at.slot, incumbent)) && seen.uids.size === 1 ? live : undefined;
}

/** Of an incumbent that requires to be alone in the bucket; `isDemanding`: the new one requires it, too. */
function reasonToBeAlone(
  context: Context,
  { at, incumbent, isTogether }: Rivals,
  isDemanding: boolean,
): string | undefined {
  // Of two that came together the one without the demand may have been first.
  if (!isTogether && !isNew(context, at.since.get(recordId(incumbent)) ?? 0)) return 'requires to be alone in it';
  // One process knows what it has sent; another begins before that has arrived.
  const isByOther = !isTogether && isNew(context, context.world.leaderSince);
  return !isDemanding || isByOther ? undefined : 'requires to be alone in it, as both do';
}
