import { CATALOGUE, CHECK_REASONS, checkReason, checksThatGive, type CheckReasonName } from '../../checks/catalogue.ts';
import type { Check } from '../../checks/check.ts';
import type { ConditionReason } from '../../domain/conditions/condition-reason.ts';
import { CONDITIONS } from '../../domain/conditions/condition-table.ts';
import { RETRIES, type FailureClass } from '../../domain/conditions/failure-class.ts';
import { CONDITION_REASONS } from '../../domain/conditions/reasons.ts';
import { NOT_JUDGED } from '../../dry-run/findings/not-judged.ts';
import { MANIFEST_REASONS } from '../../manifests/manifest-reasons.ts';

/** What the catalogue holds about one name. A name can be that of a condition and of a reason, and has two pages then. */
export interface Page {
  /** `BucketNotFound: reason of the check BucketExists`. */
  readonly title: string;
  /** Labels and texts; a text without content is left out. */
  readonly fields: readonly (readonly [label: string, text: string])[];
  /** Names that belong to it, each with what it is. */
  readonly parts: readonly (readonly [name: string, text: string])[];
}

interface ListedReason {
  readonly conditions: readonly string[];
  readonly name: string;
  readonly reason: ConditionReason;
}

const LISTED: readonly ListedReason[] = Object.entries(CONDITION_REASONS).flatMap(([group, table]) =>
  Object.entries<ConditionReason & { readonly condition?: string }>(table).map(([name, { condition, ...reason }]) => ({
    conditions: condition === undefined ? group.split(/, | and /) : [condition],
    name,
    reason,
  })),
);

/** The reasons of manifests, as `byob check` reports them. */
const OF_MANIFESTS: readonly (readonly [name: string, explanation: Explanation])[] = Object.entries(MANIFEST_REASONS);

/** All reasons that only `byob check` reports. */
const OF_COMMAND = [...OF_MANIFESTS, ...Object.entries<Explanation>(NOT_JUDGED)];

/** What a reason means, and what usually fixes it. */
interface Explanation {
  readonly meaning: string;
  readonly remedy?: string;
}

/** The explanation of a reason of a check, a condition or the command. */
export function explanationOf(reason: string): Explanation {
  const [, ofCommand] = OF_COMMAND.find(([name]) => name === reason) ?? [];
  const ofCondition = LISTED.find(({ name }) => name === reason)?.reason;
  return checkReason(reason) ?? ofCondition ?? ofCommand ?? { meaning: reason };
}

/** Every name that has a page, without order. */
export const EXPLAINED: readonly string[] = [
  ...new Set([
    ...CATALOGUE.map(({ name }) => name),
    ...Object.keys(CHECK_REASONS),
    ...Object.values(CONDITIONS).flatMap((rows) => rows.map(({ type }) => type)),
    ...LISTED.map(({ name }) => name),
    'Manifest',
    ...OF_COMMAND.map(([name]) => name),
  ]),
];

/** The pages of a condition, a check or a reason, whatever the case of its letters; none for an unknown name. */
export function pagesOf(wanted: string): readonly Page[] {
  const name = EXPLAINED.find((one) => one.toLowerCase() === wanted.toLowerCase());
  if (name === undefined) return [];
  return [
    ...conditionPage(name),
    ...CATALOGUE.filter((check) => check.name === name).map(checkPage),
    ...checkReasonPage(name),
    ...LISTED.filter((one) => one.name === name).map(conditionReasonPage),
    ...commandPages(name),
  ];
}

function conditionPage(type: string): readonly Page[] {
  const kinds = (['InstanceStorage', 'TeamStorage'] as const).filter((kind) =>
    CONDITIONS[kind].some((row) => row.type === type),
  );
  const row = kinds.flatMap((kind) => CONDITIONS[kind]).find((one) => one.type === type);
  if (row === undefined) return [];
  const checks = CATALOGUE.filter(({ gate }) => gate === type);
  return [
    {
      title: `${type}: condition of ${kinds.join(' and ')}`,
      fields: [
        ['Meaning', ROLES[row.role]],
        ['Good when', row.polarity === 'Positive' ? 'True' : 'absent'],
        ['Checks', checks.map(({ name }) => name).join(', ')],
      ],
      parts: LISTED.filter(({ conditions }) => conditions.includes(type)).map(({ name, reason }) => [
        name,
        `${reason.status}: ${reason.meaning}`,
      ]),
    },
  ];
}

const ROLES = {
  Summary: 'It is computed from the gates.',
  Gate: 'It is a gate: Ready is True only if it is. The first gate that is not True explains Ready.',
  GateWhereRequired: 'It is a gate with spec.isolation: Required, and only reported otherwise.',
  Reported: 'It is reported, and Ready does not depend on it.',
} as const;

const DECIDED_BY = {
  Survey: 'a survey, for all storages of the bucket',
  Both: 'a trial, for one path, and a survey, for all storages of the bucket',
  Trial: 'a trial, for one path',
} as const;

function checkPage({ name, gate, required, ignorable, prerequisites, decidedBy, reasons }: Check): Page {
  return {
    title: `${name}: check of the condition ${gate}`,
    fields: [
      ['Required', required === 'WhenKnown' ? 'where the setting can be read' : required ? 'yes' : 'no, it only warns'],
      ['Decided by', DECIDED_BY[decidedBy ?? 'Trial']],
      ['Can be ignored', ignorable === 'WithFlag' ? 'with --allow-public-buckets' : ignorable ? 'yes' : 'no'],
      ['After', prerequisites.map((one) => one.name).join(', ')],
    ],
    parts: Object.entries(reasons).map(([reason, { result, meaning }]) => [reason, `${result}: ${meaning}`]),
  };
}

function checkReasonPage(name: string): readonly Page[] {
  const reason = checkReason(name);
  if (reason === undefined) return [];
  const checks = checksThatGive(name as CheckReasonName);
  return [
    {
      title: `${name}: reason of ${checks === 'any' ? 'any check' : named('check', checks)}`,
      fields: [
        ['Meaning', reason.meaning],
        ['Remedy', reason.remedy],
        ['Result', reason.result],
        ['Class', classText(reason.class)],
        ['Codes', reason.codes.join(', ')],
      ],
      parts: [],
    },
  ];
}

function conditionReasonPage({ name, conditions, reason }: ListedReason): Page {
  return {
    title: `${name}: reason of ${named('condition', conditions)}`,
    fields: [
      ['Meaning', reason.meaning],
      ['Remedy', reason.remedy],
      ['Status', reason.status],
      ['Class', classText(reason.class)],
    ],
    parts: [],
  };
}

function commandPages(wanted: string): readonly Page[] {
  if (wanted === 'Manifest') {
    return [
      {
        title: 'Manifest: what byob check finds in a file before it judges the storage',
        fields: [],
        parts: OF_MANIFESTS.map(([name, { meaning }]) => [name, meaning]),
      },
    ];
  }
  return OF_COMMAND.filter(([name]) => name === wanted).map(([name, { meaning, remedy = '' }]) => ({
    title: `${name}: reason of ${name in MANIFEST_REASONS ? 'Manifest, of byob check' : 'byob check'}`,
    fields: [
      ['Meaning', meaning],
      ['Remedy', remedy],
    ],
    parts: [],
  }));
}

function named(what: string, names: readonly string[]): string {
  return `the ${what}${names.length === 1 ? '' : 's'} ${names.join(', ')}`;
}

function classText(classes: FailureClass | readonly FailureClass[] | undefined): string {
  if (classes === undefined) return '';
  return [classes]
    .flat()
    .map((one) => `${one}: it ${RETRIES[one]}`)
    .join('; or ');
}
