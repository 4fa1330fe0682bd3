import type { InstanceStorage } from '../../api/resources.ts';
import type { ConditionDraft } from '../../domain/conditions/conditions.ts';
import type { RolloutMemory } from '../../domain/delivery/rollout-plan.ts';
import type { ServerRun } from '../../domain/status/status-fields.ts';

/**
 * What of the published config the running server has, as far as the operator
 * can know it. `Unmanaged`: somebody else restarts the server, so nobody can
 * tell. `hash` is that of the published Secret.
 */
export type RolledOut =
  | { readonly kind: 'Unmanaged' }
  | { readonly kind: 'Pending'; readonly hash: string }
  | { readonly kind: 'Current'; readonly hash: string };

/** What is published, as far as a restart must know it. */
export type PublishedConfig =
  /** Publishing is at fault, or has not been looked at. */
  | { readonly kind: 'Unknown' }
  /** Nothing: no server is ever restarted onto it. */
  | { readonly kind: 'Empty' }
  | {
      readonly kind: 'Known';
      readonly hash: string;
      /** Whether the server would find the config. */
      readonly isDelivered: boolean;
      /** Claims that were published before and are served by nothing, after a recovery. */
      readonly unserved: readonly string[];
    };

/** What the delivery tells the other controllers about one instance, on a board under `namespace/name`. */
export interface InstanceDelivery {
  /** `Delivered` and `RolledOut`, where the spec asks for them. They gate nothing. */
  readonly conditions: readonly ConditionDraft[];
  readonly rolledOut: RolledOut;
  /** For `status.rollout`. */
  readonly memory?: RolloutMemory;
}

/** Whether the server runs with what is published under a hash. */
export function serverRun(
  instance: InstanceStorage | undefined,
  delivery: InstanceDelivery | undefined,
  publishedHash: string | undefined,
): ServerRun {
  // Nobody has looked yet, after a start.
  if (delivery === undefined) {
    return { kind: instance?.spec.delivery?.restart?.mode === 'Automatic' ? 'Pending' : 'Unmanaged' };
  }
  const { rolledOut, memory } = delivery;
  if (rolledOut.kind === 'Unmanaged') return { kind: 'Unmanaged' };
  if (rolledOut.kind === 'Pending' || rolledOut.hash !== publishedHash) return { kind: 'Pending' };
  return { kind: 'Current', ...(memory?.lastCompletionTime !== undefined && { since: memory.lastCompletionTime }) };
}
