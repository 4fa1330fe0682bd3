/** More different values than this are rarely in use at once. What was shared before stays shared. */
const MOST = 10_000;

/**
 * Keeps equal immutable values once: returns the first of those that are equal as JSON. Thousands of objects hold the
 * same results and messages, and each text that is parsed from JSON is a new one.
 */
export function createSharing<T extends object>(): (value: T) => T {
  const known = new Map<string, T>();
  return (value) => {
    const key = JSON.stringify(value);
    const first = known.get(key);
    if (first !== undefined) return first;
    if (known.size >= MOST) known.clear();
    known.set(key, value);
    return value;
  };
}
