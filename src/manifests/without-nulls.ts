/**
 * A value as the API server judges it: fields of objects that are null are left out, as if they were not given. A null in
 * a list stays. Source: `PruneNonNullableNullsWithoutDefaults` of the API server; no field of the CRDs is nullable.
 */
export function withoutNulls<T>(value: T): T {
  return without(value) as T;
}

function without(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(without);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== null);
  return Object.fromEntries(fields.map(([name, field]) => [name, without(field)]));
}
