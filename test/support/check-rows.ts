import { describe, expect, it } from '@jest/globals';
import { CHECK_REASONS, type CheckReasonName } from '../../src/checks/catalogue.ts';
import type { Check, CheckContext, CheckResult, GeneralReasonName } from '../../src/checks/check.ts';
import { COMMON_REASONS } from '../../src/checks/common-reasons.ts';
import { judgeAll } from '../../src/checks/judge.ts';
import { Secret } from '../../src/base/secret.ts';
import { createPseudonyms } from '../../src/dry-run/record/pseudonyms.ts';
import type { Observations } from '../../src/domain/observations/observations.ts';
import { contextOf } from './fakes/observations.ts';

/** What a check must say of something seen. */
export interface Row<Reason extends string = CheckReasonName> {
  readonly reason: Reason;
  readonly seen: Observations;
  readonly context?: CheckContext;
  readonly ignore?: readonly string[];
  /** What the person who must act needs to read in message or remedy. */
  readonly says: readonly string[];
}

/** The table test of one check: each row as it is judged, each reason of its own shown, no text too long or with a secret. */
export function describeCheck<Own extends CheckReasonName>(
  check: Check<string, Own>,
  rows: readonly Row<NoInfer<Own> | GeneralReasonName>[],
): void {
  const judged = (row: Row): CheckResult | undefined => {
    const results = judgeAll(row.seen, row.context ?? contextOf(), { ignore: row.ignore ?? [] });
    return results.find((result) => result.name === check.name);
  };

  describe(check.name, () => {
    it.each(rows)('says $reason', (row) => {
      const result = judged(row);
      const { reason } = result ?? {};
      expect({ reason, result: result?.result }).toEqual({
        reason: row.reason,
        result: CHECK_REASONS[row.reason].result,
      });
      const text = `${result?.message ?? ''} ${result?.remedy ?? ''}`;
      for (const part of row.says) expect(text).toContain(part);
    });

    it('judges a record with replaced names in the same way', () => {
      for (const row of rows) {
        const replaced = createPseudonyms(new Secret('0123456789abcdef'))({
          seen: row.seen,
          context: row.context ?? contextOf(),
        });
        const { result, reason } = judged({ ...row, ...replaced }) ?? {};
        expect({ result, reason }).toEqual({ result: judged(row)?.result, reason: row.reason });
      }
    });

    it('has a row for every reason of its own', () => {
      const tried = new Set<string>(rows.map((row) => row.reason));
      expect(Object.keys(check.reasons).filter((reason) => !tried.has(reason))).toEqual([]);
    });

    it('gives only reasons that are documented for it', () => {
      const documented = [...Object.keys(COMMON_REASONS), ...Object.keys(check.reasons)];
      expect(rows.map(({ reason }) => reason).filter((reason) => !documented.includes(reason))).toEqual([]);
    });

    it('says what to do, and stays short and free of secrets', () => {
      const path = `${'deep/'.repeat(178)}end`;
      for (const row of rows) {
        const context = row.context ?? contextOf();
        const long = { ...context, storage: { ...context.storage, path } };
        for (const result of [judged(row), judged({ ...row, context: long })]) {
          expect((result?.message ?? '').length).toBeLessThanOrEqual(2000);
          expect((result?.remedy ?? '').length).toBeLessThanOrEqual(2000);
          expect(JSON.stringify(result)).not.toMatch(/IOSFODNN/);
          if (result?.result === 'Fail') expect(result.remedy).not.toBe('');
        }
      }
    });
  });
}
