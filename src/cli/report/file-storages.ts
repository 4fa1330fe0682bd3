import type { InstanceStorage, TeamStorage } from '../../api/resources.ts';
import { defined } from '../../base/defined.ts';
import { idOf, keyOf } from '../../domain/admission/world.ts';
import { countedResult, worstOf, type CheckReport, type Finding } from '../../dry-run/findings/check-report.ts';
import { overviewOf, storagesOf } from '../status/overview.ts';
import type { Line, ReportedStorage } from './report.ts';

/** The storages of files with what `byob check` finds. `judged`: with the statuses that the operator would write. */
export function fileStorages(
  { objects }: CheckReport,
  judged: readonly (InstanceStorage | TeamStorage)[],
): readonly ReportedStorage[] {
  const views = new Map(storagesOf(overviewOf(judged)).map((view) => [idOf(view), view]));
  const found = Map.groupBy(objects, ({ kind, namespace, name }) => `${kind}/${namespace}/${name}`);
  const storages = judged.filter((storage) => found.has(idOf(keyOf(storage))));
  return storages.flatMap((storage) => {
    const id = idOf(keyOf(storage));
    const view = views.get(id);
    // A storage that is there twice is one, with the findings of both.
    const findings = (found.get(id) ?? []).flatMap((object) => object.findings);
    if (view === undefined) return [];
    const isOpen = (finding: Finding): boolean => !isFolded(finding);
    const lines = { open: findings.filter(isOpen).map(lineOf), rest: findings.filter(isFolded).map(lineOf) };
    return [{ id, view, verdict: worstOf(findings.filter(isOpen)), ...lines }];
  });
}

/** Who reaches whose files has a section of its own. */
function isFolded(finding: Finding): boolean {
  const counted = countedResult(finding);
  return counted === 'Pass' || counted === 'Skip' || (counted === 'Warn' && finding.check === 'Isolated');
}

/** A finding with its place in a file. */
export function lineOf(finding: Finding): Line {
  const { check: name, reason, message, remedy, at } = finding;
  return {
    ...{ name, result: countedResult(finding), reason, place: `${at.file}:${at.line}:${at.column}` },
    ...defined({ message: message || undefined, remedy }),
  };
}
