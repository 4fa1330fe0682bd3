import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomFrom, SEED } from '../../servers/random.ts';
import { installWeightsAndBiases } from '../../servers/weights-and-biases.ts';
import { basesOf, type Base } from '../../support/spec-changes/bases.ts';
import { mayShowNothing, NEVER_ACCEPTED } from '../../support/spec-changes/exceptions.ts';
import { allFields, planField, sequencesOf, type FieldPlan, type Sequence } from '../../support/spec-changes/plan.ts';
import type { Spec } from '../../support/spec-changes/placement.ts';
import { fieldsSeenIn, playRound, settleSoundly, type Ready } from '../../support/spec-changes/play.ts';
import { inGroups } from '../../support/spec-changes/settle.ts';
import { contentsOf } from '../../support/spec-changes/state.ts';
import { changeSpec, createLane, createWorld, type Lane, type World } from '../../support/spec-changes/world.ts';

const IS_FULL = process.env['BYOB_SOAK'] === '1';
/** How many fields are played; each of them, with all its values, in a soak. */
const PLAYED = IS_FULL ? Infinity : 60;
/** Plays these fields alone, by a pattern of their kind and path. */
const FIELDS = process.env['BYOB_SPEC_FIELDS'];
/** About how many sequences an object takes, one after the other. */
const IN_A_ROW = IS_FULL ? 25 : 3;

let world: World;
let bases: readonly Base[];
/** An object of each base. */
const pilots = new Map<Base, Lane>();
let plans: readonly FieldPlan[];
const random = randomFrom(SEED);

beforeAll(async () => {
  // Another test file may install it at any time, and statuses say whether it is there.
  await installWeightsAndBiases();
  world = await createWorld();
  bases = basesOf(world.stores);
  await inGroups(bases, async (base) => {
    pilots.set(base, await createLane(world, base, 0));
  });
}, 300_000);

afterAll(async () => {
  await world.operator.stop();
});

/** An object with what it will play. */
interface Track {
  readonly ready: Ready;
  readonly sequences: readonly Sequence[];
}

describe('each field of each spec, set, changed, at its bounds, unset and back again', () => {
  it('begins at objects that are Ready and published', async () => {
    const defects: string[] = [];
    const { written } = await settleSoundly(world, [...pilots.values()], (lane, what) =>
      defects.push(`${lane.name}: ${what}`),
    );
    const isReady = ({ name }: Lane): boolean =>
      written.storages
        .get(name)
        ?.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true;

    expect(defects).toEqual([]);
    for (const [base, lane] of pilots)
      expect([base.name, isReady(lane)]).toEqual([base.name, base.isUnproven !== true]);
  }, 300_000);

  it(`has values that the API server takes (seed ${SEED})`, async () => {
    plans = await planAll();
    const without = plans
      .filter(({ changes }) => changes.length === 0)
      .map(({ field }) => `${field.kind} ${field.path}`);

    expect(without.filter((field) => !NEVER_ACCEPTED.some((row) => row.field.test(field)))).toEqual([]);
    expect(NEVER_ACCEPTED.filter((row) => !without.some((field) => row.field.test(field)))).toEqual([]);
  }, 600_000);

  it(`is observed, comes to an end, and leaves nothing when it is taken back (seed ${SEED})`, async () => {
    const chosen = chosenPlans();
    const tracks = await layTracks(chosen);
    const seen = new Set<string>();
    const defects: string[] = [];
    /** What they play after that would say the same again. */
    const broken = new Set<Lane>();
    const rounds = Math.max(...tracks.map(({ sequences }) => sequences.length));
    for (let index = 0; index < rounds; index += 1) {
      const round = tracks.flatMap(({ ready, sequences }) => {
        const sequence = sequences[index];
        if (sequence === undefined || broken.has(ready.lane)) return [];
        const fields = sequences.slice(0, index + 1).flatMap((made) => made.map(({ field }) => field));
        return [{ ready, sequence, fields }];
      });
      const now = new Map(round.map(({ ready, sequence }) => [ready.lane, sequence]));
      const outcomes = await playRound(world, round, (lane, what) => {
        const sequence = now.get(lane) ?? [];
        const made = sequence.map((change) => `${change.field} (${change.what})`).join(', then ');
        broken.add(lane);
        defects.push(`${lane.name}, ${made}: ${what}`);
      });
      for (const field of fieldsSeenIn(outcomes)) seen.add(field);
    }
    console.info(countsOf(tracks, rounds, defects));
    expect(defects).toEqual([]);
    // In a sample few values of each field are played.
    const silent = chosen
      .filter(({ field, changes }) => IS_FULL && field.isLeaf && changes.length > 0)
      .map(({ field }) => `${field.kind} ${field.path}`)
      .filter((field) => !seen.has(field) && !mayShowNothing(field));
    expect(silent).toEqual([]);
  }, 3_600_000);

  it('needs no restart of the operator, and is no fault of it', () => {
    const log = world.operator.log();

    expect(world.operator.running).toBe(true);
    expect(log.filter(({ message }) => message === 'started')).toHaveLength(1);
    expect(log.filter(({ level }) => level === 'error' || level === 'fatal')).toEqual([]);
  });
});

async function planAll(): Promise<readonly FieldPlan[]> {
  const isAccepted = async (base: Base, spec: Spec): Promise<boolean> => {
    const lane = pilots.get(base);
    if (lane === undefined) throw new Error(`no object of ${base.name}`);
    const { status, message } = await changeSpec(world, lane, spec, true);
    if (status !== 200 && status !== 422) throw new Error(`${status} ${message}: ${JSON.stringify(spec)}`);
    return status === 200;
  };
  const draw = { seed: SEED, known: (path: string) => world.stores.known(path) };
  const tryout = { isAccepted, draw, ...(!IS_FULL && { sample: { count: 2, random } }) };
  const all: FieldPlan[] = [];
  await inGroups(allFields(), async (field) => {
    all.push(await planField(field, { bases, tryout }));
  });
  return all;
}

/** In a sample some of the fields that hold no others. */
function chosenPlans(): readonly FieldPlan[] {
  if (FIELDS !== undefined) return plans.filter(({ field }) => new RegExp(FIELDS).test(`${field.kind} ${field.path}`));
  if (IS_FULL) return plans;
  const ranked = plans.filter(({ field }) => field.isLeaf).map((plan) => ({ plan, rank: random() }));
  return ranked
    .toSorted((left, right) => left.rank - right.rank)
    .slice(0, PLAYED)
    .map(({ plan }) => plan);
}

/** Spreads the fields of each base over as many objects as it needs; all changes of a field are made on one of them. */
async function layTracks(chosen: readonly FieldPlan[]): Promise<readonly Track[]> {
  const laid: { readonly lane: Lane; readonly sequences: Sequence[] }[] = [];
  for (const [base, pilot] of pilots) {
    const own = chosen
      .filter((plan) => plan.base === base)
      .map((plan) => sequencesOf(plan).slice(0, IS_FULL ? undefined : 1));
    const count = Math.ceil(own.flat().length / IN_A_ROW);
    if (count === 0) continue;
    const lanes = [pilot];
    await inGroups(
      Array.from({ length: count - 1 }, (_, index) => index + 1),
      async (index) => {
        lanes.push(await createLane(world, base, index));
      },
    );
    const mine = lanes.map((lane) => ({ lane, sequences: [] as Sequence[] }));
    for (const sequences of own.toSorted((left, right) => right.length - left.length)) {
      const least = mine.reduce((best, one) => (one.sequences.length < best.sequences.length ? one : best));
      least.sequences.push(...sequences);
    }
    laid.push(...mine);
  }
  const lanes = laid.map(({ lane }) => lane);
  const { states } = await settleSoundly(world, lanes, (lane, what) => {
    throw new Error(`${lane.name}, before any change: ${what}`);
  });
  return Promise.all(
    laid.map(async ({ lane, sequences }) => {
      const state = states.get(lane);
      if (state === undefined) throw new Error(`${lane.name} has no state`);
      return { ready: { lane, state, objects: await contentsOf(world, lane) }, sequences };
    }),
  );
}

function countsOf(tracks: readonly Track[], rounds: number, defects: readonly string[]): string {
  const sequences = tracks.flatMap((track) => track.sequences);
  const accepted = plans.reduce((sum, { changes }) => sum + changes.length, 0);
  const refused = plans.reduce((sum, one) => sum + one.refused.length, 0);
  return [
    `${plans.length} fields, ${accepted + refused} values: ${accepted} accepted, ${refused} refused`,
    `${sequences.length} sequences with ${sequences.flat().length} changes on ${tracks.length} objects in ${rounds} rounds`,
    `${defects.length} defects`,
    ...defects,
  ].join('\n');
}
