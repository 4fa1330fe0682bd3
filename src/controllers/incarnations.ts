/**
 * Remembers which object stands behind each key. To be called at each look with the UID of the object, or `undefined`
 * where there is none; `forget` is called once the object of before is gone, deleted or replaced by another of its name.
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
