/** A request that the operator sent to the store, with the names in it replaced so that it can be sent for another team. */
export interface RecordedRequest {
  readonly method: string;
  /** With `{bucket}` and `{path}` in place of the names. */
  readonly path: string;
  /** Decoded; without a signature. `{upload}` is the id that the store gave to the last upload in parts. */
  readonly query: readonly (readonly [string, string])[];
  /** Without those of the connection and of a signature. */
  readonly headers: Readonly<Record<string, string>>;
  readonly signedBy: 'nothing' | 'header' | 'query';
  /** Base64. */
  readonly body: string;
  /** `Content-Length` of a body that is announced and never sent (`Expect: 100-continue`). */
  readonly announcedBytes?: number;
}
