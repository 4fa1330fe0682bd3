const MOST = 3;

/** The names that a misspelled or shortened one may stand for, the nearest first; none if nothing is near. */
export function nearestNames(wanted: string, names: readonly string[]): readonly string[] {
  const text = wanted.toLowerCase();
  if (text === '') return [];
  return names
    .map((name) => ({ name, distance: distanceTo(text, name.toLowerCase()) }))
    .filter(({ distance }) => distance <= Math.max(2, text.length / 3))
    .sort((left, right) => left.distance - right.distance || left.name.localeCompare(right.name))
    .slice(0, MOST)
    .map(({ name }) => name);
}

/** A part of a name that is long enough to mean something is as near as a name can be. */
function distanceTo(text: string, name: string): number {
  return text.length >= 4 && name.includes(text) ? 0 : editDistance(text, name);
}

/** How many characters have to be added, removed or replaced. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [done, character] of Array.from(from).entries()) {
    const next = [done + 1];
    for (const [index, wanted] of Array.from(to).entries()) {
      next.push(
        Math.min((next[index] ?? 0) + 1, (row[index + 1] ?? 0) + 1, (row[index] ?? 0) + (character === wanted ? 0 : 1)),
      );
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
