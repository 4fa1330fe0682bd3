import type { KubeObject } from '../../api/object.ts';
import { keyOf, keyText } from '../../api/object-key.ts';
import { GROUP } from '../../api/resources.ts';
import type { StorageObject } from '../../controllers/storage/resolved-storage.ts';
import { asStored } from '../as-stored.ts';
import { dryRun, type DryRun, type DryRunInput } from '../dry-run.ts';
import { apiFaults } from '../../manifests/api-faults.ts';
import type { FieldPath, Location, Manifest } from '../../manifests/manifest.ts';
import type { ParsedManifests } from '../../manifests/parse-manifests.ts';
import type { CheckReport, Finding, ObjectReport } from './check-report.ts';
import { statusFindings, type StatusView, type UnplacedFinding } from './status-findings.ts';

const STORAGE_KINDS = ['InstanceStorage', 'TeamStorage'] as const;
const REFERENCED_KINDS = ['Secret', 'ConfigMap', 'ServiceAccount'];

/** A storage of a file, as written and as an API server would store it. */
interface GivenStorage {
  readonly kind: (typeof STORAGE_KINDS)[number];
  readonly manifest: Manifest;
  readonly stored: KubeObject;
}

export interface CheckOptions extends Omit<DryRunInput, 'objects'>, StatusView {
  /** Namespace of objects that name none. */
  readonly namespace: string;
}

/** Checks the storages among manifests as API server and operator would. */
export async function checkManifests(
  { manifests, unreadable }: ParsedManifests,
  options: CheckOptions,
): Promise<CheckReport & { readonly run: DryRun }> {
  const storages = manifests.flatMap((manifest): readonly GivenStorage[] => {
    const kind = storageKind(manifest.object);
    return kind === undefined ? [] : [{ kind, manifest, stored: asStored(manifest.object, options.namespace) }];
  });
  const referenced = manifests
    .filter(({ object }) => object.apiVersion === 'v1' && REFERENCED_KINDS.includes(object.kind))
    .map(({ object }) => asStored(object, options.namespace));
  const run = await dryRun({ ...options, objects: [...storages.map(({ stored }) => stored), ...referenced] });
  const judged = new Map(run.storages.map((storage) => [idOf(storage), storage] as const));
  const seen = new Set<string>();
  const objects = storages.map((storage) => {
    const isFirst = !seen.has(idOf(storage.stored));
    seen.add(idOf(storage.stored));
    return isFirst ? reportOf(storage, judged.get(idOf(storage.stored)), options) : duplicateOf(storage);
  });
  const files = unreadable.map(({ at, message }): Finding => ({
    check: 'Manifest',
    result: 'Fail',
    reason: 'Unreadable',
    message,
    at,
  }));
  return { isLive: options.isLive, objects, files, run };
}

function storageKind({ apiVersion, kind }: KubeObject): GivenStorage['kind'] | undefined {
  return apiVersion.startsWith(`${GROUP}/`) ? STORAGE_KINDS.find((one) => one === kind) : undefined;
}

function idOf(object: KubeObject): string {
  return `${object.kind}/${keyText(keyOf(object))}`;
}

function reportOf(
  { kind, manifest, stored }: GivenStorage,
  judged: StorageObject | undefined,
  view: StatusView,
): ObjectReport {
  const faults = apiFaults(kind, manifest.object, undefined);
  const ofManifest = faults.map(({ reason, message, path }): Finding => ({
    ...{ check: 'Manifest', result: 'Fail', reason, message },
    at: manifest.locate(path),
  }));
  const findings = judged === undefined ? [] : statusFindings(judged, view);
  // The operator would say again what the API server refuses.
  const others = findings.filter(({ reason }) => faults.length === 0 || reason !== 'InvalidSpec');
  const bucket = judged?.status?.bucket;
  return {
    ...headerOf(kind, manifest, stored),
    ...(bucket !== undefined && { bucket }),
    findings: [...(faults.length === 0 ? [accepted(manifest.at)] : ofManifest), ...others.map(placedIn(manifest))],
  };
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
  return (finding) => ({ ...finding, at: manifest.locate(fieldIn(finding.message) ?? fieldOf(finding.check)) });
}

function fieldIn(message: string): FieldPath | undefined {
  const [named] = /\bspec(?:\.[A-Za-z][A-Za-z0-9]*|\[\d+\])+/.exec(message) ?? [];
  return named?.split(/[.[\]]+/).flatMap((part) => (part === '' ? [] : [/^\d+$/.test(part) ? Number(part) : part]));
}

function fieldOf(check: string): FieldPath {
  return check === 'Accepted' || check === 'Ready' ? [] : ['spec', 'bucket'];
}
