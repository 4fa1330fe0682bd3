import { FAILURE_REASONS } from '../../src/checks/failures/failure-reasons.ts';
import type { BucketFailureKind } from '../../src/domain/observations/bucket-failure.ts';
import type { ErrorCodes } from '../../src/domain/observations/error-codes.ts';
import { kindByStatus } from '../../src/domain/observations/http-status.ts';
import { AZURE_CODES, ENTRA_CODES } from '../../src/drivers/azure/error-codes.ts';
import { GCS_CODES, GOOGLE_IAM_CODES, GOOGLE_STS_CODES, IAM_DENIED_CODES } from '../../src/drivers/gcs/error-codes.ts';
import { NEVER_MADE_CODES, S3_CODES, STS_CODES, STS_DENIED_CODES } from '../../src/drivers/s3/error-codes.ts';

/** What the operator reports where it depends on the request, or is no failure by itself. */
const BY_REQUEST: Readonly<Partial<Record<BucketFailureKind, string>>> = {
  AccessDenied: '`ListDenied`, `WriteDenied`, `ReadDenied`, `DeleteDenied` or another denial, by the request',
  ObjectNotFound: 'expected after a deletion; `ReadBackMissing` before it',
  PreconditionFailed: 'expected: the key is taken',
};

const SERVICES: readonly (readonly [
  title: string,
  codes: ErrorCodes,
  denied?: readonly [string, readonly string[]],
])[] = [
  ['S3, and stores that speak its API', S3_CODES],
  ['Azure Blob Storage', AZURE_CODES],
  ['Google Cloud Storage', GCS_CODES],
  ['AWS STS', STS_CODES, ['`RoleNotAssumable`', STS_DENIED_CODES]],
  ["Google's Security Token Service", GOOGLE_STS_CODES],
  [
    "Google's IAM service account credentials",
    GOOGLE_IAM_CODES,
    ['`ImpersonationDenied`, or `UrlSigningDenied` where a URL is signed', IAM_DENIED_CODES],
  ],
  ['Microsoft Entra', ENTRA_CODES],
];

const STATUSES = [400, 401, 403, 404, 405, 408, 409, 412, 413, 429, 500, 501, 502, 503, 504, 507];

/** `docs/reference/error-codes.md`: what the operator makes of the codes of the stores, from the tables of the drivers. */
export function renderErrorCodesReference(): string {
  return [
    '# Error codes of the stores',
    '',
    'Generated from the tables in code by `npm run generate`. Messages of checks end with the HTTP status and the code of the store, such as `(403 AccessDenied)`. This page says which [reason](checks.md#reasons) a code leads to.',
    '',
    'Some codes have several meanings; the operator then reads the sentence of the store as well. `AccessDenied`, for example, is also the word of some stores for an unknown key, a wrong signature, a cap on costs, or a KMS key that may not be used.',
    '',
    ...SERVICES.flatMap(([title, codes, denied]) => [`## ${title}`, '', ...table(codes, denied), '']),
    '## Settings that were never made',
    '',
    `These codes are no failure: ${NEVER_MADE_CODES.map(code).join(', ')}.`,
    '',
    '## Other codes, and answers without one',
    '',
    'The HTTP status decides:',
    '',
    row(['status', 'reason']),
    row(['---', '---']),
    ...STATUSES.map((status) => row([String(status), reasonOf(kindByStatus(status))])),
    '',
  ].join('\n');
}

/** `denied`: codes for a missing grant, whose meaning depends on what was asked. */
function table(codes: ErrorCodes, denied?: readonly [string, readonly string[]]): readonly string[] {
  const kinds = Object.entries(codes) as [BucketFailureKind, readonly string[]][];
  return [
    row(['codes', 'reason']),
    row(['---', '---']),
    ...(denied === undefined ? [] : [row([denied[1].map(code).join(', '), denied[0]])]),
    ...kinds.map(([kind, ofKind]) => row([ofKind.toSorted().map(code).join(', '), reasonOf(kind)])),
  ];
}

function reasonOf(kind: BucketFailureKind): string {
  return BY_REQUEST[kind] ?? code(FAILURE_REASONS[kind]);
}

function code(text: string): string {
  return `\`${text}\``;
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
