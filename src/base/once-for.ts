import { createTextSharing } from './sharing.ts';

/**
 * A pure function of an immutable object that is computed once for each object, and forgotten with it. Runs over
 * thousands of claims ask again for objects that have not changed.
 */
export function onceFor<K extends object, V>(compute: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, V>();
  return (key) => {
    if (known.has(key)) return known.get(key) as V;
    const value = compute(key);
    known.set(key, value);
    return value;
  };
}

/** The same for a text of which few different ones exist: equal ones are kept once. */
export function textOnceFor<K extends object>(compute: (key: K) => string): (key: K) => string {
  const share = createTextSharing();
  return onceFor((key) => share(compute(key)));
}
