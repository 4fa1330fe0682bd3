import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { CHECK_REASONS, type CheckReasonName } from '../../src/checks/catalogue.ts';
import { NAMED_TESTS } from './failure-catalogue/named-tests.ts';
import { TABLE } from './failure-catalogue/table.ts';

const REASONS = Object.keys(CHECK_REASONS) as CheckReasonName[];
const SCRIPTED = new Set(TABLE.map(({ reason }) => reason));
/** The tables of the checks, each beside its check. */
const RULES = readdirSync('src/checks', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts'))
  .map((file) => readFileSync(`src/checks/${file}`, 'utf8'))
  .join('\n');

/** What is proven of a reason, by the tests that there are. */
function found(reason: CheckReasonName): readonly string[] {
  const named = NAMED_TESTS[reason];
  const file = named?.file ?? '';
  const kind = /-(minio|gcs|azurite)\./.test(file) ? 'emulator' : 'scripted server';
  return [
    ...(RULES.includes(`reason: '${reason}'`) || RULES.includes(`refusedToSignIn('${reason}'`) ? ['rules'] : []),
    ...(SCRIPTED.has(reason) ? ['scripted server'] : []),
    ...(named === undefined ? [] : [kind]),
  ];
}

describe('the failure catalogue', () => {
  it.each(REASONS)('has a test that shows %s, of the kind that its documentation says', (reason) => {
    expect(found(reason)).toContain(CHECK_REASONS[reason].proof);
  });

  it.each(Object.entries(NAMED_TESTS))('names a test for %s that exists', (_reason, { file, test }) => {
    expect(existsSync(file)).toBe(true);
    expect(readFileSync(file, 'utf8')).toContain(test);
  });

  it('claims no emulator where none showed the reason, and misses none that did', () => {
    for (const reason of REASONS) {
      expect([reason, CHECK_REASONS[reason].proof === 'emulator']).toEqual([
        reason,
        found(reason).includes('emulator'),
      ]);
    }
  });

  it('has more than 120 situations, each told apart', () => {
    const ids = TABLE.flatMap(({ id, providers }) => providers.map((provider) => `${provider}, ${id}`));
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    expect(ids.length).toBeGreaterThanOrEqual(120);
  });
});
