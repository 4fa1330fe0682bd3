import { isProven } from '../../../src/checks/roll-up.ts';
import { probeBucket } from '../../contract/probe-outcome.ts';
import type { Place } from '../stores/store.ts';
import { roundTrip } from './round-trip.ts';

/** What the client meets where we name a reason that keeps files from being written. */
export const SIGNS: Readonly<Record<string, RegExp>> = {
  WriteDenied: /AccessDenied|AuthorizationPermissionMismatch/,
  SecretKeyWrong: /SignatureDoesNotMatch|failed to authenticate the request/i,
  CredentialsInvalid: /SignatureDoesNotMatch/,
  AccessKeyUnknown: /InvalidAccessKeyId/,
  BucketNotFound: /NoSuchBucket|ContainerNotFound/,
  RegionMismatch: /AuthorizationHeaderMalformed|AuthorizationQueryParametersError|wrong region/i,
  BodyTooLarge: /413 Request Entity Too Large/,
  TlsUntrusted: /x509: certificate signed by unknown authority/,
  RequestRefused: /403 Forbidden: body: <html>/,
};

/** What the client came to, and what we say of the same bucket. */
export interface Agreement {
  /** `Ready`, or the reason of the first check that fails. */
  readonly verdict: string;
  readonly works: boolean;
  /** What is not as it should be; none: they agree. */
  readonly faults: readonly string[];
}

interface Options {
  /** Of the large file. */
  readonly size?: number;
  /** It may succeed on a bucket that is not Ready. */
  readonly worksAnyway?: boolean;
}

/** Probes a bucket and lets W&B's client use it: it must succeed exactly if the bucket is Ready, and fail for our reason. */
export async function compareClient(place: Place, options: Options = {}): Promise<Agreement> {
  const { net, appOrigin } = place;
  const { results } = await probeBucket(place, { net, appOrigin });
  const failure = results.find(({ result }) => result === 'Fail') ?? results.find(({ result }) => result === 'Unknown');
  const verdict = isProven(results) ? 'Ready' : (failure?.reason ?? 'not judged');
  const { failures, log } = await roundTrip(place, options.size);
  const works = failures.length === 0;
  if (works && options.worksAnyway === true) return { verdict, works, faults: [] };
  return { verdict, works, faults: faultsOf(verdict, failures, `${failures.join('\n')}\n${log}`) };
}

function faultsOf(verdict: string, failures: readonly string[], said: string): readonly string[] {
  if (verdict === 'Ready') return failures.map((failure) => `the bucket is Ready, and the client says: ${failure}`);
  if (failures.length === 0) return [`the client can use the bucket, and we say ${verdict}`];
  const sign = SIGNS[verdict];
  if (sign?.test(said) === true) return [];
  return [`we say ${verdict}, and the client says: ${said.slice(0, 2000)}`];
}
