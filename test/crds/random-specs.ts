import fc from 'fast-check';
import { places, schemaOf, type Kind, type Schema } from './crd-files.ts';
import { RULE_ROWS, type Spec } from './rule-rows.ts';
import { TEXT_ROWS } from './text-rows.ts';

/** A change of one place of a spec: the place gets the value, or goes where there is none. */
interface Edit {
  /** Such as `bucket.s3.region` or `fileStores.variables[]`. */
  readonly at: string;
  readonly value?: unknown;
}

const ROWS = [...RULE_ROWS, ...TEXT_ROWS];
/** What users type, and what no field takes. */
const ODD_VALUES: readonly unknown[] = [
  ...['', ' ', 'a', 'A', 'a b', ' a', 'a\n', 'ü', '-', 'a/', '/a', '//', 'a..b', '0', 'true', 'null', '{}', '🙂'],
  ...[
    'https://minio.example',
    'http://10.0.0.1:9000/x?y#z',
    'minio.example:9000',
    's3://a/b',
    'eu-central-1',
    '10m',
    '1h',
  ],
  ...[0, 1, -1, 1.5, 443, 65_536, 1e21, true, false, null],
  ...[[], ['a'], ['a', 'a'], [null], {}, { a: 'b' }, { name: 'a' }, { name: '' }],
];

/** Specs of a kind that are an edit or two away from one that is accepted. */
export function randomSpecs(kind: Kind): fc.Arbitrary<Spec> {
  const all = [...places(schemaOf(kind))]
    .filter(({ path }) => path.startsWith('spec.'))
    .map(({ path, schema }) => ({ at: path.slice('spec.'.length), schema }));
  const anywhere = fc.oneof(...all.map(({ at, schema }) => editsOf(at, schema)));
  const bases = ROWS.filter((row) => row.kind === kind).map(({ accepted }) => accepted);
  return fc.constantFrom(...bases).chain((base) => {
    // Most places belong to a provider or a way to sign in that the base does not use.
    const used = all.filter(({ at }) => valueAt(base, stepsOf(at)) !== undefined);
    const edit = fc.oneof(
      { weight: 20, arbitrary: fc.oneof(...used.map(({ at, schema }) => editsOf(at, schema))) },
      { weight: 10, arbitrary: anywhere },
      { weight: 1, arbitrary: unknownFields(all) },
    );
    return fc.array(edit, { minLength: 1, maxLength: 2 }).map((edits) => edits.reduce(edited, base));
  });
}

function editsOf(at: string, schema: Schema): fc.Arbitrary<Edit> {
  const { maxLength, enum: listed = [] } = schema;
  const lengths = maxLength === undefined ? [] : ['a'.repeat(maxLength), 'a'.repeat(maxLength + 1)];
  const setTo = (values: readonly unknown[]) => fc.constantFrom(...values).map((value) => ({ at, value }));
  // Most of the time what the field takes, or the edits would hide one another.
  const likely = [...listed, ...knownValues(at)];
  return fc.oneof(
    { weight: 1, arbitrary: fc.constant({ at }) },
    { weight: 1, arbitrary: setTo([...lengths, ...ODD_VALUES]) },
    { weight: likely.length === 0 ? 0 : 3, arbitrary: setTo([...likely, 'a']) },
  );
}

function unknownFields(all: readonly { readonly at: string; readonly schema: Schema }[]): fc.Arbitrary<Edit> {
  const objects = all.filter(({ schema }) => schema.properties !== undefined).map(({ at }) => `${at}.surplus`);
  return fc.constantFrom('surplus', ...objects).map((at) => ({ at, value: 'a' }));
}

/** What the rows of the rules have at a place. */
function knownValues(at: string): readonly unknown[] {
  const found = ROWS.flatMap(({ accepted, refused }) => [accepted, refused]).map((spec) => valueAt(spec, stepsOf(at)));
  return [...new Set(found.filter((value) => value !== undefined))];
}

function stepsOf(at: string): readonly string[] {
  return at.replaceAll('[]', '.0').replaceAll('{}', '.key').split('.');
}

function valueAt(value: unknown, [step, ...steps]: readonly string[]): unknown {
  if (step === undefined) return value;
  return valueAt((value as Record<string, unknown> | null | undefined)?.[step], steps);
}

function edited(spec: Spec, { at, value }: Edit): Spec {
  return changed(spec, stepsOf(at), value) as Spec;
}

/** A copy with a value at the place that the steps lead to; without that place for `undefined`. */
function changed(parent: unknown, [step = '', ...steps]: readonly string[], value: unknown): unknown {
  if (/^\d+$/.test(step)) {
    const items: readonly unknown[] = Array.isArray(parent) ? parent : [];
    const next = steps.length === 0 ? value : changed(items[0], steps, value);
    return next === undefined ? items.slice(1) : [next, ...items.slice(1)];
  }
  const fields = isObject(parent) ? parent : {};
  const next = steps.length === 0 ? value : changed(fields[step], steps, value);
  const others = Object.entries(fields).filter(([name]) => name !== step);
  return Object.fromEntries(next === undefined ? others : [...others, [step, next]]);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
