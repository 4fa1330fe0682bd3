import { childOf, least, type Draw, type Place } from './values.ts';

export type Spec = Readonly<Record<string, unknown>>;

interface Placing {
  /** Where the spec below is. */
  readonly place: Place;
  /** From there to the field. */
  readonly steps: readonly string[];
  readonly value: unknown;
  readonly draw: Draw;
}

/**
 * Specs with the value at its place, the least changed first: as it is, and with the optional neighbours of one of the
 * fields around it left out, because many fields exclude each other. The API server decides which of them is valid.
 */
export function specsWith(spec: Spec, placing: Placing): readonly Spec[] {
  const depths = placing.steps.map((_, depth) => depth).slice(1);
  const all = [undefined, ...depths.reverse()].map((alone) => put(spec, placing, alone) as Spec);
  const named = withMemberOf(spec, placing);
  return [...all, ...(named === undefined ? [] : [named])];
}

/** Without the field; `undefined` where it is not there. */
export function specWithout(spec: Spec, steps: readonly string[]): Spec | undefined {
  const [step = '', ...rest] = steps;
  const inner = spec[step];
  if (inner === undefined) return undefined;
  if (rest.length === 0) return Object.fromEntries(Object.entries(spec).filter(([name]) => name !== step));
  const without = typeof inner === 'object' && inner !== null ? specWithout(inner as Spec, rest) : undefined;
  return without === undefined ? undefined : { ...spec, [step]: without };
}

/** `alone`: how many steps down the neighbours are left out. */
function put(before: unknown, { place, steps, value, draw }: Placing, alone: number | undefined): unknown {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  const next = { place: childOf(place, step), steps: rest, value, draw };
  const deeper = alone === undefined ? undefined : alone - 1;
  if (step === '[]') return [put(undefined, next, deeper)];
  if (step === '{}') return { key: put(undefined, next, deeper) };
  const old = (before ?? {}) as Spec;
  const required = least(place, draw) as Spec;
  const kept = Object.entries(old).filter(([name]) => alone !== 0 || name in required);
  return { ...required, ...Object.fromEntries(kept), [step]: put(old[step], next, deeper) };
}

/** Where the value names a member of the union around it (`provider: GCS` and `gcs`): with that one, without the others. */
function withMemberOf(spec: Spec, placing: Placing): Spec | undefined {
  const { place, steps, value, draw } = placing;
  if (typeof value !== 'string' || steps.length < 2) return undefined;
  const around = steps.slice(0, -1);
  const union = around.reduce(childOf, place);
  const member = Object.keys(union.schema.properties ?? {}).find((name) => name.toLowerCase() === value.toLowerCase());
  if (member === undefined) return undefined;
  const chosen = { place, steps: [...around, member], value: least(childOf(union, member), draw), draw };
  return put(put(spec, chosen, around.length), placing, undefined) as Spec;
}
