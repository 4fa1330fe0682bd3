import type { BucketStorage } from '../../domain/bucket/storage.ts';

/** A rule for names, with the message for a name that breaks it. */
export type NameRule = readonly [holds: (name: string) => boolean, says: string];

const NOT_AN_ADDRESS: NameRule = [(name) => !/^\d+\.\d+\.\d+\.\d+$/.test(name), 'it must not look like an IP address'];
const ENDS: NameRule = [
  (name) => /^[a-z0-9]/.test(name) && /[a-z0-9]$/.test(name),
  'it must begin and end with a letter or a digit',
];
const THREE_TO_63: NameRule = [(name) => name.length >= 3 && name.length <= 63, 'it must have 3 to 63 characters'];

/** General-purpose buckets of S3 (AWS documentation, "General purpose bucket naming rules"). */
const S3_RULES: readonly NameRule[] = [
  THREE_TO_63,
  [(name) => /^[a-z0-9.-]*$/.test(name), 'it may hold only lower-case letters, digits, dots and hyphens'],
  ENDS,
  [(name) => !name.includes('..'), 'it must not hold two dots in a row'],
  NOT_AN_ADDRESS,
  [(name) => !/^(xn--|sthree-|amzn-s3-demo-)/.test(name), 'prefixes xn--, sthree- and amzn-s3-demo- are reserved'],
  [
    (name) => !/(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(name),
    'suffixes -s3alias, --ol-s3, .mrap, --x-s3 and --table-s3 are reserved',
  ],
];

/** CoreWeave: the rules of S3, and its own reserved prefixes. */
const COREWEAVE_RULES: readonly NameRule[] = [
  ...S3_RULES,
  [(name) => !/^(cw-|vip-)/.test(name), 'prefixes cw- and vip- are reserved'],
];

/** GCS: names with dots may be longer, underscores are allowed, Google's own name is reserved. */
const GCS_RULES: readonly NameRule[] = [
  [
    (name) => name.length >= 3 && name.length <= (name.includes('.') ? 222 : 63),
    'it must have 3 to 63 characters (222 when it holds dots)',
  ],
  [(name) => /^[a-z0-9._-]*$/.test(name), 'it may hold only lower-case letters, digits, dots, hyphens and underscores'],
  ENDS,
  [
    (name) => name.split('.').every((label) => label !== '' && label.length <= 63),
    'each part between dots must have 1 to 63 characters',
  ],
  NOT_AN_ADDRESS,
  [(name) => !/^goog|google|g00gle/.test(name), 'it must not begin with goog nor hold google'],
];

/** Containers of Azure Blob Storage. */
const AZURE_RULES: readonly NameRule[] = [
  [(name) => !/^\$(root|web|logs)$/.test(name), '$root, $web and $logs are containers of the account itself'],
  THREE_TO_63,
  [(name) => /^[a-z0-9-]*$/.test(name), 'it may hold only lower-case letters, digits and hyphens'],
  ENDS,
  [(name) => !name.includes('--'), 'it must not hold two hyphens in a row'],
];

/** Rules of each provider for the names of buckets; the first broken one is reported. */
export const NAME_RULES: Readonly<Record<BucketStorage['provider'], readonly NameRule[]>> = {
  S3: S3_RULES,
  S3Compatible: S3_RULES,
  CoreWeave: COREWEAVE_RULES,
  GCS: GCS_RULES,
  AzureBlob: AZURE_RULES,
};
