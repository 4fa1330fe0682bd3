import { defined } from '../../base/defined.ts';
import { awsPlaceOf } from '../bucket/aws-partitions.ts';
import { COREWEAVE_HOST } from '../bucket/storage.ts';
import type { AddressParts } from './address-text.ts';
import type { FoundBucket } from './found-bucket.ts';
import { accessKeyOf, checkQuery, flagIn, placeIn, type AddressContext, type Report } from './address-context.ts';

/** Reads an `s3` address: a bucket on AWS, or on another store whose host comes first. */
export function readS3Address(parts: AddressParts, context: AddressContext, report: Report): FoundBucket {
  const { host, segments, query } = parts;
  checkQuery(query, report);
  const credential = accessKeyOf(parts, context, report);
  const common = defined({ credential });
  if (/(^|\.)(cwobject|cwlota)\.com(:\d+)?$/.test(host)) {
    report('CoreWeaveByS3');
    if (host !== COREWEAVE_HOST) report('CoreWeaveHost', host);
    return {
      provider: 'CoreWeave',
      ...placeIn(segments, parts, report),
      ...defined({ region: query.get('region') }),
      ...common,
    };
  }
  const aws = awsHostOf(host, report);
  if (aws !== undefined) {
    const place = placeIn(aws.bucket === undefined ? segments : [aws.bucket, ...segments], parts, report);
    return { provider: 'S3', ...place, ...regionOf({ query, hostRegion: aws.region }, context, report), ...common };
  }
  if (isBucket(parts, context, report)) {
    const place = placeIn(
      [host, ...segments].filter((part) => part !== ''),
      parts,
      report,
    );
    return { provider: 'S3', ...place, ...regionOf({ query }, context, report), ...common };
  }
  return {
    provider: 'S3Compatible',
    ...placeIn(segments, parts, report),
    ...(host !== '' && { endpoint: endpointOf(parts, report) }),
    ...(flagIn(query, 'forcePathStyle') === false && { isVirtualHosted: true }),
    ...regionOf({ query }, context, report),
    ...common,
  };
}

interface AwsHost {
  readonly region?: string;
  readonly bucket?: string;
}

/** A host of S3 on AWS, with or without the bucket in it. */
function awsHostOf(given: string, report: Report): AwsHost | undefined {
  const host = given.replace(/:443$/, '');
  const place = awsPlaceOf(host);
  if (place !== undefined) {
    if (/fips|dualstack|accelerate/.test(host)) report('EndpointOfAws', host);
    return defined({ region: place.region });
  }
  const [, bucket, store] = /^(.+?)\.(s3[.-].*)$/.exec(host) ?? [];
  const inner = store === undefined ? undefined : awsPlaceOf(store);
  if (inner === undefined) return undefined;
  report('BucketInHost');
  return defined({ bucket, region: inner.region });
}

/** Whether the first part is a bucket on AWS, and not the host of a store. */
function isBucket(parts: AddressParts, context: AddressContext, report: Report): boolean {
  const { host, segments, hasCredentials } = parts;
  // The placeholder of a host, before a bucket.
  if (host === '') return !(parts.hasPlaceholder && hasCredentials);
  if (host.includes(':') || host === 'localhost') return false;
  const signsWithKey = hasCredentials || context.credential !== undefined;
  if (host.includes('.')) return isDottedBucket(parts, signsWithKey, report);
  if (context.kind === 'FileStore' && signsWithKey) {
    if (segments.length > 0) return false;
    report('HostMissing');
  }
  return true;
}

/** A name with dots can be a host, or a bucket of AWS that no key is for. */
function isDottedBucket({ host, segments }: AddressParts, signsWithKey: boolean, report: Report): boolean {
  if (!signsWithKey && segments.length > 0) report('AddressAmbiguous', host);
  return !signsWithKey && segments.length === 0;
}

/** Without the parameter, the server uses plain HTTP for a store that is not AWS. */
function endpointOf({ host, query }: AddressParts, report: Report): string {
  const tls = flagIn(query, 'tls') ?? host.endsWith(':443');
  if (!query.has('tls') && !tls) report('TlsNotStated');
  return `${tls ? 'https' : 'http'}://${host}`;
}

/** The region of the address takes precedence over that of its host and over the setting beside it, as in the server. */
function regionOf(
  { query, hostRegion }: { readonly query: ReadonlyMap<string, string>; readonly hostRegion?: string | undefined },
  context: AddressContext,
  report: Report,
): Pick<FoundBucket, 'region'> {
  const stated = query.get('region') ?? '';
  const inAddress = [stated, hostRegion ?? ''].filter((one) => one !== '');
  const beside = context.region === undefined || context.region === '' ? [] : [context.region];
  const [region] = [...inAddress, ...beside];
  // The region beside an entry is that of the instance: a bucket of a team may be in another one.
  const comparable = context.kind === 'FileStore' ? inAddress : [...inAddress, ...beside];
  if (new Set(comparable).size > 1) report('RegionDiffers', comparable.join(', '));
  if (region === undefined) report('RegionMissing');
  else if (stated === '' && hostRegion !== undefined && beside.length === 0)
    report('RegionMissing', 'the host names it');
  return defined({ region });
}
