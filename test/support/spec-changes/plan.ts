import { NEVER_UNSET } from './exceptions.ts';
import { fieldsOf, specSchema, type Field } from './fields.ts';
import { specsWith, specWithout, type Spec } from './placement.ts';
import type { Base } from './bases.ts';
import { valuesOf, type Draw } from './values.ts';

/** A changed spec that the API server takes. */
export interface Change {
  readonly field: string;
  readonly what: string;
  readonly spec: Spec;
}

/** What is done with a field: on which object, and which changes. */
export interface FieldPlan {
  readonly field: Field;
  /** Absent where no object takes a value of the field. */
  readonly base?: Base;
  readonly changes: readonly Change[];
  /** Values that the API server refuses in every place. */
  readonly refused: readonly string[];
}

/** Tries specs on the objects that are there. */
export interface Tryout {
  isAccepted(base: Base, spec: Spec): Promise<boolean>;
  readonly draw: Draw;
  /** How many values of each field are wanted, by chance; absent: all. */
  readonly sample?: { readonly count: number; readonly random: () => number };
}

/** Fields that can prove an object which is not proven yet. That cannot be taken back: what is proven stays published. */
const PROOF = /^spec\.validation(\.mode)?$/;

/** On the first object that takes a value of the field, those in which more of the way to it is there first. */
export async function planField(
  field: Field,
  { bases, tryout }: { readonly bases: readonly Base[]; readonly tryout: Tryout },
): Promise<FieldPlan> {
  const isProof = PROOF.test(field.path);
  const own = bases.filter(({ kind, isUnproven }) => kind === field.kind && !(isUnproven === true && isProof));
  const ranked = own.toSorted((left, right) => depthIn(right.spec, field.steps) - depthIn(left.spec, field.steps));
  let last: FieldPlan = { field, changes: [], refused: [] };
  for (const base of ranked) {
    const set = await tryValues(field, base, tryout);
    const unset = await tryWithout(field, base, tryout);
    const changes = [...set.changes, ...unset.changes];
    const plan = { field, base, changes, refused: [...set.refused, ...unset.refused] };
    if (set.changes.length > 0) return plan;
    if (changes.length > 0 || last.changes.length === 0) last = plan;
  }
  return last;
}

/** Changes of a field, played one after the other before the first spec comes back. */
export type Sequence = readonly Change[];

/** Each change once from the first spec, and once before it comes back: so from each to the next one, too. */
export function sequencesOf({ changes }: FieldPlan): readonly Sequence[] {
  if (changes.length < 2) return changes.map((change) => [change]);
  return changes.map((change, index) => [change, changes[(index + 1) % changes.length] ?? change]);
}

type Tried = Pick<FieldPlan, 'changes' | 'refused'>;

async function tryValues({ kind, path, steps, schema }: Field, base: Base, tryout: Tryout): Promise<Tried> {
  const { draw, sample } = tryout;
  const { spec } = base;
  const place = { schema: specSchema(kind), at: '' };
  const changes: Change[] = [];
  const refused: string[] = [];
  // Of an object one value will do: the fields inside have changes of their own.
  const wanted = schema.properties === undefined ? (sample?.count ?? Infinity) : 1;
  const values = valuesOf({ schema, at: steps.join('.') }, draw);
  for (const { what, value } of sample === undefined ? values : shuffled(values, sample.random)) {
    if (changes.length >= wanted) break;
    const specs = different(specsWith(spec, { place, steps, value, draw }));
    // It has the value already.
    if (different([spec, ...specs.slice(0, 1)]).length === 1) continue;
    const taken = await firstAccepted(base, specs, tryout);
    if (taken !== undefined) changes.push({ field: `${kind} ${path}`, what, spec: taken });
    else refused.push(what);
  }
  const kept = new Set(different(changes.map((change) => change.spec)));
  return { changes: changes.filter((change) => kept.has(change.spec)), refused };
}

async function tryWithout({ kind, path, steps }: Field, base: Base, tryout: Tryout): Promise<Tried> {
  const spec = specWithout(base.spec, steps);
  const isLasting = NEVER_UNSET.some(({ field }) => field.test(`${kind} ${path}`));
  if (spec === undefined || isLasting) return { changes: [], refused: [] };
  const isTaken = await tryout.isAccepted(base, spec);
  return isTaken
    ? { changes: [{ field: `${kind} ${path}`, what: 'unset', spec }], refused: [] }
    : { changes: [], refused: ['unset'] };
}

async function firstAccepted(base: Base, specs: readonly Spec[], tryout: Tryout): Promise<Spec | undefined> {
  for (const spec of specs) {
    if (await tryout.isAccepted(base, spec)) return spec;
  }
  return undefined;
}

/** How many steps of the way are there. */
function depthIn(spec: Spec, steps: readonly string[]): number {
  const found = steps.findIndex((_, index) => specWithout(spec, steps.slice(0, index + 1)) === undefined);
  return found < 0 ? steps.length : found;
}

/** Each of several equal ones once. */
function different(specs: readonly Spec[]): readonly Spec[] {
  const texts = specs.map((spec) => JSON.stringify(sorted(spec)));
  return specs.filter((_, index) => texts.indexOf(texts[index] ?? '') === index);
}

function shuffled<T>(items: readonly T[], random: () => number): readonly T[] {
  const ranked = items.map((item) => ({ item, rank: random() }));
  return ranked.toSorted((left, right) => left.rank - right.rank).map(({ item }) => item);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([name, one]) => [name, sorted(one)]));
}

export function allFields(): readonly Field[] {
  return [...fieldsOf('InstanceStorage'), ...fieldsOf('TeamStorage')];
}
