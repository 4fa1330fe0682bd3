/** What a field is excepted from, and why. */
interface Exception {
  /** Kinds and paths of the fields. */
  readonly field: RegExp;
  readonly reason: string;
}

/** Fields of which no good object takes a value. A row that is not needed fails the test. */
export const NEVER_ACCEPTED: readonly Exception[] = [];

/** What stays after a change was taken back, by its path in what is compared. */
export const STAYS: readonly (Exception & { readonly at: RegExp })[] = [
  {
    field: /(secretRef|accessKeyIdKey|secretAccessKeyKey|accessKey|[cC]redentials|serviceAccountKey|accountKey|\.key)/,
    at: /^status\.rotation\.(rotatedAt|previousKeySafeToRevokeAfter): absent -> "a time"$/,
    reason: 'The status says when the published key was last replaced, and that was by this change.',
  },
];

/** Whether a difference to the state before is one that stays by the contract. */
export function stays(fields: readonly string[], difference: string): boolean {
  return STAYS.some(({ field, at }) => at.test(difference) && fields.some((one) => field.test(one)));
}
