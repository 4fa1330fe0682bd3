/** Folder below the sub-path that holds nothing but probe objects (design 4). */
const FOLDER = '.wandb-storage-probe';
const MARK = 'wandb-operator-probe';

/** Prefix of all probe objects of one CR. */
export function probePrefix(path: string, uid: string): string {
  return `${path === '' ? '' : `${path}/`}${FOLDER}/${uid}/`;
}

/** What a probe writes: small, and recognisable as ours before it is deleted. */
export function probeBody(uid: string, nonce: string, time: string): Uint8Array {
  return Buffer.from(JSON.stringify({ kind: MARK, uid, nonce, time }));
}

/** Whether a body is that of a probe object of this CR; with `nonce`, of exactly that one. */
export function isProbeBody(body: Uint8Array, uid: string, nonce?: string): boolean {
  if (body.length > 1024) return false;
  try {
    const parsed = JSON.parse(Buffer.from(body).toString('utf8')) as Record<string, unknown> | null;
    return parsed?.['kind'] === MARK && parsed['uid'] === uid && (nonce === undefined || parsed['nonce'] === nonce);
  } catch {
    return false;
  }
}
