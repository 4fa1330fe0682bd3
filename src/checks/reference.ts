import { RETRIES } from '../domain/conditions/failure-class.ts';
import type { CheckReason } from './check-reason.ts';
import { CATALOGUE, CHECK_REASONS, checksThatGive, type CheckReasonName } from './catalogue.ts';

const DECIDED_BY = { Survey: 'survey', Both: 'survey and trial', Trial: 'trial' } as const;

/** `docs/reference/checks.md`: every check and every reason, from the catalogue that the operator uses. */
export function renderChecksReference(): string {
  const checks = CATALOGUE.map(({ name, gate, required, ignorable, decidedBy, prerequisites }) =>
    row([
      name,
      gate,
      required === 'WhenKnown' ? 'where it is known' : required ? 'yes' : 'no',
      DECIDED_BY[decidedBy ?? 'Trial'],
      ignorable === 'WithFlag' ? 'with --allow-public-buckets' : ignorable ? 'yes' : 'no',
      prerequisites.map((prerequisite) => prerequisite.name).join(', ') || 'none',
    ]),
  );
  const reasons = (Object.entries(CHECK_REASONS) as [CheckReasonName, CheckReason][]).map(([name, reason]) => {
    const checks = checksThatGive(name);
    return row([
      name,
      checks === 'any' ? 'any' : checks.join(', '),
      reason.result,
      reason.class ?? '',
      reason.meaning,
      reason.remedy,
      reason.codes.join(', '),
      reason.proof,
    ]);
  });
  return [
    '# Checks and reasons',
    '',
    'Generated from the catalogue in code by `npm run generate`.',
    '',
    '## Checks, in the order in which failures should be fixed',
    '',
    'Decided by: a survey decides for all storages of a bucket, a trial for one path ([survey and trial](../explanation/validation.md#survey-and-trial)).',
    '',
    row(['check', 'decides the condition', 'required', 'decided by', 'can be ignored', 'after']),
    row(['---', '---', '---', '---', '---', '---']),
    ...checks,
    '',
    '## Reasons',
    '',
    `Class ${(['spec', 'external', 'transient'] as const).map((one) => `\`${one}\` ${RETRIES[one]}`).join('; ')}.`,
    '',
    'Proof: the test that shows the reason runs on a real store or its `emulator`, on the `scripted server`, which answers as the provider does but for one fault, or on the `rules` alone.',
    '',
    row(['reason', 'checks', 'result', 'class', 'meaning', 'remedy', 'codes', 'proof']),
    row(['---', '---', '---', '---', '---', '---', '---', '---']),
    ...reasons,
    '',
  ].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
