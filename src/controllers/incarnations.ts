/**
 * Tracks which object has each key. To be called at each reconcile with the UID of the object, or `undefined` if there
 * is none; `forget` is called after the former object was deleted or replaced by another of its name.
 */
export function createIncarnations(
  forget: (uid: string, key: string) => void,
): (key: string, uid: string | undefined) => void {
  const uids = new Map<string, string>();
  return (key, uid) => {
    const before = uids.get(key);
    if (before !== undefined && before !== uid) forget(before, key);
    if (uid === undefined) uids.delete(key);
    else uids.set(key, uid);
  };
}
