/** The bytes that a Range header asks for; `undefined` where there is none of the form `bytes=1-9`. */
export function bytesInRange(range: string | undefined, body: Uint8Array): Uint8Array | undefined {
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? [];
  return first === undefined ? undefined : body.subarray(Number(first), Number(last) + 1);
}
