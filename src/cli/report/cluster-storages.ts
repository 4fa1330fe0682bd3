import type { InstanceStorage, TeamStorage } from '../../api/resources.ts';
import { defined } from '../../base/defined.ts';
import { idOf, keyOf } from '../../domain/admission/world.ts';
import { statusFindings } from '../../dry-run/findings/status-findings.ts';
import { countedResult, type UnplacedFinding } from '../../dry-run/findings/check-report.ts';
import { overviewOf, storagesOf, type StorageView } from '../status/overview.ts';
import type { Line, ReportedStorage, Verdict } from './report.ts';

/** What a server runs with: `byob status` shows it beside the problems. */
const OF_SERVER = new Set(['Delivered', 'RolledOut']);

/** The storages of a cluster with what their statuses say. */
export function clusterStorages(storages: readonly (InstanceStorage | TeamStorage)[]): readonly ReportedStorage[] {
  const objects = new Map(storages.map((storage) => [idOf(keyOf(storage)), storage]));
  return storagesOf(overviewOf(storages)).map((view) => {
    const id = idOf(view);
    const object = objects.get(id);
    const findings = object === undefined ? [] : statusFindings(object, { isLive: true, hasCluster: true });
    return reported(id, view, findings.map(lineOf));
  });
}

function reported(id: string, view: StorageView, lines: readonly Line[]): ReportedStorage {
  const ofServer = lines.filter(({ name, result }) => OF_SERVER.has(name) && result !== 'Pass' && result !== 'Skip');
  const open = [...view.problems, ...ofServer];
  const shown = new Set(open.map(({ name }) => name));
  return { id, view, verdict: verdictOf(view, open), open, rest: lines.filter(({ name }) => !shown.has(name)) };
}

function verdictOf({ ready }: StorageView, open: readonly Line[]): Verdict {
  if (ready?.status === 'True') return open.length === 0 ? 'Pass' : 'Warn';
  return ready?.status === 'False' ? 'Fail' : 'Unknown';
}

function lineOf(finding: UnplacedFinding): Line {
  const { check: name, reason, message, remedy } = finding;
  return { name, result: countedResult(finding), reason, ...defined({ message: message || undefined, remedy }) };
}
