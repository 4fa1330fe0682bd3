/** Folder below the sub-path that holds only probe objects. */
const FOLDER = '.wandb-storage-probe';
const MARK = 'wandb-operator-probe';

/** Far more than the size of a probe's body. */
const MAX_BODY_BYTES = 1024;

/** Prefix of all probe objects of one CR. */
export function probePrefix(path: string, uid: string): string {
  return `${path === '' ? '' : `${path}/`}${FOLDER}/${uid}/`;
}

/** The folders of that prefix that are nobody's but ours, the deeper one first, without a slash at the end. */
export function probeFolders(path: string, uid: string): readonly string[] {
  const own = probePrefix(path, uid).slice(0, -1);
  return [own, own.slice(0, own.lastIndexOf('/'))];
}

/** The body of a probe object: small, and recognisable as ours before it is deleted. */
export function probeBody(uid: string, nonce: string, time: string): Uint8Array {
  return Buffer.from(JSON.stringify({ kind: MARK, uid, nonce, time }));
}

/** Whether a body is that of a probe object of this CR; with `nonce`, of exactly that one. */
export function isProbeBody(body: Uint8Array, uid: string, nonce?: string): boolean {
  const parsed = parse(body);
  return parsed?.['kind'] === MARK && parsed['uid'] === uid && (nonce === undefined || parsed['nonce'] === nonce);
}

/** The nonce of a probe object's body. */
export function nonceOf(body: Uint8Array): string | undefined {
  const nonce = parse(body)?.['nonce'];
  return typeof nonce === 'string' ? nonce : undefined;
}

function parse(body: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  if (body.length > MAX_BODY_BYTES) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
