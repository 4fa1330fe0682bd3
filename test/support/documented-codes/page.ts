import type { BucketFailureKind } from '../../../src/domain/observations/bucket-failure.ts';

/** The form in which a service refuses, and the code that reads it. */
export type Dialect = 's3' | 'azure' | 'gcs' | 'sts' | 'google sts' | 'google iam' | 'entra';

/** Groups of codes by HTTP status: `403 AccountProblem NotSignedUp; 402 PaymentRequired`. */
type Codes = string;

/** The documented error codes of one service. Each code of the page is in one of the parts. */
export interface DocumentedPage {
  readonly provider: string;
  /** The page, or the table in the source of the store. */
  readonly source: string;
  readonly dialect: Dialect;
  /** Codes that have a row in the operator, by what they mean. */
  readonly rows: Readonly<Partial<Record<BucketFailureKind, Codes>>>;
  /** Codes with several meanings: what the store says decides. */
  readonly said?: readonly (readonly [status: number, code: string, message: string, means: BucketFailureKind])[];
  /** Codes that are deliberately general: the HTTP status decides. By why. */
  readonly general: Readonly<Record<string, Codes>>;
  /** Codes that answer requests which a probe never sends. By which. */
  readonly unmet: Readonly<Record<string, Codes>>;
}

/** Why a code is general. */
export const FORM = 'the form of a request: only a fault of the operator, or a proxy on the way, causes it';
export const STATUS = 'the HTTP status says the same';
export const SETTING = 'a setting that was never made: the reader of the setting knows the code';

/** Which requests a probe never sends. */
export const BUCKETS = 'creating, changing and deleting buckets, and their settings';
export const FORMS = 'uploads by a form, SOAP, torrents, Select, batches, copies and tags';
export const FEATURES = 'features that W&B does not use';

/** One code of a list, with its HTTP status. */
export interface StatusAndCode {
  readonly status: number;
  readonly code: string;
}

/** Reads the notation of the pages. */
export function codesIn(text: Codes): readonly StatusAndCode[] {
  return text.split(';').flatMap((group) => {
    const [status, ...codes] = group.trim().split(/\s+/);
    return codes.map((code) => ({ status: Number(status), code }));
  });
}
