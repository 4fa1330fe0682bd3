import { statusFlaws } from '../../servers/objects.ts';
import { stays } from './exceptions.ts';
import { conditionFlaws } from './judge.ts';
import type { Change, Sequence } from './plan.ts';
import { inGroups, settle, type Settled } from './settle.ts';
import { contentsOf, differences, type State } from './state.ts';
import { changeSpec, type Lane, type World } from './world.ts';

/** An object with its state before any change. */
export interface Ready {
  readonly lane: Lane;
  readonly state: State;
  readonly objects: readonly string[];
}

/** What an object plays in a round. */
export interface Part {
  readonly ready: Ready;
  readonly sequence: Sequence;
  /** Fields that were changed on it by the end of the round. */
  readonly fields: readonly string[];
}

/** An end to which a change led. */
export interface Outcome {
  readonly ready: Ready;
  /** The changes that were made one after the other. */
  readonly made: Sequence;
  readonly state: State;
}

/** What is told of a defect, and of which object. */
export type Report = (lane: Lane, what: string) => void;

/** Plays one sequence on each object, all at the same time, and takes it back; the ends on the way. */
export async function playRound(world: World, round: readonly Part[], report: Report): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const longest = Math.max(...round.map(({ sequence }) => sequence.length));
  for (let step = 0; step < longest; step += 1) {
    const moving = round.filter(({ sequence }) => sequence[step] !== undefined);
    await inGroups(moving, async ({ ready: { lane }, sequence }) => {
      await change(world, lane, sequence[step], report);
    });
    const lanes = moving.map(({ ready }) => ready.lane);
    const settled = await settleSoundly(world, lanes, report);
    for (const { ready, sequence } of moving) {
      const state = settled.states.get(ready.lane);
      if (state !== undefined) outcomes.push({ ready, made: sequence.slice(0, step + 1), state });
    }
  }
  await takeBack(world, round, report);
  return outcomes;
}

/** The fields of which some change made the status or what is published another one, as `Change.field` names them. */
export function fieldsSeenIn(outcomes: readonly Outcome[]): readonly string[] {
  return outcomes.flatMap(({ ready, made, state }) => {
    const [only] = made;
    if (only === undefined || made.length > 1) return [];
    // A digest of the spec shows nothing.
    const shown = differences(ready.state, state).filter((one) => !/^(status|team)\.judgedSpec:/.test(one));
    return shown.length > 0 ? [only.field] : [];
  });
}

/** Every object gets its first spec again, and must be as it was before. */
async function takeBack(world: World, round: readonly Part[], report: Report): Promise<void> {
  await inGroups(round, async ({ ready: { lane } }) => {
    const { status, message } = await changeSpec(world, lane, lane.base.spec);
    if (status !== 200) report(lane, `it cannot be taken back: ${message}`);
  });
  const lanes = round.map(({ ready }) => ready.lane);
  const { states } = await settleSoundly(world, lanes, report);
  await inGroups(round, async ({ ready: { lane, state, objects }, fields }) => {
    const changed = differences(state, states.get(lane)).filter((one) => !stays(fields, one));
    if (changed.length > 0) report(lane, `taken back, it is another: ${changed.join('; ')}`);
    const left = await contentsOf(world, lane);
    if (left.join() !== objects.join()) report(lane, `its buckets hold ${left.join(', ')}`);
  });
}

/** Waits for the end of all of them, and judges each by the status contract. */
export async function settleSoundly(world: World, lanes: readonly Lane[], report: Report): Promise<Settled> {
  const settled = await settle(world, lanes);
  for (const [lane, why] of settled.restless) report(lane, why);
  const present = lanes.flatMap((lane) => {
    const object = settled.written.storages.get(lane.name);
    if (object === undefined) report(lane, 'it is gone');
    return object === undefined ? [] : [{ lane, object }];
  });
  const flaws = await statusFlaws(present.map(({ object }) => object));
  for (const [index, { lane, object }] of present.entries()) {
    for (const flaw of [...conditionFlaws(object), flaws[index]]) if (flaw !== undefined) report(lane, flaw);
  }
  return settled;
}

async function change(world: World, lane: Lane, made: Change | undefined, report: Report): Promise<void> {
  if (made === undefined) return;
  const { status, message } = await changeSpec(world, lane, made.spec);
  if (status !== 200) report(lane, `${made.field} (${made.what}) is refused: ${message}`);
}
