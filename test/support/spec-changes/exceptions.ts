/** What a field is excepted from, and why. */
interface Exception {
  /** Kinds and paths of the fields. */
  readonly field: RegExp;
  readonly reason: string;
}

/** Fields of which no good object takes a value. A row that is not needed fails the test. */
export const NEVER_ACCEPTED: readonly Exception[] = [];

/** Fields that are not taken away, because that cannot be taken back. */
export const NEVER_UNSET: readonly Exception[] = [
  {
    field: /^TeamStorage spec\.bucket(From)?$/,
    reason: 'The team was on the instance bucket then, and its status goes on to say that files may be left there.',
  },
];

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

/** Fields of which neither the status nor what is published shows a change, on the objects of these tests. */
const SHOWS_NOTHING: readonly Exception[] = [
  { field: /spec\.(suspend|validation\.mode)$/, reason: 'What was proven stands.' },
  {
    field: /spec\.(bucketChangePolicy|deletionPolicy)$/,
    reason: 'It counts when the bucket changes or the object goes.',
  },
  {
    field: /\.(interval|fullInterval|minInterval)$/,
    reason: 'It counts later: domain/validation/probe-schedule.test.',
  },
  { field: /spec\.deployment\.availability$/, reason: 'Each value that is accepted offers every provider.' },
  {
    field: /spec\.(deployment\.apiKeySecretRef|delivery\.(weightsAndBiases|restart\.selector))/,
    reason: 'The operator may not ask W&B, and there is no server: scenario/provisioning and scenario/delivery.',
  },
  {
    field: /spec\.(deployment\.cloud|fileStores\.)/,
    reason: 'No team has an entry there: domain/publication/written-format.test and outputs.test.',
  },
  { field: /^TeamStorage spec\.isolation$/, reason: 'The team is alone on its bucket: scenario/isolation.' },
  {
    field: /^TeamStorage spec\.(bucket\.s3Compatible\.endpoint|bucketFrom\.\w+Ref\.name)$/,
    reason: 'There is one such store and one such object: scenario/lifecycle.',
  },
];

export function mayShowNothing(field: string): boolean {
  return SHOWS_NOTHING.some((row) => row.field.test(field));
}
