/** Items that wait: groups take turns, and within a group they come in the order of arrival. */
export interface FairQueue<T> {
  readonly size: number;
  add(group: string, item: T): void;
  remove(group: string, item: T): void;
  take(): T | undefined;
}

export function createFairQueue<T>(): FairQueue<T> {
  /** The group that was served last is at the end. */
  const groups = new Map<string, Set<T>>();
  let size = 0;

  function remove(group: string, item: T): void {
    const items = groups.get(group);
    if (items?.delete(item) !== true) return;
    size -= 1;
    if (items.size === 0) groups.delete(group);
  }

  return {
    get size() {
      return size;
    },
    add(group, item) {
      const items = groups.get(group) ?? new Set();
      items.add(item);
      groups.set(group, items);
      size += 1;
    },
    remove,
    take() {
      for (const [group, items] of groups) {
        for (const item of items) {
          remove(group, item);
          if (groups.delete(group)) groups.set(group, items);
          return item;
        }
      }
      return undefined;
    },
  };
}
