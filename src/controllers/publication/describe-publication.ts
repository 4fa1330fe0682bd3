import { servedBy, type ClaimPublication } from '../../domain/publication/claim-publication.ts';
import type { LedgerView } from '../../domain/admission/world.ts';
import { defined } from '../../base/defined.ts';
import type { ClaimState } from '../../domain/publication/claim-state.ts';
import {
  claimId,
  placeOf,
  recordId,
  recordsByClaim,
  recordsOf,
  rowOf,
  type ClaimRecord,
  type Ledger,
  type Row,
} from '../../domain/publication/ledger.ts';
import type { DeploymentCloud } from '../../domain/publication/file-stores.ts';
import { digestOfData, renderOutputs, type OutputData, type Outputs } from '../../domain/publication/outputs.ts';
import type { Placement } from '../../domain/publication/place-proof.ts';
import { unservedBy } from '../../domain/publication/recover-ledger.ts';
import type { LiveClaim } from '../../domain/publication/live-claim.ts';
import type { Problem } from '../../domain/conditions/problem.ts';
import type { InstancePublication } from './instance-publication.ts';
import { isSameData } from './output-writer.ts';

/**
 * The publication as other controllers see it: the present ledger, and the Secret that was read or written last. What
 * is planned and not written is left out.
 */
export function describePublication(known: {
  /** Name of the InstanceStorage. */
  readonly instance: string;
  readonly secretName: string;
  readonly ledger: Ledger | undefined;
  readonly secret: OutputData | undefined;
  /** Where W&B runs; absent while the instance is frozen. */
  readonly cloud?: DeploymentCloud | undefined;
  readonly placements: ReadonlyMap<string, Placement>;
  /** Absent if nothing could be planned: then the former number of retained records is kept. */
  readonly states?: ReadonlyMap<string, ClaimState>;
  readonly problem: Problem | undefined;
  readonly previous: InstancePublication | undefined;
  /** Absent if nothing could be planned. */
  readonly live?: readonly LiveClaim[];
}): InstancePublication {
  const { ledger, secret, problem, previous } = known;
  const { retained = 0, unserved = [] } = previous ?? {};
  if (ledger === undefined) return { claims: new Map(), retained, unserved: [], ...defined({ problem }) };
  const outputs = renderOutputs(ledger, known.secretName);
  return {
    salt: ledger.salt,
    claims: claimsOf(ledger, known),
    fileStoresBytes: outputs.fileStoresBytes,
    retained: known.states === undefined ? retained : retainedIn(ledger, known.states),
    unserved: known.live === undefined ? unserved : unservedClaims(ledger, known.live, known.instance),
    isKnown: secret !== undefined,
    ...serverOf(ledger, outputs, known),
    ...defined({ problem }),
  };
}

/** The configuration in the present Secret; the former one while the next cannot be written yet. */
function serverOf(
  ledger: Ledger,
  outputs: Outputs,
  { secret, previous }: Pick<Parameters<typeof describePublication>[0], 'secret' | 'previous'>,
): Pick<InstancePublication, 'server' | 'servedDigest'> {
  if (secret === undefined) return {};
  if (isSameData(secret, outputs.secret)) return { server: outputs.server, servedDigest: outputs.digest };
  const { server, servedDigest } = previous ?? {};
  return servedDigest === digestOfData(ledger, secret) ? defined({ server, servedDigest }) : {};
}

function claimsOf(
  ledger: Ledger,
  known: Pick<
    Parameters<typeof describePublication>[0],
    'secret' | 'cloud' | 'placements' | 'live' | 'instance' | 'previous'
  >,
): ReadonlyMap<string, ClaimPublication> {
  const { secret, cloud, placements, previous } = known;
  // Only claims with two records need it.
  let places: ReadonlyMap<string, string> | undefined;
  const placeOfClaim = (id: string): string | undefined =>
    (places ??= placesOf(known.live ?? [], known.instance)).get(id);
  const claims = new Map<string, ClaimPublication>();
  const report = (id: string, facts: ClaimFacts): void => {
    const before = previous?.claims.get(id);
    const placement = placements.get(id);
    const isSame = before !== undefined && isSameClaim(before, facts, placement);
    claims.set(id, isSame ? before : { ...defined(facts), ...placement });
  };
  for (const [id, records] of recordsByClaim(ledger)) {
    const record = standing(records, () => placeOfClaim(id));
    const row = rowOf(ledger, record);
    report(id, { record, row, served: servedBy(ledger, record, { secret, cloud }) });
  }
  const served = secret === undefined ? 'Unknown' : 'No';
  for (const id of placements.keys()) if (!claims.has(id)) report(id, { record: undefined, row: undefined, served });
  return claims;
}

/** What is known of a claim beside what happened to its newest proof. */
interface ClaimFacts {
  readonly record: ClaimRecord | undefined;
  readonly row: Row | undefined;
  readonly served: ClaimPublication['served'];
}

/** Without a comparison of the content: an unchanged publication is the same object, so that observers need none either. */
function isSameClaim(
  before: ClaimPublication,
  now: ClaimFacts,
  { refusal, waitsFor, unplaced }: Placement = {},
): boolean {
  return (
    before.record === now.record &&
    before.row === now.row &&
    before.served === now.served &&
    before.refusal === refusal &&
    before.waitsFor === waitsFor &&
    before.unplaced === unplaced
  );
}

/** Records that stay without their object. The states may also be of records that have left with the last write. */
function retainedIn({ claims }: Ledger, states: ReadonlyMap<string, ClaimState>): number {
  return claims.filter((record) => {
    const state = states.get(recordId(record));
    return state === 'Retained' || state === 'LeftBehind' || state === 'Leaving';
  }).length;
}

/** The place (`placeOf`) to which each live claim resolves through this instance, by `claimId`. */
function placesOf(live: readonly LiveClaim[], instance: string): ReadonlyMap<string, string> {
  return new Map(
    live.flatMap((claim) => {
      const { resolves } = claim;
      if (typeof resolves === 'string' || resolves.instance !== instance) return [];
      return [[claimId(claim), placeOf(resolves.storage)] as const];
    }),
  );
}

/**
 * Live claims that were published before and have no entry: bound in the ledger without an entry, or bound by their
 * status only and in no ledger, because ledger and outputs were lost together.
 */
function unservedClaims(ledger: Ledger, live: readonly LiveClaim[], instance: string): readonly string[] {
  const unserved = unservedBy(ledger);
  const isLost = (claim: LiveClaim): boolean => {
    const { resolves } = claim;
    if (!claim.wasBound || typeof resolves === 'string' || resolves.instance !== instance) return false;
    return recordsOf(ledger, claim).length === 0;
  };
  return live.filter((claim) => unserved.has(claimId(claim)) || isLost(claim)).map(claimId);
}

/** The record at the place to which the claim resolves, or the one that was bound last. */
function standing(records: readonly ClaimRecord[], resolvesTo: () => string | undefined): ClaimRecord {
  const [only] = records;
  if (only !== undefined && records.length === 1) return only;
  const place = resolvesTo();
  const here = records.find((record) => placeOf(record.address) === place);
  const last = records.reduce((latest, record) => (record.boundRevision > latest.boundRevision ? record : latest));
  return here ?? last;
}

/** A claim that seems to be lost may be in a ledger of the namespace that has not been read yet. */
export function mayBeHeldElsewhere(
  publication: InstancePublication | undefined,
  ledgers: readonly LedgerView[],
): boolean {
  return (publication?.unserved ?? []).length > 0 && ledgers.some(({ ledger }) => ledger === undefined);
}

/** A format that does not fit is not used; the instance reports it. */
export function withFormat(
  placements: ReadonlyMap<string, Placement>,
  name: string,
  formatProblem: Problem | undefined,
): ReadonlyMap<string, Placement> {
  if (formatProblem === undefined) return placements;
  return new Map([[claimId({ kind: 'InstanceStorage', name }), { refusal: formatProblem }], ...placements]);
}
