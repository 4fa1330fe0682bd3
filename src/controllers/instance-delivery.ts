import type { ConditionDraft } from '../domain/conditions.ts';

/**
 * What of the published config the running server has, as far as the operator
 * can know it. `Unmanaged`: somebody else restarts the server, so nobody can
 * tell. `hash` is that of the published Secret.
 */
export type RolledOut =
  | { readonly kind: 'Unmanaged' }
  | { readonly kind: 'Pending'; readonly hash: string }
  | { readonly kind: 'Current'; readonly hash: string };

/** What the delivery tells the other controllers about one instance, on a board under `namespace/name`. */
export interface InstanceDelivery {
  /** `Delivered` and `RolledOut`, where the spec asks for them. They gate nothing. */
  readonly conditions: readonly ConditionDraft[];
  readonly rolledOut: RolledOut;
}
