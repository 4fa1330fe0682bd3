import { DELIVERY_REASONS } from '../../src/api/delivery-reasons.ts';
import { PROVISION_REASONS } from '../../src/api/provision-reasons.ts';
import type { ReportedReason } from '../../src/api/reported-reason.ts';

/** `docs/reference/conditions.md`: reasons of the conditions that are reported and gate nothing. */
export function renderConditionsReference(): string {
  const reasons = Object.entries<ReportedReason>({ ...DELIVERY_REASONS, ...PROVISION_REASONS }).map(
    ([name, { condition, status, meaning, remedy }]) => row([condition, status, name, meaning, remedy]),
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
  ].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
