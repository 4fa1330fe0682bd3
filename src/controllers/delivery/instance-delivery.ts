import type { InstanceStorage } from '../../api/resources.ts';
import type { ConditionDraft } from '../../domain/conditions/conditions.ts';
import type { RolloutMemory } from '../../domain/delivery/rollout-plan.ts';
import type { ServerRun } from '../../domain/status/status-fields.ts';

/**
 * Whether the running server has the published config, as far as the operator knows. `Unmanaged`: the operator does not
 * restart the server, so it cannot know. `hash` is that of the published Secret.
 */
export type RolledOut =
  | { readonly kind: 'Unmanaged' }
  | { readonly kind: 'Pending'; readonly hash: string }
  | { readonly kind: 'Current'; readonly hash: string };

/** The published config, as far as a restart depends on it. */
export type PublishedConfig =
  /** Publishing failed, or has not been tried since the start. */
  | { readonly kind: 'Unknown' }
  /** Nothing is published: no server is restarted for that. */
  | { readonly kind: 'Empty' }
  | {
      readonly kind: 'Known';
      readonly hash: string;
      /** Whether the config is in the place from which the server reads it. */
      readonly isDelivered: boolean;
      /** Claims that were published before and have no entry, after a recovery. */
      readonly unserved: readonly string[];
    };

/** The delivery of one instance, in an observable map under `namespace/name`. */
export interface InstanceDelivery {
  /** `Delivered` and `RolledOut`, if the spec asks for them. They are not gates. */
  readonly conditions: readonly ConditionDraft[];
  readonly rolledOut: RolledOut;
  /** For `status.rollout`. */
  readonly memory?: RolloutMemory;
}

/** Whether the server runs with the config that is published under a hash. */
export function serverRun(
  instance: Pick<InstanceStorage, 'spec'> | undefined,
  delivery: InstanceDelivery | undefined,
  publishedHash: string | undefined,
): ServerRun {
  // The delivery has not run since the start.
  if (delivery === undefined) {
    return { kind: instance?.spec.delivery?.restart?.mode === 'Automatic' ? 'Pending' : 'Unmanaged' };
  }
  const { rolledOut, memory } = delivery;
  if (rolledOut.kind === 'Unmanaged') return { kind: 'Unmanaged' };
  if (rolledOut.kind === 'Pending' || rolledOut.hash !== publishedHash) return { kind: 'Pending' };
  return { kind: 'Current', ...(memory?.lastCompletionTime !== undefined && { since: memory.lastCompletionTime }) };
}
