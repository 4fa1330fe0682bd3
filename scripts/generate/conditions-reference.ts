import type { ConditionReason, ReportedReason } from '../../src/domain/conditions/condition-reason.ts';
import { RETRIES } from '../../src/domain/conditions/failure-class.ts';
import { GATE_REASONS } from '../../src/domain/conditions/reasons.ts';
import { DELIVERY_REASONS } from '../../src/domain/delivery/reasons.ts';
import { PROVISION_REASONS } from '../../src/domain/provision/reasons.ts';
import { READY_REASONS, RECONCILING_REASONS, STATUS_REASONS } from '../../src/domain/status/reasons.ts';

/** Notes on gates, besides their reasons. */
const NOTES: Readonly<Partial<Record<keyof typeof GATE_REASONS, string>>> = {
  'BucketReachable, BucketUsable and BrowserAccess':
    'Each of these gates takes the reason of the first required check that keeps it closed: see [Checks and reasons](checks.md). These reasons belong to the gates themselves.',
  Published: '`Published` does not depend on the validation: it says what the output Secret holds.',
  Isolated:
    'Only published storages count. `Isolated` is a gate only with `spec.isolation: Required`; otherwise it is reported.',
};

/** `docs/reference/conditions.md`: every reason of every condition, without those of checks. */
export function renderConditionsReference(): string {
  const gates = (Object.keys(GATE_REASONS) as (keyof typeof GATE_REASONS)[]).flatMap((name) => [
    `## Reasons of ${name}`,
    '',
    ...(NOTES[name] === undefined ? [] : [NOTES[name], '']),
    ...gateTable(GATE_REASONS[name]),
    '',
  ]);
  return [
    '# Conditions and their reasons',
    '',
    'Generated from the catalogue in code by `npm run generate`. [How to read the conditions](../troubleshooting.md#how-to-read-the-conditions) says how they make `Ready`.',
    '',
    `Class ${(['spec', 'reference'] as const).map((one) => `\`${one}\` ${RETRIES[one]}`).join('; ')}; \`external\` and \`transient\` are tried again after a while ([how often](checks.md#reasons)).`,
    '',
    ...gates,
    '## Reasons of Ready',
    '',
    '`Ready` repeats the reason of the gate that keeps it closed. These reasons are its own.',
    '',
    ...gateTable(READY_REASONS),
    '',
    '## Reasons of Ready that come from no gate',
    '',
    'The object is `Stalled` with the same reason.',
    '',
    ...conditionTable(Object.entries<ConditionReason>(STATUS_REASONS).map(([name, reason]) => ['Ready', name, reason])),
    '',
    '## Reasons of Reconciling and Stalled',
    '',
    '`Stalled` has the reason of `Ready`.',
    '',
    ...gateTable(RECONCILING_REASONS),
    '',
    '## Conditions that are reported and decide nothing',
    '',
    '`Ready` does not depend on them.',
    '',
    ...conditionTable(
      Object.entries<ReportedReason>({ ...DELIVERY_REASONS, ...PROVISION_REASONS }).map(([name, reason]) => [
        reason.condition,
        name,
        reason,
      ]),
    ),
    '',
  ].join('\n');
}

function gateTable(reasons: Readonly<Record<string, ConditionReason>>): readonly string[] {
  return [
    row(['reason', 'status', 'class', 'meaning', 'remedy']),
    row(['---', '---', '---', '---', '---']),
    ...Object.entries(reasons).map(([name, { status, class: classes = [], meaning, remedy }]) =>
      row([name, status, [classes].flat().join(' or '), meaning, linked(remedy)]),
    ),
  ];
}

function conditionTable(reasons: readonly (readonly [string, string, ConditionReason])[]): readonly string[] {
  return [
    row(['condition', 'status', 'reason', 'meaning', 'remedy']),
    row(['---', '---', '---', '---', '---']),
    ...reasons.map(([condition, name, { status, meaning, remedy }]) => row([condition, status, name, meaning, remedy])),
  ];
}

/** Turns paths of pages in the repository into links. */
function linked(text: string): string {
  return text.replace(/docs\/([\w/-]+)\.md/g, (_path, page: string) => `[${page}](../${page}.md)`);
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
