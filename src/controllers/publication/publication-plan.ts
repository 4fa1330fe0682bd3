import { without } from '../../base/defined.ts';
import { INTERVALS } from '../../domain/intervals.ts';
import { claimId, placeOf, recordId, recordsOf, rowOf, type Ledger } from '../../domain/publication/ledger.ts';
import { renderOutputs, type OutputData, type Outputs } from '../../domain/publication/outputs.ts';
import { isPlaced, type Placement } from '../../domain/publication/place-proof.ts';
import type { LiveClaim } from '../../domain/publication/live-claim.ts';
import { updateLedger, type LedgerUpdate, type UpdatedLedger } from '../../domain/publication/update-ledger.ts';
import type { Problem } from '../../domain/conditions/problem.ts';
import type { TimeSlice } from '../../ports/clock.ts';
import { packLedger, type Compression, type PackedLedger } from './ledger-secret.ts';

/** Limit of the API server for the data of a Secret or ConfigMap. */
const MAX_DATA_BYTES = 1024 * 1024;

/** The changes that a publication will make. */
export interface PublicationPlan extends UpdatedLedger {
  /** Absent if the ledger does not change. */
  readonly packed?: PackedLedger;
  readonly outputs: Outputs;
}

export interface PlanInput {
  readonly update: LedgerUpdate;
  readonly secretName: string;
  /** Called in the same step in which a ledger was decided, before anything is awaited. */
  readonly reserve: (ledger: Ledger) => void;
  /** The ledger is written even if the update changes nothing: after a migration or a recovery. */
  readonly mustWrite: boolean;
  /** Yielded after each reservation, and never between the decision and the reservation. */
  readonly timeSlice: TimeSlice;
  readonly compression?: Compression | undefined;
  /** For tests; the API server's limit otherwise. */
  readonly maxBytes?: number;
}

/**
 * Plans the next ledger and its outputs. If one of them would exceed the size of an object, newcomers are accepted by
 * precedence while they fit; if not even the bound claims fit, all changes are refused, and what is published stays as
 * it is.
 */
export async function planPublication(input: PlanInput): Promise<PublicationPlan> {
  const limit = input.maxBytes ?? MAX_DATA_BYTES;
  const wanted = await plan(input, input.update);
  const problem = problemOf(wanted, limit);
  if (problem === undefined) return wanted;
  const withoutNewcomers = await plan(input, { ...input.update, closedFor: problem });
  if (problemOf(withoutNewcomers, limit) === undefined) {
    return withMostNewcomers(input, { none: withoutNewcomers, all: wanted, problem, limit });
  }
  const { live } = input.update;
  const still = await plan(input, {
    ...input.update,
    closedFor: problem,
    live: live.map((claim) => without(claim, 'proof')),
  });
  const placements = live.flatMap((claim): readonly (readonly [string, Placement])[] => {
    const placement = withoutNewcomers.placements.get(claimId(claim));
    if (placement === undefined) return [];
    return [[claimId(claim), holds(still.ledger, claim) ? placement : { refusal: problem }]];
  });
  return { ...still, placements: new Map(placements) };
}

/**
 * The pause before another run that may place proofs which this one did not, `Infinity` if there are none: a record that
 * has left, or another credential in a row, may be what they waited for. Both in milliseconds: the longer a run took, the
 * longer the pause. While thousands of claims prove a new key one after the other, each run leaves something to try.
 */
export function pauseBeforeMore({ packed, placements }: PublicationPlan, took: number): number {
  if (packed === undefined || [...placements.values()].every(isPlaced)) return Infinity;
  const { least, between } = INTERVALS.publication.gatherProofs;
  return Math.min(between.others.most, Math.max(least, took * between.others.times));
}

/** Accepts as many newcomers as fit: usually none of those who have waited since it is full. */
async function withMostNewcomers(
  input: PlanInput,
  tried: {
    readonly none: PublicationPlan;
    readonly all: PublicationPlan;
    readonly problem: Problem;
    readonly limit: number;
  },
): Promise<PublicationPlan> {
  let best = tried.none;
  let last = tried.none;
  let [fit, tooMany] = [0, newcomersIn(input.update, tried.all)];
  while (fit + 1 < tooMany) {
    const openFor = fit === 0 ? 1 : Math.floor((fit + tooMany) / 2);
    last = await plan(input, { ...input.update, closedFor: tried.problem, openFor });
    if (problemOf(last, tried.limit) === undefined) [best, fit] = [last, openFor];
    else tooMany = openFor;
  }
  if (last !== best) input.reserve(best.ledger);
  return best;
}

function newcomersIn({ ledger }: LedgerUpdate, { ledger: next }: PublicationPlan): number {
  const known = new Set(ledger.claims.map(recordId));
  return next.claims.filter((record) => !known.has(recordId(record))).length;
}

/** Whether the ledger has the claim's proof already, so there is nothing new to refuse. */
function holds(ledger: Ledger, claim: LiveClaim): boolean {
  const { proof } = claim;
  return recordsOf(ledger, claim).some((record) => {
    const digest = rowOf(ledger, record)?.digest ?? '';
    return (
      placeOf(record.address) === placeOf(proof?.storage ?? record.address) && digest === (proof?.digest ?? digest)
    );
  });
}

async function plan(input: PlanInput, update: LedgerUpdate): Promise<PublicationPlan> {
  const updated = updateLedger(update);
  const { ledger } = updated;
  input.reserve(ledger);
  await input.timeSlice();
  const outputs = renderOutputs(ledger, input.secretName);
  if (ledger === update.ledger && !input.mustWrite) return { ...updated, outputs };
  await input.timeSlice();
  return { ...updated, outputs, packed: await packLedger(ledger, input.compression) };
}

function problemOf({ packed, outputs }: PublicationPlan, limit: number): Problem | undefined {
  const sizes = [
    ['the ledger', packed?.bytes ?? 0],
    ['the Secret', bytesOf(outputs.secret)],
    ['the ConfigMap', bytesOf(outputs.configMap)],
  ] as const;
  const over = sizes.find(([, bytes]) => bytes > limit);
  if (over === undefined) return undefined;
  const [what, bytes] = over;
  return {
    reason: 'InstanceFull',
    message: `The instance is full: with the entries that are new, ${what} would take ${bytes} bytes of the ${limit} that one object can hold.`,
    remedy: 'Delete TeamStorages that are no longer needed, or remove entries that are retained.',
    failureClass: 'external',
  };
}

/** As the API server counts: values without base64. The few keys do not matter. */
function bytesOf(data: OutputData): number {
  return Object.values(data).reduce((sum, value) => sum + Buffer.byteLength(value), 0);
}
