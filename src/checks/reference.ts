import { CHECK_REASONS, type CheckReason } from '../api/check-reasons.ts';
import { CATALOGUE } from './catalogue.ts';

/** `docs/reference/checks.md`: every check and every reason, from the catalogue. */
export function renderChecksReference(): string {
  const checks = CATALOGUE.map(
    ({ name, gate, prerequisites, required, ignorable }) =>
      `| ${name} | ${gate} | ${required ? 'required' : 'advisory'} | ${prerequisites.join(', ') || 'none'} | ${ignorable ? 'yes' : 'no'} |`,
  );
  const reasons = Object.entries<CheckReason>(CHECK_REASONS).map(
    ([name, one]) =>
      `| ${name} | ${one.checks === 'any' ? 'any' : one.checks.join(', ')} | ${one.result} | ${one.class ?? ''} | ${one.meaning} | ${one.remedy} | ${one.codes.join(', ')} |`,
  );
  return [
    '# Checks and reasons',
    '',
    'Generated from the catalogue in code by `npm run generate`.',
    '',
    '## Checks, in the order in which a person would mend them',
    '',
    '| check | decides the condition | | judged after | may be ignored |',
    '|---|---|---|---|---|',
    ...checks,
    '',
    '## Reasons',
    '',
    'A failure of class `spec` waits for an edit; `external` is tried again after 30 s, 1, 2, 5 and then every 10 minutes; `transient` after seconds.',
    '',
    '| reason | check | result | class | meaning | remedy | codes of stores and sockets |',
    '|---|---|---|---|---|---|---|',
    ...reasons,
    '',
  ].join('\n');
}
