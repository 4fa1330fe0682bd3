import { sha256 } from '../../base/digest.ts';

/** Fields that say nothing about whether the bucket is good: who edits them alone has asked for no other verdict. */
const BESIDE: readonly string[] = ['suspend', 'deletionPolicy'];

/** Names what of a spec a verdict is about; 32 hex characters. The order of the fields does not matter. */
export function judgedSpec(spec: object): string {
  const judged = Object.entries(spec).filter(([name]) => !BESIDE.includes(name));
  return sha256(JSON.stringify(sorted(Object.fromEntries(judged)))).slice(0, 32);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([name, item]) => [name, sorted(item)]));
}
