import type { InstanceStorage, TeamStorage } from '../../api/resources.ts';

/** The precedence class of a claim: bound (published once), holding a proof that counts, or neither. */
export interface Standing {
  readonly bound?: { readonly at: string; readonly revision: number };
  readonly proven: boolean;
}

/**
 * The order of precedence among claims, as a text: total, and the same on every machine. Bound before proven before
 * neither; then by age; then by name.
 */
export function precedence({ kind, metadata }: InstanceStorage | TeamStorage, standing: Standing): string {
  const { creationTimestamp = '', namespace = '', name } = metadata;
  const rank = standing.bound !== undefined ? 'a' : standing.proven ? 'b' : 'c';
  const { at = '', revision = 0 } = standing.bound ?? {};
  // The revision comes before the time, because clocks may be set back.
  return [rank, String(revision).padStart(16, '0'), at, creationTimestamp, kind, namespace, name].join('|');
}
