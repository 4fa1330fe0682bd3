import type { InstanceStorage, InstanceStorageSpec, TeamStorage, TeamStorageSpec } from '../../api/resources.ts';
import type { Problem } from '../conditions/problem.ts';
import { parseDuration } from '../validation/probe-schedule.ts';
import { anything, both, flag, listOf, objectOf, oneOf, textOf, type Schema } from '../../base/schema.ts';
import { asJsonObject, invalidSpec, OBJECT_NAME, own } from './json.ts';

/** Parts of a spec that admission should have refused. */
export interface SpecViolations {
  /** The first violation. */
  readonly problem: Problem;
  /** Fields of the spec that were left out because of it. */
  readonly fields: readonly string[];
}

/**
 * An object whose spec has the form of its type, even if admission was bypassed: fields of another form are left out
 * and listed in `violations`. So an invalid object can be refused without affecting others.
 */
export type Sanitized<T> = T & { readonly violations?: SpecViolations };

const reference = objectOf({ name: textOf(OBJECT_NAME.pattern, OBJECT_NAME.expected, 253) }, ['name']);

const duration: Schema = (value, at) =>
  typeof value === 'string' && parseDuration(value) !== undefined
    ? undefined
    : `${at} must be a duration such as 90s, 30m or 1h30m.`;

/** `bucket` is parsed by `parseBucket`, which has better messages. */
const COMMON = {
  bucket: anything,
  bucketChangePolicy: oneOf('Forbid', 'Allow'),
  deletionPolicy: oneOf('Retain', 'Remove'),
  validation: objectOf({
    mode: oneOf('Full', 'ReadOnly'),
    interval: duration,
    fullInterval: duration,
    ignore: listOf(textOf(/^[A-Za-z]+$/, 'the name of a check', 64), 16),
  }),
  suspend: flag,
} satisfies Partial<Record<keyof (TeamStorageSpec | InstanceStorageSpec), Schema>>;

const oneReference: Schema = (value, at) =>
  Object.hasOwn(asJsonObject(value) ?? {}, 'teamStorageRef') ===
  Object.hasOwn(asJsonObject(value) ?? {}, 'instanceStorageRef')
    ? `${at} must have exactly one of teamStorageRef and instanceStorageRef.`
    : undefined;

// eslint-disable-next-line no-control-regex -- control characters are what is refused
const user = textOf(/^[^\u0000-\u0020"\\]+$/, 'a username, e-mail address or user id of W&B', 254);

const TEAM = {
  ...COMMON,
  team: textOf(/^[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?$/, 'the name of a team in W&B', 128),
  // eslint-disable-next-line no-control-regex -- control characters are what is refused
  organization: textOf(/^[^\u0000-\u001f]+$/, 'the name of an organization in W&B', 128),
  instanceRef: reference,
  bucketFrom: both(objectOf({ teamStorageRef: reference, instanceStorageRef: reference }), oneReference),
  isolation: oneOf('Required', 'Preferred'),
  provision: objectOf({ admin: user, members: listOf(user, 100) }),
} satisfies Record<keyof TeamStorageSpec, Schema>;

const INSTANCE = {
  ...COMMON,
  deployment: objectOf(
    {
      type: oneOf('DedicatedCloud', 'SaaSCloud', 'SelfManaged'),
      cloud: oneOf('AWS', 'GCP', 'Azure', 'CoreWeave', 'OnPremises'),
      url: textOf(/^https?:\/\/[^\s?#@]+$/, "the URL of W&B's front end, such as https://wandb.example.com", 300),
      availability: oneOf('byob-2024', 'byob-2026'),
      apiKeySecretRef: both(reference, objectOf({ key: textOf(/^[-._a-zA-Z0-9]+$/, 'the key of a Secret', 253) })),
      proxiesFileStore: flag,
    },
    ['type', 'cloud'],
  ),
  delivery: objectOf({
    weightsAndBiases: reference,
    restart: objectOf({
      mode: oneOf('Automatic', 'Manual'),
      minInterval: duration,
      selector: objectOf({ matchLabels: objectOf({}) }),
    }),
  }),
  fileStores: objectOf({
    separator: textOf(/^[,; |]$/, 'a comma, a semicolon, a space or a bar', 1),
    variables: listOf(textOf(/^[A-Z][A-Z0-9_]*$/, 'the name of an environment variable in upper case', 64), 4, 1),
  }),
} satisfies Record<keyof InstanceStorageSpec, Schema>;

/** Outputs are named after the instance, and a label value has at most 63 characters. */
const MAX_INSTANCE_NAME = 55;

export function sanitizeTeam(object: TeamStorage): Sanitized<TeamStorage> {
  const { spec, violations } = sanitize(object.spec, TEAM, 'team');
  const undecided = own(spec, 'bucket') !== undefined && own(spec, 'bucketFrom') !== undefined;
  const found = undecided ? [...violations, { field: '', sentence: BOTH_BUCKETS }] : violations;
  // An empty team cannot be a rival of any other claim, because no valid claim has it.
  return withViolations(object, { team: '', ...spec }, found);
}

const BOTH_BUCKETS = 'spec must have bucket or bucketFrom, not both (neither: the team stays on the instance bucket).';

export function sanitizeInstance(object: InstanceStorage): Sanitized<InstanceStorage> {
  const { spec, violations } = sanitize(object.spec, INSTANCE, 'deployment');
  const sentence = `metadata.name must have at most ${MAX_INSTANCE_NAME} characters: the outputs are named after it.`;
  const found = object.metadata.name.length > MAX_INSTANCE_NAME ? [...violations, { field: '', sentence }] : violations;
  const deployment = { type: 'SelfManaged', cloud: 'OnPremises' };
  return withViolations(object, { deployment, ...spec } as InstanceStorageSpec, found);
}

interface Violation {
  readonly field: string;
  readonly sentence: string;
}

function sanitize(value: unknown, schemas: Readonly<Record<string, Schema>>, required: string) {
  const given = asJsonObject(value);
  if (given === undefined) return { spec: {}, violations: [{ field: required, sentence: 'spec must be an object.' }] };
  const violations = Object.entries(schemas).flatMap(([field, schema]): Violation[] => {
    const child = own(given, field);
    if (child === undefined && field !== required) return [];
    const sentence = child === undefined ? `spec.${field} is required.` : schema(child, `spec.${field}`);
    return sentence === undefined ? [] : [{ field, sentence }];
  });
  const isKept = (field: string): boolean =>
    Object.hasOwn(schemas, field) && !violations.some((violation) => violation.field === field);
  return { spec: Object.fromEntries(Object.entries(given).filter(([field]) => isKept(field))), violations };
}

function withViolations<T extends TeamStorage | InstanceStorage>(
  object: T,
  spec: T['spec'],
  violations: readonly Violation[],
): Sanitized<T> {
  const [first] = violations;
  // The same object, so that comparisons by identity see no change.
  if (first === undefined) return object;
  const { error: problem } = invalidSpec(first.sentence);
  const fields = violations.map(({ field }) => field).filter((field) => field !== '');
  return { ...object, spec, violations: { problem, fields } } as Sanitized<T>;
}
