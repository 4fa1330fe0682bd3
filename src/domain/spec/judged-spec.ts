import { sha256 } from '../../base/digest.ts';

/** Fields that do not affect the validation of the bucket: an edit of these alone does not ask for another one. */
const BESIDE: readonly string[] = ['suspend', 'deletionPolicy'];

/**
 * Digest of the part of a spec that a validation depends on; 32 hex characters. The order of the fields does not
 * matter.
 */
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
