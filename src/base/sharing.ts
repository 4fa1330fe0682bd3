/** More different values than this are rarely in use at once. What was shared before stays shared. */
const MOST = 2_000;

/**
 * Keeps equal immutable values once: returns the first of those with the same text, by default their JSON. Thousands of
 * objects hold the same results and messages, and each text that is parsed from JSON is a new one.
 */
export function createSharing<T extends object>(textOf: (value: T) => string = JSON.stringify): (value: T) => T {
  const known = new Map<string, T>();
  return (value) => {
    const key = textOf(value);
    const first = known.get(key);
    if (first !== undefined) return first;
    if (known.size >= MOST) known.clear();
    known.set(key, value);
    return value;
  };
}
