import type { BucketFailure, BucketFailureKind } from '../../domain/observations/bucket-failure.ts';
import { kindsByCode } from '../../domain/observations/error-codes.ts';
import { kindByStatus } from '../../domain/observations/http-status.ts';
import { asJsonObject, own, text } from '../../domain/spec/json.ts';
import { GCS_CODES } from './error-codes.ts';

const KINDS = kindsByCode(GCS_CODES);

/** An error answer of GCS, of either API. */
export interface GcsAnswer {
  readonly httpStatus: number;
  readonly code?: string;
  /** Only matched, never passed on. */
  readonly message?: string;
  readonly requestId?: string;
}

/** The meaning of a 404 that does not say what is missing. */
export type Absent = 'BucketNotFound' | 'ObjectNotFound';

/** Classifies an answer with an error status. */
export function answerFailure(answer: GcsAnswer, absent: Absent = 'ObjectNotFound'): BucketFailure {
  return {
    kind: kindOf(answer, absent),
    httpStatus: answer.httpStatus,
    ...(answer.code !== undefined && { providerCode: answer.code.slice(0, 64) }),
    ...(answer.requestId !== undefined && { requestId: answer.requestId.slice(0, 128) }),
  };
}

function kindOf({ httpStatus, code, message = '' }: GcsAnswer, absent: Absent): BucketFailureKind {
  const kind = kindByCode(code) ?? byStatus(httpStatus, message, absent);
  if (kind === 'AccessDenied') return deniedBy(message);
  // The JSON API has the same reason `required` for every missing parameter.
  if (httpStatus === 400 && /requester pays/i.test(message)) return 'RequesterPays';
  // The code for an old token is also that for an old URL: ours are just signed, so only a clock can be the cause.
  return kind === 'CredentialsExpired' && /request has expired/i.test(message) ? 'ClockSkewed' : kind;
}

/** HEAD has no body, and the body of a refused download is not structured. */
function byStatus(httpStatus: number, message: string, absent: Absent): BucketFailureKind {
  return httpStatus === 404 ? (missing(message) ?? absent) : kindByStatus(httpStatus);
}

/** What refuses, where the code says no more than that it is refused. */
function deniedBy(message: string): BucketFailureKind {
  if (/cloud ?kms/i.test(message)) return 'KmsAccessDenied';
  return isAboutNetworks(message) ? 'NetworkDenied' : 'AccessDenied';
}

/** Whether a refusal is that of VPC Service Controls or of the IP filter of a bucket: no grant helps. */
export function isAboutNetworks(message: string): boolean {
  return /vpc ?service ?controls|IP filtering|prohibited by organization's policy/i.test(message);
}

function kindByCode(code: string | undefined): BucketFailureKind | undefined {
  if (code === undefined) return undefined;
  const key = code === code.toUpperCase() ? code : code.charAt(0).toLowerCase() + code.slice(1);
  return KINDS.get(key);
}

function missing(message: string): Absent | undefined {
  if (/bucket does not exist|no such bucket/i.test(message)) return 'BucketNotFound';
  return /no such object/i.test(message) ? 'ObjectNotFound' : undefined;
}

/**
 * Whether a refusal to create means that the key exists: GCS requires the permission
 * to delete for replacing an object, and checks it before our precondition.
 */
export function meansTaken({ httpStatus, message = '' }: GcsAnswer): boolean {
  return httpStatus === 403 && message.includes('storage.objects.delete');
}

type ErrorDocument = Pick<GcsAnswer, 'code' | 'message'>;

/** Reads an error document of either API; `undefined` for anything else. Only the known members are read, with a limit. */
export function parseErrorDocument(body: string): ErrorDocument | undefined {
  return body.includes('<Error>') ? parseXml(body) : parseJson(body);
}

function parseXml(body: string): ErrorDocument | undefined {
  const code = /<Code>([A-Za-z0-9_.]{1,64})<\/Code>/.exec(body)?.[1];
  if (code === undefined) return undefined;
  const texts = [/<Message>([^<]{0,1024})/, /<Details>([^<]{0,1024})/].map((one) => one.exec(body)?.[1] ?? '');
  return { code, message: texts.join(' ') };
}

function parseJson(body: string): ErrorDocument | undefined {
  const error = asJsonObject(own(asJsonObject(parsed(body)), 'error'));
  if (error === undefined || typeof own(error, 'code') !== 'number') return undefined;
  const errors = own(error, 'errors');
  const first = Array.isArray(errors) ? asJsonObject(errors[0]) : undefined;
  const code = [text(first, 'reason'), text(error, 'status')].find(
    (one) => one !== undefined && /^[A-Za-z0-9_.]{1,64}$/.test(one),
  );
  return { ...(code !== undefined && { code }), message: (text(error, 'message') ?? '').slice(0, 1024) };
}

/** The parsed JSON, or `undefined`. */
export function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
