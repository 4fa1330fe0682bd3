import type { Problem } from './problem.ts';
import { parseEndpoint } from './parse-endpoint.ts';
import { err, ok, type Result } from './result.ts';
import type { BucketStorage, CaBundleRef, CredentialsRef, S3CompatibleStorage, S3Storage } from './storage.ts';

type Bag = Readonly<Record<string, unknown>>;
type Parsed<T> = Result<T, Problem>;

/** Providers that the API knows and this version cannot prove yet. */
const NOT_YET = ['GCS', 'AzureBlob', 'CoreWeave'];

/** Longest sub-path in bytes: an S3 key has 1024, and W&B's own names follow. */
const MAX_PATH_BYTES = 900;

/**
 * Reads the `bucket` of a CR into the union that the rest of the code works
 * with. Takes it as untrusted JSON: admission may have been bypassed or older
 * than this code, so everything is looked at again (design 2).
 *
 * `field` is where the value stands, such as `spec.bucket`, for the messages.
 */
export function parseBucket(value: unknown, field: string): Parsed<BucketStorage> {
  const bucket = asBag(value);
  if (bucket === undefined) return invalid(`${field} must be an object with provider and name.`);
  const provider = text(bucket, 'provider');
  if (provider !== undefined && NOT_YET.includes(provider)) {
    return err({
      reason: 'ProviderNotSupported',
      message: `This version of the operator cannot prove ${provider} buckets yet.`,
      remedy: 'Use provider S3 or S3Compatible, or upgrade the operator.',
      failureClass: 'spec',
    });
  }
  if (provider === 'S3') return parseS3(bucket, field);
  if (provider === 'S3Compatible') return parseS3Compatible(bucket, field);
  return invalid(`${field}.provider must be one of S3, S3Compatible, GCS, AzureBlob, CoreWeave.`);
}

function parseS3(bucket: Bag, field: string): Parsed<S3Storage> {
  const own = asBag(bucket['s3']);
  if (own === undefined) return invalid(`${field}.s3 is required with provider S3: give at least its region.`);
  const place = parsePlace(bucket, field);
  if (!place.ok) return place;
  const region = parseRegion(own, `${field}.s3`);
  if (!region.ok) return region;
  const credentials = parseCredentials(own, `${field}.s3`);
  if (!credentials.ok) return credentials;
  const kmsKeyArn = text(own, 'kmsKeyArn');
  const expectedBucketOwner = text(own, 'expectedBucketOwner');
  return ok({
    provider: 'S3',
    ...place.value,
    region: region.value,
    credentials: credentials.value,
    ...(kmsKeyArn !== undefined && { kmsKeyArn }),
    ...(expectedBucketOwner !== undefined && { expectedBucketOwner }),
  });
}

function parseS3Compatible(bucket: Bag, field: string): Parsed<S3CompatibleStorage> {
  const own = asBag(bucket['s3Compatible']);
  if (own === undefined) {
    return invalid(`${field}.s3Compatible is required with provider S3Compatible: give endpoint and region.`);
  }
  const place = parsePlace(bucket, field);
  if (!place.ok) return place;
  const endpoint = parseEndpoint(text(own, 'endpoint') ?? '');
  if (!endpoint.ok) return invalid(`${field}.s3Compatible.endpoint ${endpoint.error}.`);
  const region = parseRegion(own, `${field}.s3Compatible`);
  if (!region.ok) return region;
  const credentials = parseCredentials(own, `${field}.s3Compatible`);
  if (!credentials.ok) return credentials;
  const caBundle = parseCaBundle(own['caBundle']);
  const kmsKeyId = text(own, 'kmsKeyId');
  return ok({
    provider: 'S3Compatible',
    ...place.value,
    endpoint: endpoint.value,
    region: region.value,
    addressing: text(own, 'addressing') === 'VirtualHosted' ? 'VirtualHosted' : 'Path',
    credentials: credentials.value,
    ...(kmsKeyId !== undefined && { kmsKeyId }),
    ...(caBundle !== undefined && { caBundle }),
  });
}

function parsePlace(bucket: Bag, field: string): Parsed<{ name: string; path: string }> {
  const name = text(bucket, 'name');
  if (name === undefined || name === '') return invalid(`${field}.name is required: the name of the bucket.`);
  const path = parsePath(bucket['path'], `${field}.path`);
  return path.ok ? ok({ name, path: path.value }) : path;
}

/** Reads a sub-path: no slash at its ends, nothing that a URL, a shell or a chart would read as its own. */
export function parsePath(value: unknown, field: string): Parsed<string> {
  if (value === undefined) return ok('');
  if (typeof value !== 'string') return invalid(`${field} must be a text.`);
  // eslint-disable-next-line no-control-regex -- control characters are what is refused
  if (/[{}$?#%\\\u0000-\u0020\u007f]/.test(value)) {
    return invalid(`${field} must not hold { } $ ? # % \\, white space or control characters.`);
  }
  if (value !== '' && value.split('/').some((part) => part === '' || part === '.' || part === '..')) {
    return invalid(`${field} must not begin or end with a slash, nor hold empty, "." or ".." parts.`);
  }
  if (Buffer.byteLength(value) > MAX_PATH_BYTES) {
    return invalid(`${field} must have at most ${MAX_PATH_BYTES} bytes.`);
  }
  return ok(value);
}

function parseRegion(own: Bag, field: string): Parsed<string> {
  const region = text(own, 'region');
  // It becomes part of a host name.
  if (region === undefined || !/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(region)) {
    return invalid(`${field}.region is required: the region that the bucket is in, such as eu-central-1.`);
  }
  return ok(region);
}

function parseCredentials(own: Bag, field: string): Parsed<CredentialsRef> {
  const credentials = asBag(own['credentials']);
  if (credentials === undefined) return ok({ kind: 'Ambient' });
  const secretRef = asBag(asBag(credentials['accessKey'])?.['secretRef']);
  const secretName = secretRef === undefined ? undefined : text(secretRef, 'name');
  if (secretRef === undefined || secretName === undefined) {
    return err({
      reason: 'CredentialsNotSupported',
      message: `This version of the operator can only prove ${field}.credentials.accessKey.`,
      remedy: 'Give an accessKey with a secretRef, or upgrade the operator.',
      failureClass: 'spec',
    });
  }
  return ok({
    kind: 'AccessKey',
    secretName,
    accessKeyIdKey: text(secretRef, 'accessKeyIdKey') ?? 'ACCESS_KEY',
    secretAccessKeyKey: text(secretRef, 'secretAccessKeyKey') ?? 'SECRET_KEY',
  });
}

function parseCaBundle(value: unknown): CaBundleRef | undefined {
  const bundle = asBag(value);
  const configMap = asBag(bundle?.['configMapKeyRef']);
  const secret = asBag(bundle?.['secretKeyRef']);
  const ref = configMap ?? secret;
  const name = ref === undefined ? undefined : text(ref, 'name');
  if (ref === undefined || name === undefined) return undefined;
  return { kind: configMap === undefined ? 'Secret' : 'ConfigMap', name, key: text(ref, 'key') ?? 'ca.crt' };
}

function invalid(message: string): { ok: false; error: Problem } {
  return err({
    reason: 'InvalidSpec',
    message,
    remedy: 'Correct the object; admission would have refused it, so check that the CRDs are up to date.',
    failureClass: 'spec',
  });
}

function asBag(value: unknown): Bag | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Bag) : undefined;
}

/** Own text property: what a prototype offers is not what the user wrote. */
function text(bag: Bag, key: string): string | undefined {
  const value = Object.hasOwn(bag, key) ? bag[key] : undefined;
  return typeof value === 'string' ? value : undefined;
}
