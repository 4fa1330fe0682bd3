/** The object without one of its fields. */
export function omit<T extends object, K extends keyof T & string>(object: T, field: K): Omit<T, K> {
  return Object.fromEntries(Object.entries(object).filter(([key]) => key !== field)) as Omit<T, K>;
}
