import type { BucketFailure } from '../domain/observations/bucket-failure.ts';
import type { Result } from '../base/result.ts';

/** A request without any SDK: to a pre-signed URL, a preflight, an anonymous read. */
export interface PlainRequest {
  readonly method: string;
  /** May hold a signature: never logged. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** PEM certificates to trust besides the system's. */
  readonly caBundle?: string;
}

/** The other end of the connection on which an answer came. */
export interface Peer {
  /** Whether its address is public; absent behind a proxy. */
  readonly isPublic?: boolean;
  /** With TLS only. */
  readonly certificate?: {
    /** In milliseconds since the epoch. */
    readonly validTo: number;
    /** Whether its chain ends at a CA of the system, not at one of the request's own. */
    readonly systemCa: boolean;
  };
}

/** An answer with any status. Redirects are answers: they are not followed. */
export interface PlainResponse {
  readonly status: number;
  /** Names in lower case; repeated headers joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** At most 64 KiB. */
  readonly body: Uint8Array;
  /** `direct`, or the proxy's host and port. */
  readonly route: string;
  readonly peer?: Peer;
}

/**
 * Plain HTTP through the guarded connector. Fails as a value: `EndpointForbidden`,
 * the socket and TLS kinds, `DeadlineExceeded`, `ResponseTooLarge`.
 */
export interface PlainHttp {
  send(request: PlainRequest, signal: AbortSignal): Promise<Result<PlainResponse, BucketFailure>>;
}
