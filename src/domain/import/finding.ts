interface FindingKind {
  /** A mistake is wrong or does not say what W&B needs; a note says what was assumed. */
  readonly severity: 'mistake' | 'note';
  /** What it means, and what is done about it. */
  readonly meaning: string;
}

/** Everything that an import reports, in the order of the documentation. */
export const FINDINGS = {
  SchemeMissing: { severity: 'mistake', meaning: 'The text has no scheme such as `s3://`, so it is no address.' },
  SchemeUnknown: { severity: 'mistake', meaning: 'W&B knows the schemes `s3`, `cw`, `gs` and `az` only.' },
  SchemeMisspelled: {
    severity: 'mistake',
    meaning: 'The scheme is that of another tool: W&B takes `gs://` and not `gcs://`, `az://` and not `azure://`.',
  },
  TwoQuestionMarks: {
    severity: 'mistake',
    meaning: 'Parameters are separated by `&`: all after a second `?` becomes part of the value before it.',
  },
  ParameterUnknown: { severity: 'mistake', meaning: 'W&B reads `region`, `tls` and `forcePathStyle` only.' },
  ParameterInvalid: { severity: 'mistake', meaning: '`tls` and `forcePathStyle` must be `true` or `false`.' },
  KeyNotEncoded: {
    severity: 'mistake',
    meaning:
      'A key in an address must be percent-encoded: a slash in it ends the host. The key is taken as it is meant.',
  },
  KeyIncomplete: { severity: 'mistake', meaning: 'Only one half of a key is given.' },
  KeyMalformed: { severity: 'mistake', meaning: 'The private key of a service account is no RSA key in PEM.' },
  PlaceholderLeft: {
    severity: 'mistake',
    meaning: 'A placeholder such as `<accessKey>` or `$(BUCKET_NAME)` stands where a value belongs.',
  },
  BucketMissing: { severity: 'mistake', meaning: 'The address names no bucket.' },
  BucketInHost: {
    severity: 'mistake',
    meaning: 'The bucket stands in the host; W&B takes the first part of the path for the bucket.',
  },
  HostMissing: {
    severity: 'mistake',
    meaning: 'An entry with a key names the host of the store before the bucket, on AWS too.',
  },
  HttpAddress: {
    severity: 'mistake',
    meaning: 'The address is a URL of HTTP. W&B takes `s3://host/bucket?tls=true`.',
  },
  AzureHost: { severity: 'mistake', meaning: 'W&B takes the name of the storage account alone, without its domain.' },
  CoreWeaveByS3: {
    severity: 'mistake',
    meaning: 'A bucket on CoreWeave is addressed by `cw://`, and not by its S3 compatible mode.',
  },
  CoreWeaveHost: { severity: 'mistake', meaning: 'W&B reaches CoreWeave at `cwobject.com` only.' },
  CoreWeaveIdentityNotAlone: {
    severity: 'mistake',
    meaning: 'W&B takes `cw://` only as the whole value, without other entries.',
  },
  RegionMissing: { severity: 'mistake', meaning: 'No region is given. Without one W&B signs for `us-west-1`.' },
  RegionDiffers: {
    severity: 'mistake',
    meaning: 'Host, parameter or setting name different regions. That of the address is taken.',
  },
  CredentialConflict: {
    severity: 'mistake',
    meaning: 'One bucket has two different keys, and W&B uses one of them. The first one is taken.',
  },
  VariablesDiffer: {
    severity: 'mistake',
    meaning: 'Two variables that should be equal have different values. The first one is taken.',
  },
  NameHasScheme: { severity: 'mistake', meaning: 'The chart adds the scheme to the name of the bucket by itself.' },
  ProviderUnknown: { severity: 'mistake', meaning: 'The provider is none of those that the chart knows.' },
  SecretNotGiven: {
    severity: 'mistake',
    meaning: 'A value comes from a Secret or ConfigMap that is not among the files, so it is not imported.',
  },
  ValueRefused: { severity: 'mistake', meaning: 'The value is found, but no storage can have it.' },
  EntryRepeated: {
    severity: 'note',
    meaning: 'The same bucket with the same key stands there twice. It is taken once.',
  },
  EmptyEntry: { severity: 'note', meaning: 'The list has empty entries, such as after a separator at its end.' },
  QuotesAround: { severity: 'note', meaning: 'Quotes or white space around the value are left out.' },
  SlashLeftOut: { severity: 'note', meaning: 'Empty parts of a path, such as after a slash at its end, are left out.' },
  TlsNotStated: {
    severity: 'note',
    meaning: 'Without `tls=true` W&B uses plain HTTP for stores other than AWS and CoreWeave.',
  },
  AddressAmbiguous: {
    severity: 'note',
    meaning: 'The first part can be a host or a bucket with dots on AWS. It is taken for a host.',
  },
  EndpointOfAws: {
    severity: 'note',
    meaning: 'A FIPS, dual-stack or accelerated host of AWS: set it with `--aws-endpoint` of the operator.',
  },
  Overridden: {
    severity: 'note',
    meaning: 'A variable of the environment takes precedence over the bucket of the chart.',
  },
  SecretReused: {
    severity: 'note',
    meaning: 'The existing Secret is referred to. It needs the label, and the keys in it must not be percent-encoded.',
  },
  CaNotKnown: {
    severity: 'note',
    meaning: 'W&B trusts private CAs. If the store has one of these, name it in `caBundle`.',
  },
} as const satisfies Readonly<Record<string, FindingKind>>;

export type FindingCode = keyof typeof FINDINGS;

/** Something that was noticed, and where. `detail` holds no character of a secret. */
export interface Finding {
  readonly code: FindingCode;
  /** `GORILLA_SUPPORTED_FILE_STORES[2]`, `global.bucket.name` */
  readonly at: string;
  readonly detail?: string;
}

export function isMistake({ code }: Finding): boolean {
  return FINDINGS[code].severity === 'mistake';
}
