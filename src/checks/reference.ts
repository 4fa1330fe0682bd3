import { CHECK_REASONS, NEUTRAL_REASONS } from '../api/check-reasons.ts';
import { CHECKS, NEVER_IGNORED } from './catalogue.ts';

/** `docs/reference/checks.md`: every check and every reason. */
export function renderChecksReference(): string {
  const checks = CHECKS.map(
    ({ name, gate, after }) =>
      `| ${name} | ${gate} | ${after.join(', ') || 'none'} | ${NEVER_IGNORED.has(name) ? 'no' : 'yes'} |`,
  );
  const reasons = Object.entries(CHECK_REASONS).map(
    ([name, one]) =>
      `| ${one.check} | ${name} | ${one.failureClass} | ${one.meaning} | ${one.remedy} | ${one.codes.join(', ')} |`,
  );
  const neutral = Object.entries(NEUTRAL_REASONS).map(([name, meaning]) => `| ${name} | ${meaning} |`);
  return [
    '# Checks and reasons',
    '',
    'Generated from the catalogue in code by `npm run generate`.',
    '',
    '## Checks, in their order',
    '',
    '| check | decides the condition | after | can be ignored |',
    '|---|---|---|---|',
    ...checks,
    '',
    '## Reasons of failures and warnings',
    '',
    'Class `spec` waits for an edit, `external` is tried again after 30 s, 1, 2, 5 and then every 10 minutes, `transient` after seconds.',
    '',
    '| check | reason | class | meaning | remedy | codes |',
    '|---|---|---|---|---|---|',
    ...reasons,
    '',
    '## Other reasons',
    '',
    '| reason | meaning |',
    '|---|---|',
    ...neutral,
    '',
  ].join('\n');
}
