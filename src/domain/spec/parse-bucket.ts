import { parseCaBundle } from './parse-credentials.ts';
import { parseEndpoint } from './parse-endpoint.ts';
import { parseAwsSignIn, parseAzureSignIn, parseGcpSignIn, parseKeyOnly } from './parse-sign-in.ts';
import type { Problem } from '../conditions/problem.ts';
import { ok, type Result } from '../../base/result.ts';
import { PROVIDERS } from '../bucket/providers.ts';
import type {
  AzureBlobStorage,
  BucketStorage,
  CoreWeaveStorage,
  GcsStorage,
  S3CompatibleStorage,
  S3Storage,
} from '../bucket/storage.ts';
import { asJsonObject, invalidSpec, optionalText, own, text, type JsonObject, type TextForm } from './json.ts';

type Parsed<T> = Result<T, Problem>;
type Place = Readonly<{ name: string; path: string }>;

/** An S3 key has at most 1024 bytes, and W&B appends its own names to the path. */
const MAX_PATH_BYTES = 900;

/** All characters that any provider accepts, and more. The check NameValid applies the rules of the provider. */
const NAME: TextForm = {
  pattern: /^[A-Za-z0-9][A-Za-z0-9._-]{0,221}$/,
  expected: 'the name of a bucket alone: letters, digits, dots, hyphens and underscores, a letter or a digit first',
};
const KMS_KEY_ARN: TextForm = {
  pattern: /^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:(key|alias)\/[A-Za-z0-9/_-]{1,1900}$/,
  expected: 'the ARN of a KMS key',
};
/** A region of AWS becomes part of a host name. */
const AWS_REGION = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
/** Other stores name their regions freely: RegionOne of OpenStack, NL and US of smaller ones. */
const OTHER_REGION = /^[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?$/;
const ACCOUNT_ID: TextForm = { pattern: /^[0-9]{12}$/, expected: 'an AWS account id: a text of 12 digits' };
const KMS_KEY_ID: TextForm = {
  pattern: /^[A-Za-z0-9:/_.-]{1,256}$/,
  expected: "the id of the store's own encryption key",
};
const ADDRESSING: TextForm = { pattern: /^(Path|VirtualHosted)$/, expected: 'Path or VirtualHosted' };

/** The parser of each provider; `member` is the member of `spec.bucket` with its settings. */
const PARSERS = {
  S3: (place, member) => parseS3(place, member),
  S3Compatible: (place, member) => parseS3Compatible(place, member),
  GCS: (place, member) => parseGcs(place, member),
  AzureBlob: (place, member) => parseAzureBlob(place, member),
  CoreWeave: (place, member) => parseCoreWeave(place, member),
} satisfies Record<BucketStorage['provider'], (place: Place, member: Member) => Parsed<BucketStorage>>;

interface Member {
  readonly bag: JsonObject | undefined;
  /** `spec.bucket.s3` */
  readonly field: string;
}

/**
 * Parses the `bucket` of a CR. The value is untrusted JSON: everything is validated again.
 *
 * `field` is the path of the value, such as `spec.bucket`, for the messages.
 */
export function parseBucket(value: unknown, field: string): Parsed<BucketStorage> {
  const bucket = asJsonObject(value);
  if (bucket === undefined) return invalidSpec(`${field} must be an object with provider and name.`);
  const provider = text(bucket, 'provider');
  if (!isProvider(provider)) {
    return invalidSpec(`${field}.provider must be one of ${Object.keys(PARSERS).join(', ')}.`);
  }
  const name = optionalText(bucket, 'name', field, NAME);
  if (!name.ok) return name;
  if (name.value === undefined) return invalidSpec(`${field}.name is required: the name of the bucket.`);
  const path = parsePath(own(bucket, 'path'), `${field}.path`);
  if (!path.ok) return path;
  const member = memberOf(bucket, provider, field);
  return member.ok ? PARSERS[provider]({ name: name.value, path: path.value }, member.value) : member;
}

/** The member of the provider. A member of another provider is a problem. */
function memberOf(bucket: JsonObject, provider: BucketStorage['provider'], field: string): Parsed<Member> {
  const { member } = PROVIDERS[provider];
  const other = Object.values(PROVIDERS).find(
    (one) => one.member !== member && Object.hasOwn(bucket, one.member),
  )?.member;
  if (other !== undefined) return invalidSpec(`${field}.${other} is not for provider ${provider}: that has ${member}.`);
  const value = own(bucket, member);
  const bag = asJsonObject(value);
  if (value !== undefined && bag === undefined) return invalidSpec(`${field}.${member} must be an object.`);
  return ok({ bag, field: `${field}.${member}` });
}

function isProvider(value: string | undefined): value is BucketStorage['provider'] {
  return value !== undefined && Object.hasOwn(PARSERS, value);
}

function parseS3(place: Place, { bag, field }: Member): Parsed<S3Storage> {
  const region = parseRegion(bag, field, AWS_REGION);
  if (!region.ok) return region;
  const signIn = parseAwsSignIn(own(bag, 'credentials'), `${field}.credentials`);
  if (!signIn.ok) return signIn;
  const kmsKeyArn = optionalText(bag, 'kmsKeyArn', field, KMS_KEY_ARN);
  if (!kmsKeyArn.ok) return kmsKeyArn;
  const expectedBucketOwner = optionalText(bag, 'expectedBucketOwner', field, ACCOUNT_ID);
  if (!expectedBucketOwner.ok) return expectedBucketOwner;
  return ok({
    provider: 'S3',
    ...place,
    region: region.value,
    ...signIn.value,
    ...(kmsKeyArn.value !== undefined && { kmsKeyArn: kmsKeyArn.value }),
    ...(expectedBucketOwner.value !== undefined && { expectedBucketOwner: expectedBucketOwner.value }),
  });
}

function parseS3Compatible(place: Place, { bag, field }: Member): Parsed<S3CompatibleStorage> {
  const endpoint = parseEndpoint(text(bag, 'endpoint') ?? '');
  if (!endpoint.ok) return invalidSpec(`${field}.endpoint ${endpoint.error}.`);
  const region = parseRegion(bag, field, OTHER_REGION);
  if (!region.ok) return region;
  const signIn = parseKeyOnly(own(bag, 'credentials'), `${field}.credentials`);
  if (!signIn.ok) return signIn;
  const rest = parseS3CompatibleRest(bag, field);
  if (!rest.ok) return rest;
  const { addressing, ...others } = rest.value;
  return ok({
    provider: 'S3Compatible',
    ...place,
    endpoint: endpoint.value,
    region: region.value,
    addressing,
    ...signIn.value,
    ...others,
  });
}

function parseS3CompatibleRest(
  bag: JsonObject | undefined,
  field: string,
): Parsed<Pick<S3CompatibleStorage, 'addressing' | 'kmsKeyId' | 'caBundle'>> {
  const addressing = optionalText(bag, 'addressing', field, ADDRESSING);
  if (!addressing.ok) return addressing;
  const kmsKeyId = optionalText(bag, 'kmsKeyId', field, KMS_KEY_ID);
  if (!kmsKeyId.ok) return kmsKeyId;
  const caBundle = parseCaBundle(own(bag, 'caBundle'), `${field}.caBundle`);
  if (!caBundle.ok) return caBundle;
  return ok({
    addressing: addressing.value === 'VirtualHosted' ? 'VirtualHosted' : 'Path',
    ...(kmsKeyId.value !== undefined && { kmsKeyId: kmsKeyId.value }),
    ...(caBundle.value !== undefined && { caBundle: caBundle.value }),
  });
}

function parseGcs(place: Place, { bag, field }: Member): Parsed<GcsStorage> {
  const signIn = parseGcpSignIn(own(bag, 'credentials'), `${field}.credentials`);
  return signIn.ok ? ok({ provider: 'GCS', ...place, ...signIn.value }) : signIn;
}

function parseAzureBlob(place: Place, { bag, field }: Member): Parsed<AzureBlobStorage> {
  const storageAccount = text(bag, 'storageAccount');
  // The account becomes part of a host name.
  if (storageAccount === undefined || !/^[a-z0-9]{3,24}$/.test(storageAccount)) {
    return invalidSpec(`${field}.storageAccount is required: 3 to 24 lower-case letters and digits.`);
  }
  const signIn = parseAzureSignIn(own(bag, 'credentials'), `${field}.credentials`);
  return signIn.ok ? ok({ provider: 'AzureBlob', ...place, storageAccount, ...signIn.value }) : signIn;
}

function parseCoreWeave(place: Place, { bag, field }: Member): Parsed<CoreWeaveStorage> {
  const region = own(bag, 'region') === undefined ? ok('') : parseRegion(bag, field, OTHER_REGION);
  if (!region.ok) return region;
  const signIn = parseKeyOnly(own(bag, 'credentials'), `${field}.credentials`);
  if (!signIn.ok) return signIn;
  return ok({
    provider: 'CoreWeave',
    ...place,
    ...(region.value !== '' && { region: region.value }),
    ...signIn.value,
  });
}

/** Parses a sub-path: no slash at its ends, and no character with a meaning in URLs, shells or charts. */
export function parsePath(value: unknown, field: string): Parsed<string> {
  if (value === undefined) return ok('');
  if (typeof value !== 'string') return invalidSpec(`${field} must be a text.`);
  // eslint-disable-next-line no-control-regex -- control characters are what is refused
  if (/[{}$?#%\\\u0000-\u0020\u007f]/.test(value)) {
    return invalidSpec(`${field} must not hold { } $ ? # % \\, white space or control characters.`);
  }
  if (value !== '' && value.split('/').some((part) => part === '' || part === '.' || part === '..')) {
    return invalidSpec(`${field} must not begin or end with a slash, nor hold empty, "." or ".." parts.`);
  }
  if (Buffer.byteLength(value) > MAX_PATH_BYTES) {
    return invalidSpec(`${field} must have at most ${MAX_PATH_BYTES} bytes.`);
  }
  return ok(value);
}

function parseRegion(bag: JsonObject | undefined, field: string, form: RegExp): Parsed<string> {
  const region = text(bag, 'region');
  if (region === undefined || !form.test(region)) {
    return invalidSpec(`${field}.region is required: the region that the bucket is in, such as eu-central-1.`);
  }
  return ok(region);
}
