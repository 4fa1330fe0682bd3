import type { KubeFailure } from '../ports/kube.ts';

/** Largest answer that we read: a page of 500 objects is far smaller. */
export const MAX_BODY_BYTES = 64 * 1024 * 1024;

const MOST_FIELDS = 8;
/** `Retry-After` may come from a proxy and be of any length; a longer delay than this would look like a hang. */
const LONGEST_RETRY_AFTER_MS = 300_000;
/** The message of server-side apply for a manifest that does not fit the schema. */
const UNTYPED = /failed to create typed patch object \([^)]*\): \.([^:\s]+): /;

/** The parts of a `metav1.Status` that we read. Every type is possible: a proxy may have answered. */
interface StatusBody {
  readonly reason?: unknown;
  readonly message?: unknown;
  readonly details?: {
    readonly retryAfterSeconds?: unknown;
    readonly causes?: unknown;
    readonly name?: unknown;
    readonly group?: unknown;
    readonly kind?: unknown;
  } | null;
}

/** Longest name of an object or a group. A longer text is not a name, and shortened it would name something else. */
const MAX_NAME = 253;

interface StatusCause {
  readonly reason?: string;
  readonly message?: string;
  readonly field?: string;
}

/** Reads an answer with status 400 or more: a `metav1.Status`, or the answer of a proxy before the API server. */
export function failureOf(status: number, retryAfter: string | undefined, body: string): KubeFailure {
  const { reason, message, details } = parseStatus(body);
  const retryAfterMs = retryMs(retryAfter) ?? retryMs(details?.retryAfterSeconds);
  const causes = Array.isArray(details?.causes) ? (details.causes as readonly StatusCause[]) : [];
  const conflicts = causes
    .filter((cause) => cause.reason === 'FieldManagerConflict')
    .map((cause) => ({ manager: /"([^"]+)"/.exec(cause.message ?? '')?.[1] ?? 'unknown', field: cause.field ?? '' }));
  const about = aboutOf(details);
  const fields = fieldsOf(causes, message);
  return {
    status,
    reason: typeof reason === 'string' && reason !== '' ? reason : `Http${status}`,
    message: (typeof message === 'string' ? message : `the server answered ${status}`).slice(0, 1024),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(conflicts.length > 0 && { conflicts }),
    ...(about !== undefined && { details: about }),
    ...(fields.length > 0 && { fields }),
  };
}

/** The object that the answer is about; texts that cannot be names are left out. */
function aboutOf(details: StatusBody['details']): KubeFailure['details'] {
  const about = Object.fromEntries(
    (['name', 'group', 'kind'] as const).flatMap((field) => {
      const value = details?.[field];
      return typeof value === 'string' && value !== '' && value.length <= MAX_NAME ? [[field, value]] : [];
    }),
  );
  return Object.keys(about).length === 0 ? undefined : about;
}

/** The fields that the server refused. A field that its schema does not have is only in the message; some have no name (`<nil>`). */
function fieldsOf(causes: readonly StatusCause[], message: unknown): readonly string[] {
  const named = causes
    .filter(({ reason, field }) => reason !== 'FieldManagerConflict' && typeof field === 'string')
    .map(({ field = '' }) => field);
  const typed = typeof message === 'string' ? UNTYPED.exec(message)?.[1] : undefined;
  const fields = [...named, ...(typed === undefined ? [] : [typed])].filter((field) => /^[a-z]/i.test(field));
  return [...new Set(fields)].slice(0, MOST_FIELDS);
}

/** What is wrong, by the reason, where an answer or the lack of one is our own finding. */
const FINDINGS: Readonly<Record<string, string>> = {
  NotLeading: 'this process does not lead and must not write',
  ResponseTooLarge: 'the answer of the API server is too large',
  SyntaxError: 'the answer of the API server is not JSON',
  NotAList: 'the answer of the API server is not a list',
};

/** The failure of a request that got no usable answer. */
export function noAnswer(error: unknown): KubeFailure {
  const { code, name, cause } = (error ?? {}) as { code?: unknown; name?: unknown; cause?: { code?: unknown } };
  const reason = [cause?.code, code, name].find((value): value is string => typeof value === 'string' && value !== '');
  const message = FINDINGS[reason ?? ''] ?? 'the API server did not answer';
  return { status: 0, reason: reason ?? 'Unknown', message };
}

function parseStatus(body: string): StatusBody {
  try {
    const value = JSON.parse(body) as StatusBody | null;
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

function retryMs(seconds: unknown): number | undefined {
  return /^\d{1,6}$/.test(String(seconds)) ? Math.min(Number(seconds) * 1000, LONGEST_RETRY_AFTER_MS) : undefined;
}

/** The failure of a status write with whole names of fields: API server 1.30 leaves `status.` out. */
export function ofStatus(failure: KubeFailure): KubeFailure {
  const { fields } = failure;
  if (fields === undefined) return failure;
  return {
    ...failure,
    fields: fields.map((field) => (/^(status|metadata)\b/.test(field) ? field : `status.${field}`)),
  };
}
