import type { World } from '../world.ts';
import type { Claims } from './claims.ts';
import type { KnownInstances } from './known.ts';
import type { Proofs } from './proofs.ts';
import type { Stored } from './stored.ts';

/** What each rule gets: the cluster, what is known, and where it reports a violation. */
export interface Context {
  readonly world: World;
  readonly stored: Stored;
  readonly claims: Claims;
  readonly proofs: Proofs;
  readonly instances: KnownInstances;
  readonly fail: (why: string) => void;
}

/** Whether something is so new that a request may have been on its way before it. */
export function isNew({ world }: Context, since: number): boolean {
  return world.clock.monotonic() - since <= world.slowestMs * 20;
}
