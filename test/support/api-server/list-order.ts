/**
 * Places of the items of two lists when one is laid over the other, after
 * `mergingWalker.visitListItems`: shared items in the order of the applied
 * list, those of others before the next shared one. The elements of each list are distinct.
 */
export function mergedOrder(live: readonly string[], applied: readonly string[]): readonly string[] {
  const theirs = new Set(live);
  const ours = new Set(applied);
  const shared = applied.filter((element) => theirs.has(element));
  const out: string[] = [];
  const left = [...live];
  const right = [...applied];

  function take(element: string): void {
    out.push(element);
    if (shared[0] === element) shared.shift();
  }

  while (left.length > 0 || right.length > 0) {
    const [item = ''] = left;
    if (left.length > 0 && !ours.has(item)) {
      out.push(item);
      left.shift();
    } else if (left.length > 0 && (out.includes(item) || (right.length > 0 && item !== shared[0]))) {
      // It has its place where the applied list has it.
      left.shift();
    } else {
      const next = right.shift();
      if (next !== undefined) take(next);
      if (left[0] === next) left.shift();
    }
  }
  return out;
}
