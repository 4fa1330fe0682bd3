import { without } from '../../base/defined.ts';
import { ok } from '../../base/result.ts';
import type { BucketFailure } from './bucket-failure.ts';
import { isTransientStatus } from './http-status.ts';
import type { Observations, Observed } from './observations.ts';

/** Observations of a survey that hold for every path of the bucket, as one identity sees it. */
const SHARED = [
  'endpoint',
  'list',
  'region',
  'owner',
  'externalId',
  'settings',
  'bodyLimit',
  'preflight',
  'crossOrigin',
  'write',
  'presigned',
  'multipart',
  'hidesAbsence',
] as const satisfies readonly (keyof Observations)[];

/**
 * What holds for a bucket as one identity sees it, whatever the path. Facts are shared by claims, judgements are not:
 * each claim is judged with its own context.
 */
export type SurveyFacts = Partial<Pick<Observations, (typeof SHARED)[number]>>;

/**
 * The part of a probe's observations that other claims may use. Of its listing that is the success alone, and its count
 * of versions is that of one path.
 */
export function surveyFacts(seen: Omit<Observations, 'requests'>): SurveyFacts {
  const facts = Object.fromEntries(SHARED.flatMap((name) => (seen[name] === undefined ? [] : [[name, seen[name]]])));
  const { probeVersions, ...settings } = seen.settings ?? {};
  const shared = probeVersions?.ok === false ? { ...settings, probeVersions } : settings;
  const HEAD = seen.presigned?.HEAD;
  return {
    ...without(facts, 'presigned', 'crossOrigin', 'multipart'),
    ...(seen.crossOrigin !== undefined && { crossOrigin: without(seen.crossOrigin, 'PUT') }),
    ...(seen.multipart !== undefined && { multipart: without(seen.multipart, 'start', 'part', 'abort') }),
    ...(HEAD?.ok === true && { presigned: { HEAD } }),
    ...(seen.list?.ok === true && { list: ok({ keys: 0 }) }),
    ...(seen.settings !== undefined && { settings: shared }),
  };
}

/**
 * Whether a probe has seen everything that others need, and nothing of it is a refusal that may be of its own path
 * alone. A bucket that would keep what is written is surveyed by reading.
 */
export function isWholeSurvey(seen: Omit<Observations, 'requests'>): boolean {
  return keepsObjects(seen) || (wentThrough(seen) && wasUploadedInParts(seen));
}

/** An object was written, read and deleted by header. */
function wentThrough({ write, read, delete: deleted }: Omit<Observations, 'requests'>): boolean {
  if (write?.ok !== true || read?.ok !== true || deleted?.ok !== true) return false;
  return read.value.intact && deleted.value.gone;
}

/** The upload came as far as its completion: what came before is tried at each path. */
function wasUploadedInParts({ multipart = {} }: Omit<Observations, 'requests'>): boolean {
  const { start, part, complete, read, abort } = multipart;
  const isDenied = [start, part, complete, read, abort].some(
    (step) => step?.ok === false && step.error.kind === 'AccessDenied',
  );
  return (complete ?? read) !== undefined && !isDenied;
}

/** The observations of a trial, completed by what a survey found. What the trial saw itself decides. */
export function withSurvey(trial: Observations, facts: SurveyFacts): Observations {
  const { write, presigned, multipart, crossOrigin } = facts;
  return {
    ...without(facts, 'write', 'presigned', 'multipart', 'crossOrigin', 'hidesAbsence'),
    ...trial,
    ...(trial.write?.ok === true && write !== undefined && { write }),
    ...(trial.presigned?.DELETE !== undefined && { presigned: { ...presigned, ...trial.presigned } }),
    ...(trial.multipart !== undefined && { multipart: { ...multipart, ...trial.multipart } }),
    ...(trial.crossOrigin !== undefined && { crossOrigin: { ...crossOrigin, ...trial.crossOrigin } }),
  };
}

/** Whether the bucket's settings keep objects: nothing is written to it. */
export function keepsObjects({ settings }: Pick<Observations, 'settings'>): boolean {
  return settings?.retention?.ok === true && settings.retention.value.keeps.length > 0;
}

/** Whether it is known if an object could be deleted again: the store said so, or refuses to say it. */
export function isRetentionKnown({ settings }: Pick<Observations, 'settings'>): boolean {
  const retention = settings?.retention;
  return retention === undefined || retention.ok || !isPassing(retention.error);
}

/** A failure that passes by itself: no answer at all, or one that asks for another try. */
function isPassing({ httpStatus }: BucketFailure): boolean {
  return httpStatus === undefined || isTransientStatus(httpStatus);
}

/** The facts of a new survey, with the last good one in place of each that met a passing fault. */
export function steadied(last: SurveyFacts, next: SurveyFacts): SurveyFacts {
  return steady(last, next) as SurveyFacts;
}

/** Whether some fact met a passing fault. */
export function hasPassingFault(facts: SurveyFacts): boolean {
  return failures(facts).some(isPassing);
}

type Tree = Readonly<Record<string, unknown>>;

function steady(last: unknown, next: unknown): unknown {
  if (isObserved(next)) {
    const isKept = !next.ok && isPassing(next.error) && isObserved(last) && last.ok;
    return isKept ? last : next;
  }
  if (!isTree(next)) return next;
  const before = isTree(last) ? last : {};
  return Object.fromEntries(Object.entries(next).map(([name, value]) => [name, steady(before[name], value)]));
}

function failures(seen: unknown): readonly BucketFailure[] {
  if (isObserved(seen)) return seen.ok ? [] : [seen.error];
  return isTree(seen) ? Object.values(seen).flatMap(failures) : [];
}

/**
 * Identifies facts by what is judged of them: no ids of requests and versions, the clock by the minute, and a certificate
 * by its date, which does not change each day.
 */
export function factsKey(facts: SurveyFacts): string {
  return JSON.stringify(facts, (name, value: unknown) => {
    if (name === 'requestId' || name === 'daysLeft') return undefined;
    if (name === 'versionId') return true;
    return name === 'clockSkewSeconds' && typeof value === 'number' ? Math.round(value / 60) : value;
  });
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isObserved(value: unknown): value is Observed<unknown> {
  return isTree(value) && typeof value['ok'] === 'boolean';
}
