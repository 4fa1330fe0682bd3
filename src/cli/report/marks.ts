import type { FindingResult } from '../../dry-run/findings/check-report.ts';
import { markup, type Html } from './html.ts';
import type { Report, Verdict } from './report.ts';

/** A sign and a word for each result: colour is never the only one. */
export const MARKS: Readonly<Record<FindingResult, { readonly sign: string; readonly word: string }>> = {
  Fail: { sign: '✗', word: 'Fails' },
  Unknown: { sign: '?', word: 'Not decided' },
  Warn: { sign: '!', word: 'Warning' },
  Pass: { sign: '✓', word: 'Passes' },
  Skip: { sign: '–', word: 'Skipped' },
};

const OF_CLUSTER = { Fail: 'Not Ready', Unknown: 'Not decided', Warn: 'Ready, with warnings', Pass: 'Ready' } as const;
const OF_FILES = { Fail: 'Fails', Unknown: 'Not decided', Warn: 'Good, with warnings', Pass: 'Good' } as const;

/** The word for how a storage is as a whole. */
export function verdictWord(verdict: Verdict, { source }: Pick<Report, 'source'>): string {
  return (source.kind === 'Cluster' ? OF_CLUSTER : OF_FILES)[verdict];
}

/** A word; the style sheet puts the sign before it. */
export function badge(result: FindingResult, word = MARKS[result].word): Html {
  return markup`<span class="badge ${result}">${word}</span>`;
}
