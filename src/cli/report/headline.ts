import type { Report, Verdict } from './report.ts';
import { plural } from './texts.ts';

/** The worst of all storages. */
export function worstVerdict({ storages, unreadable }: Report): Verdict {
  if (unreadable.length > 0) return 'Fail';
  const order = ['Fail', 'Unknown', 'Warn'] as const;
  return order.find((verdict) => storages.some((storage) => storage.verdict === verdict)) ?? 'Pass';
}

/** How the storages are, in one or two sentences. */
export function headline(report: Report): string {
  return [sentence(report), lost(report), offline(report)].filter((text) => text !== '').join(' ');
}

function sentence({ storages, source }: Report): string {
  if (storages.length === 0) return 'There is no InstanceStorage and no TeamStorage.';
  const [failed = 0, undecided = 0, warned = 0] = (['Fail', 'Unknown', 'Warn'] as const).map(
    (verdict) => storages.filter((storage) => storage.verdict === verdict).length,
  );
  const of = (bad: number): string => `${bad} of ${plural(storages.length, 'storage')}`;
  const bad = failed + undecided;
  if (bad === 0) return allGood(storages.length, warned, source.kind === 'Cluster' ? 'Ready' : 'good');
  if (source.kind === 'Cluster') return `${of(bad)} ${bad === 1 ? 'is' : 'are'} not Ready.`;
  return failed === 0 ? `${of(undecided)} could not be decided.` : `${of(failed)} ${failed === 1 ? 'fails' : 'fail'}.`;
}

function allGood(number: number, warned: number, word: string): string {
  const all = number === 1 ? 'The storage is' : `All ${number} storages are`;
  return `${all} ${word}${warned === 0 ? '' : `, ${warned} with warnings`}.`;
}

function lost({ unreadable }: Report): string {
  return unreadable.length === 0 ? '' : `${plural(unreadable.length, 'part')} of the files could not be judged.`;
}

function offline({ source }: Report): string {
  return source.kind === 'Files' && !source.isLive ? 'The buckets were not asked: --live does that.' : '';
}
