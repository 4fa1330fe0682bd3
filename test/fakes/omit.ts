/** The object without one of its fields. */
export function omit<T extends object, K extends keyof T>(object: T, field: K): Omit<T, K> {
  const { [field]: left, ...rest } = object;
  void left;
  return rest;
}
