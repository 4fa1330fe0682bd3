/**
 * The reasons of all conditions except those of checks. Each table is in the folder of its idea.
 * `docs/reference/conditions.md` is generated from it, and the compiler refuses a reason that is not listed.
 */
import { ACCEPTED_REASONS, ISOLATED_REASONS } from '../admission/reasons.ts';
import { CREDENTIALS_REASONS } from '../credentials/reasons.ts';
import { DELIVERY_REASONS } from '../delivery/reasons.ts';
import { PROVISION_REASONS } from '../provision/reasons.ts';
import { PUBLISHED_REASONS } from '../publication/reasons.ts';
import { READY_REASONS, RECONCILING_REASONS, STATUS_REASONS } from '../status/reasons.ts';
import { BUCKET_GATE_REASONS } from '../validation/reasons.ts';

/** Reasons of the gates, in the order of the gates. */
export const GATE_REASONS = {
  Accepted: ACCEPTED_REASONS,
  CredentialsResolved: CREDENTIALS_REASONS,
  'BucketReachable, BucketUsable and BrowserAccess': BUCKET_GATE_REASONS,
  Published: PUBLISHED_REASONS,
  Isolated: ISOLATED_REASONS,
} as const;

/** All tables. */
export const CONDITION_REASONS = {
  ...GATE_REASONS,
  Ready: { ...READY_REASONS, ...STATUS_REASONS },
  Reconciling: RECONCILING_REASONS,
  'Delivered and RolledOut': DELIVERY_REASONS,
  Provisioned: PROVISION_REASONS,
} as const;

type Table = (typeof CONDITION_REASONS)[keyof typeof CONDITION_REASONS];
type NameIn<T> = T extends unknown ? keyof T & string : never;
type ClassIn<T, Name> = T extends Readonly<Record<Name & string, { readonly class: infer Class }>> ? Class : never;

/** A reason of the catalogue. */
export type ConditionReasonName = NameIn<Table>;

/** Who must act for a reason; `never` if no action is needed. */
export type ClassOf<Name extends ConditionReasonName> =
  ClassIn<Table, Name> extends infer Class ? (Class extends readonly (infer One)[] ? One : Class) : never;
