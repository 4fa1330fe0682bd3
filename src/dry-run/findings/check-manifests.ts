import { keyOf, keyText } from '../../api/object-key.ts';
import type { KubeObject } from '../../api/object.ts';
import type { StorageObject } from '../../controllers/storage/resolved-storage.ts';
import { explainProblem } from '../../domain/conditions/problem.ts';
import { apiFaults } from '../../manifests/api-faults.ts';
import type { FieldPath, Location, Manifest, UnreadablePart } from '../../manifests/manifest.ts';
import { dryRun, type DryRun, type DryRunInput } from '../dry-run.ts';
import { idOf, type GivenObjects, type GivenStorage } from '../given-objects.ts';
import type { CheckReport, Finding, ObjectReport, UnplacedFinding } from './check-report.ts';
import { isOfRunningServer, notJudged } from './not-judged.ts';
import { statusFindings, type StatusView } from './status-findings.ts';

export interface CheckOptions extends Omit<DryRunInput, 'objects'>, StatusView {}

/** A report, and the dry run that it is about. */
export interface Checked {
  readonly report: CheckReport;
  readonly run: DryRun;
}

/** Checks the storages among manifests as API server and operator would. */
export async function checkManifests(
  { storages, objects }: GivenObjects,
  unreadable: readonly UnreadablePart[],
  options: CheckOptions,
): Promise<Checked> {
  const run = await dryRun({ ...options, objects });
  const judged = new Map(run.storages.map((storage) => [idOf(storage), storage] as const));
  const seen = new Set<string>();
  const reports = storages.map((storage) => {
    const id = idOf(storage.stored);
    const isFirst = !seen.has(id);
    seen.add(id);
    return isFirst ? reportOf(storage, judged, options) : duplicateOf(storage);
  });
  const files = unreadable.map(({ at, message, reason = 'Unreadable' }): Finding => ({
    check: 'Manifest',
    result: 'Fail',
    reason,
    message,
    at,
  }));
  return { report: { isLive: options.isLive, objects: reports, files }, run };
}

function reportOf(
  { kind, manifest, stored, former }: GivenStorage,
  all: ReadonlyMap<string, StorageObject>,
  view: StatusView,
): ObjectReport {
  const judged = all.get(idOf(stored));
  const faults = apiFaults(kind, manifest.object, former);
  const ofManifest = faults.map(({ reason, message, path }): Finding => ({
    ...{ check: 'Manifest', result: 'Fail', reason, message },
    at: manifest.locate(path),
  }));
  const findings = judged === undefined ? [] : findingsOf(judged, all, view);
  // The operator would say again what the API server refuses.
  const others = findings.filter(({ reason }) => faults.length === 0 || reason !== 'InvalidSpec');
  const bucket = judged?.status?.bucket;
  return {
    ...headerOf(kind, manifest, stored),
    ...(bucket !== undefined && { bucket }),
    findings: [...(faults.length === 0 ? [accepted(manifest.at)] : ofManifest), ...others.map(placedIn(manifest))],
  };
}

/** What the dry run says of a storage, and that it says nothing of the running server. */
function findingsOf(
  judged: StorageObject,
  all: ReadonlyMap<string, StorageObject>,
  view: StatusView,
): readonly UnplacedFinding[] {
  const found = statusFindings(judged, view, instanceOf(judged, all));
  return [...found.filter(({ check }) => !isOfRunningServer(check)), ...notJudged(judged)];
}

function instanceOf(storage: StorageObject, all: ReadonlyMap<string, StorageObject>): StorageObject | undefined {
  const name = storage.kind === 'TeamStorage' ? storage.status?.instanceRef?.name : undefined;
  if (name === undefined) return undefined;
  return all.get(idOf({ ...storage, kind: 'InstanceStorage', metadata: { ...storage.metadata, name } }));
}

function headerOf(kind: string, { at }: Manifest, { metadata }: KubeObject) {
  return { kind, namespace: metadata.namespace ?? '', name: metadata.name, at };
}

function accepted(at: Location): Finding {
  return { check: 'Manifest', result: 'Pass', reason: 'Valid', message: 'The API server accepts it.', at };
}

function duplicateOf({ kind, manifest, stored }: GivenStorage): ObjectReport {
  const message = `${kind} ${keyText(keyOf(stored))} is there twice: the one that is applied last replaces the other.`;
  const finding = { check: 'Manifest', result: 'Fail', reason: 'Duplicate', message, at: manifest.at } as const;
  return { ...headerOf(kind, manifest, stored), findings: [finding] };
}

/** Places a finding at the field that its message names, or else at the part of the spec that it is about. */
function placedIn(manifest: Manifest): (finding: UnplacedFinding) => Finding {
  return (finding) => ({ ...finding, at: manifest.locate(fieldIn(explainProblem(finding)) ?? fieldOf(finding.check)) });
}

function fieldIn(message: string): FieldPath | undefined {
  const [named] = /\bspec(?:\.[A-Za-z][A-Za-z0-9]*|\[\d+\])+/.exec(message) ?? [];
  return named?.split(/[.[\]]+/).flatMap((part) => (part === '' ? [] : [/^\d+$/.test(part) ? Number(part) : part]));
}

function fieldOf(check: string): FieldPath {
  return check === 'Accepted' || check === 'Ready' ? [] : ['spec', 'bucket'];
}
