import { age } from './age.ts';
import type { StorageView } from './overview.ts';

/** A former key that could be revoked this long ago is no news. */
const SHOWN_MS = 7 * 24 * 3_600_000;

/** What is to be done about the former key of a storage; nothing if its key was not replaced, or long ago. */
export function rotations({ kind, name, rotation }: StorageView, now: number): readonly string[] {
  const { rotatedAt, previousKeySafeToRevokeAfter: safeAfter } = rotation ?? {};
  if (rotatedAt === undefined) return [];
  const where = kind === 'TeamStorage' ? name : `${kind}/${name}`;
  const text = `${where}: replaced ${age(now - Date.parse(rotatedAt))} ago`;
  if (safeAfter === undefined) {
    return [`${text}. Keep the former key: it is not known that the server runs with the new one.`];
  }
  const left = Date.parse(safeAfter) - now;
  if (left > 0) return [`${text}. Keep the former key until ${safeAfter} (${age(left)} left).`];
  return left < -SHOWN_MS ? [] : [`${text}. The former key can be revoked since ${safeAfter}.`];
}
