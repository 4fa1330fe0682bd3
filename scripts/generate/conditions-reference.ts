import { DELIVERY_REASONS } from '../../src/domain/delivery/reasons.ts';
import { PROVISION_REASONS } from '../../src/domain/provision/reasons.ts';
import type { ReportedReason } from '../../src/domain/conditions/reported-reason.ts';
import { STATUS_REASONS, type StatusReason } from '../../src/domain/status/reasons.ts';

/** `docs/reference/conditions.md`: reasons of the conditions that are reported and gate nothing, and of `Ready` without a gate. */
export function renderConditionsReference(): string {
  const reasons = Object.entries<ReportedReason>({ ...DELIVERY_REASONS, ...PROVISION_REASONS }).map(
    ([name, { condition, status, meaning, remedy }]) => row([condition, status, name, meaning, remedy]),
  );
  const own = Object.entries<StatusReason>(STATUS_REASONS).map(([name, { status, meaning, remedy }]) =>
    row(['Ready', status, name, meaning, remedy]),
  );
  return [
    '# Conditions that are reported and decide nothing',
    '',
    'Generated from the catalogue in code by `npm run generate`. `Ready` does not depend on them; the reasons of `Ready` and of its gates are in [checks.md](checks.md).',
    '',
    row(['condition', 'status', 'reason', 'meaning', 'remedy']),
    row(['---', '---', '---', '---', '---']),
    ...reasons,
    '',
    '## Reasons of Ready that come from no gate',
    '',
    'The object is `Stalled` with the same reason.',
    '',
    row(['condition', 'status', 'reason', 'meaning', 'remedy']),
    row(['---', '---', '---', '---', '---']),
    ...own,
    '',
  ].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
