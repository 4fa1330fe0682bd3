import { age } from './age.ts';
import type { StorageView } from './overview.ts';

/** A former key that could be revoked this long ago is no news. */
const SHOWN_MS = 7 * 24 * 3_600_000;

/** What is to be done about a former key. */
export type FormerKey =
  /** It is not known that the server runs with the new one. */
  | { readonly kind: 'Keep'; readonly rotatedAt: string }
  | { readonly kind: 'KeepUntil'; readonly rotatedAt: string; readonly until: string }
  | { readonly kind: 'Revocable'; readonly rotatedAt: string; readonly since: string };

/** The former key of a storage; none if its key was not replaced, or long ago. */
export function formerKeyOf({ rotation }: Pick<StorageView, 'rotation'>, now: number): FormerKey | undefined {
  const { rotatedAt, previousKeySafeToRevokeAfter: safeAfter } = rotation ?? {};
  if (rotatedAt === undefined) return undefined;
  if (safeAfter === undefined) return { kind: 'Keep', rotatedAt };
  const left = Date.parse(safeAfter) - now;
  if (left > 0) return { kind: 'KeepUntil', rotatedAt, until: safeAfter };
  return left < -SHOWN_MS ? undefined : { kind: 'Revocable', rotatedAt, since: safeAfter };
}

/** What is to be done about the former key of a storage, as lines. */
export function rotations(storage: StorageView, now: number): readonly string[] {
  const key = formerKeyOf(storage, now);
  if (key === undefined) return [];
  const where = storage.kind === 'TeamStorage' ? storage.name : `${storage.kind}/${storage.name}`;
  return [`${where}: replaced ${age(now - Date.parse(key.rotatedAt))} ago. ${adviceOf(key, now)}`];
}

function adviceOf(key: FormerKey, now: number): string {
  switch (key.kind) {
    case 'Keep':
      return 'Keep the former key: it is not known that the server runs with the new one.';
    case 'KeepUntil':
      return `Keep the former key until ${key.until} (${age(Date.parse(key.until) - now)} left).`;
    case 'Revocable':
      return `The former key can be revoked since ${key.since}.`;
  }
}
