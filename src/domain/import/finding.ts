/** What is wrong, or does not say what W&B needs: what it means, and what is done about it. */
const MISTAKES = {
  SchemeMissing: 'The text has no scheme such as `s3://`, so it is no address.',
  SchemeUnknown: 'W&B knows the schemes `s3`, `cw`, `gs` and `az` only.',
  SchemeMisspelled:
    'The scheme is that of another tool: W&B takes `gs://` and not `gcs://`, `az://` and not `azure://`.',
  TwoQuestionMarks: 'Parameters are separated by `&`: all after a second `?` becomes part of the value before it.',
  ParameterUnknown: 'W&B reads `region`, `tls` and `forcePathStyle` only.',
  ParameterInvalid: '`tls` and `forcePathStyle` must be `true` or `false`.',
  KeyNotEncoded:
    'A key in an address must be percent-encoded: a slash in it ends the host. The key is taken as it is meant.',
  KeyIncomplete: 'Only one half of a key is given.',
  KeyMalformed: 'The private key of a service account is no RSA key in PEM.',
  PlaceholderLeft: 'A placeholder such as `<accessKey>` or `$(BUCKET_NAME)` stands where a value belongs.',
  BucketMissing: 'The address names no bucket.',
  BucketInHost: 'The bucket stands in the host; W&B takes the first part of the path for the bucket.',
  HostMissing: 'An entry with a key names the host of the store before the bucket, on AWS too.',
  HttpAddress: 'The address is a URL of HTTP. W&B takes `s3://host/bucket?tls=true`.',
  AzureHost: 'W&B takes the name of the storage account alone, without its domain.',
  CoreWeaveByS3: 'A bucket on CoreWeave is addressed by `cw://`, and not by its S3 compatible mode.',
  CoreWeaveHost: 'W&B reaches CoreWeave at `cwobject.com` only.',
  CoreWeaveIdentityNotAlone: 'W&B takes `cw://` only as the whole value, without other entries.',
  RegionMissing: 'No region is given. Without one W&B signs for `us-west-1`.',
  RegionDiffers: 'Host, parameter or setting name different regions. That of the address is taken.',
  CredentialConflict: 'One bucket has two different keys, and W&B uses one of them. The first one is taken.',
  VariablesDiffer: 'Two variables that should be equal have different values. The first one is taken.',
  NameHasScheme: 'The chart adds the scheme to the name of the bucket by itself.',
  ProviderUnknown: 'The provider is none of those that the chart knows.',
  SecretNotGiven: 'A value comes from a Secret or ConfigMap that is not among the files, so it is not imported.',
  ValueRefused: 'The value is found, but no storage can have it.',
} as const;

/** What was assumed or left out. */
const NOTES = {
  EntryRepeated: 'The same bucket with the same key stands there twice. It is taken once.',
  EmptyEntry: 'The list has empty entries, such as after a separator at its end.',
  QuotesAround: 'Quotes or white space around the value are left out.',
  SlashLeftOut: 'Empty parts of a path, such as after a slash at its end, are left out.',
  TlsNotStated: 'Without `tls=true` W&B uses plain HTTP for stores other than AWS and CoreWeave.',
  AddressAmbiguous: 'The first part can be a host or a bucket with dots on AWS. It is taken for a host.',
  EndpointOfAws: 'A FIPS, dual-stack or accelerated host of AWS: set it with `--aws-endpoint` of the operator.',
  Overridden: 'A variable of the environment takes precedence over the bucket of the chart.',
  SecretReused:
    'The existing Secret is referred to. It needs the label, and the keys in it must not be percent-encoded.',
  CaNotKnown: 'W&B trusts private CAs. If the store has one of these, name it in `caBundle`.',
} as const;

/** The meaning of everything that an import reports, in the order of the documentation. */
export const MEANINGS = { ...MISTAKES, ...NOTES };

export type FindingCode = keyof typeof MEANINGS;

/** Something that was noticed, and where. `detail` holds no character of a secret. */
export interface Finding {
  readonly code: FindingCode;
  /** `GORILLA_SUPPORTED_FILE_STORES[2]`, `global.bucket.name` */
  readonly at: string;
  readonly detail?: string;
}

/** Whether it is a mistake, and not a note. */
export function isMistake({ code }: Pick<Finding, 'code'>): boolean {
  return Object.hasOwn(MISTAKES, code);
}
