import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { CHECK_REASONS, type CheckReasonName } from '../../src/checks/reasons/check-reasons.ts';
import { REASON_PROOFS } from '../../src/checks/reasons/reason-proofs.ts';
import { NAMED_TESTS } from './failure-catalogue/named-tests.ts';
import { TABLE } from './failure-catalogue/table.ts';

const REASONS = Object.keys(CHECK_REASONS) as CheckReasonName[];
const SCRIPTED = new Set(TABLE.map(({ reason }) => reason));

/** What is proven of a reason, by the tests that there are. */
function found(reason: CheckReasonName): readonly string[] {
  const named = NAMED_TESTS[reason];
  const file = named?.file ?? '';
  const kind = /^(src|test\/checks)\//.test(file)
    ? 'rules'
    : /-(minio|gcs|azurite)\./.test(file)
      ? 'emulator'
      : 'scripted server';
  return [...(SCRIPTED.has(reason) ? ['scripted server'] : []), ...(named === undefined ? [] : [kind])];
}

describe('the failure catalogue', () => {
  it.each(REASONS)('has a test that shows %s, of the kind that its documentation says', (reason) => {
    expect(found(reason)).toContain(REASON_PROOFS[reason]);
  });

  it.each(Object.entries(NAMED_TESTS))('names a test for %s that exists', (_reason, { file, test }) => {
    expect(existsSync(file)).toBe(true);
    expect(readFileSync(file, 'utf8')).toContain(test);
  });

  it('claims no emulator where none showed the reason, and misses none that did', () => {
    for (const reason of REASONS) {
      expect([reason, REASON_PROOFS[reason] === 'emulator']).toEqual([reason, found(reason).includes('emulator')]);
    }
  });

  it('has more than 120 situations, each told apart', () => {
    const ids = TABLE.flatMap(({ id, providers }) => providers.map((provider) => `${provider}, ${id}`));
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    expect(ids.length).toBeGreaterThanOrEqual(120);
  });
});
