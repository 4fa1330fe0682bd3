import { entraFailure } from '../../../src/drivers/azure/entra-failure.ts';
import { iamFailure, stsFailure } from '../../../src/drivers/gcs/federation-failure.ts';
import { replay, type Asked, type RealAnswer } from '../../contract/real-answers/replay.ts';
import type { Dialect, StatusAndCode } from './page.ts';

interface Answer extends StatusAndCode {
  readonly message?: string;
}

const REQUEST_ID = { 'x-amz-request-id': 'r-1', 'x-ms-request-id': 'r-1' };

function answer(provider: string, { status }: Answer, body: string, headers = {}): RealAnswer {
  return {
    provider,
    status,
    body,
    headers: { 'content-type': 'application/xml', ...REQUEST_ID, ...headers },
    situation: 'documented',
    source: 'documented',
    evidence: 'documented',
  };
}

/** An error document of S3, of the XML API of GCS, or of Azure. */
function xml({ code, message = 'A sentence.' }: Answer): string {
  const escaped = message.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${escaped}</Message></Error>`;
}

function stsXml({ code, message = 'A sentence.' }: Answer): string {
  return `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>r-1</RequestId></ErrorResponse>`;
}

/** Codes in capitals are statuses, the others reasons of the JSON API. */
function json({ status, code, message = 'A sentence.' }: Answer): string {
  const named = code === code.toUpperCase() ? { status: code } : { errors: [{ reason: code }] };
  return JSON.stringify({ error: { code: status, message, ...named } });
}

/** Statuses of google.rpc.Code; every other code of IAM is a reason beside one. */
const RPC_STATUSES =
  'CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED UNAUTHENTICATED RESOURCE_EXHAUSTED FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS'.split(
    ' ',
  );

/** An answer of Google's IAM: a status, or a reason with the status of a refusal. */
function google({ code, message = 'A sentence.' }: Answer): string {
  if (RPC_STATUSES.includes(code)) return JSON.stringify({ error: { status: code, message } });
  const details = [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: code }];
  return JSON.stringify({ error: { status: 'PERMISSION_DENIED', message, details } });
}

/** What the drivers make of a documented code, in each of the forms in which they can meet it. */
export const READERS: Readonly<Record<Dialect, (given: Answer) => Promise<readonly string[]>>> = {
  s3: (given) => asked(answer('S3', given, xml(given)), ['list', 'plain']),
  azure: (given) =>
    asked(answer('Azure Blob', given, xml(given), { 'x-ms-error-code': given.code }), ['list', 'plain']),
  gcs: async (given) => [
    ...(await asked(answer('GCS', given, json(given), { 'content-type': 'application/json' }), ['create'])),
    ...(await asked(answer('GCS', given, xml(given)), ['plain'])),
  ],
  sts: (given) => asked(answer('AWS STS', given, stsXml(given)), ['STS']),
  'google sts': (given) => Promise.resolve([stsFailure(given.status, JSON.stringify({ error: given.code })).kind]),
  'google iam': (given) => Promise.resolve([iamFailure('ImpersonationDenied')(given.status, google(given)).kind]),
  entra: ({ status, code }) =>
    Promise.resolve([entraFailure(status, JSON.stringify({ error_codes: [Number(code.replace('AADSTS', ''))] })).kind]),
};

function asked(given: RealAnswer, questions: readonly Asked[]): Promise<readonly string[]> {
  return Promise.all(questions.map((question) => replay(given, question)));
}

/** Asks an S3 bucket for the setting of which a code says that it was never made. */
export function neverMade(given: Answer): Promise<string> {
  const settings: readonly (readonly [RegExp, Asked])[] = [
    [/CORS/, 'cors'],
    [/Lifecycle/, 'lifecycle'],
    [/Lock/, 'retention'],
    [/Encryption/, 'encryption'],
  ];
  const setting = settings.find(([pattern]) => pattern.test(given.code))?.[1] ?? 'versioning';
  return replay(answer('S3', given, xml(given)), setting);
}
