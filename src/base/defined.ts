/** The fields of `T` that may be undefined become optional, and are never undefined where they are present. */
export type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** The object without its undefined fields. */
export function defined<T extends object>(fields: T): Defined<T> {
  // A loop without arrays, because this is called for each claim in each run of the publisher.
  const kept: Record<string, unknown> = {};
  for (const name in fields) if (fields[name] !== undefined) kept[name] = fields[name];
  return kept as Defined<T>;
}

/** The object without some of its fields. */
export function without<T extends object, K extends keyof T & string>(fields: T, ...names: readonly K[]): Omit<T, K> {
  const left = Object.entries(fields).filter(([name]) => !(names as readonly string[]).includes(name));
  return Object.fromEntries(left) as Omit<T, K>;
}
