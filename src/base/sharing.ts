/** More different values than this are rarely in use at once. What was shared before stays shared. */
const MOST = 2_000;

/**
 * Keeps equal immutable values once: returns the first of those with the same text, by default their JSON. Thousands of
 * objects hold the same results and messages, and each text that is parsed from JSON is a new one.
 */
export function createSharing<T>(textOf: (value: T) => string = JSON.stringify): (value: T) => T {
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

/** Longer texts are rarely equal, and looking them up costs more. */
const LONGEST = 512;

/** Keeps equal texts once. */
export function createTextSharing(): (text: string) => string {
  const share = createSharing<string>((text) => text);
  return (text) => (text.length > LONGEST ? text : share(text));
}

/** Replaces each text in a value that was parsed from JSON, and that nobody else uses yet, by the shared one. */
export function shareTextsIn(value: unknown, share: (text: string) => string): void {
  if (typeof value !== 'object' || value === null) return;
  const fields = value as Record<string, unknown>;
  for (const name of Object.keys(fields)) {
    const field = fields[name];
    if (typeof field === 'string') fields[name] = share(field);
    else shareTextsIn(field, share);
  }
}
