/** A part of AWS with its own accounts, names of buckets and hosts. */
export interface AwsPartition {
  /** As ARNs name it. */
  readonly id: string;
  /** Begin of the names of its regions. */
  readonly regions: string;
  readonly domain: string;
}

/** AWS's own table (partitions of its SDKs). The commercial one has the regions that no other claims. */
const COMMERCIAL: AwsPartition = { id: 'aws', regions: '', domain: 'amazonaws.com' };
const OTHERS: readonly AwsPartition[] = [
  { id: 'aws-cn', regions: 'cn-', domain: 'amazonaws.com.cn' },
  { id: 'aws-us-gov', regions: 'us-gov-', domain: 'amazonaws.com' },
  { id: 'aws-eusc', regions: 'eusc-', domain: 'amazonaws.eu' },
  { id: 'aws-iso', regions: 'us-iso-', domain: 'c2s.ic.gov' },
  { id: 'aws-iso-b', regions: 'us-isob-', domain: 'sc2s.sgov.gov' },
  { id: 'aws-iso-e', regions: 'eu-isoe-', domain: 'cloud.adc-e.uk' },
  { id: 'aws-iso-f', regions: 'us-isof-', domain: 'csp.hci.ic.gov' },
];

export function partitionOf(region: string): AwsPartition {
  return OTHERS.find(({ regions }) => region.startsWith(regions)) ?? COMMERCIAL;
}

/** The partition and region of a host of S3, with and without the region in it; `undefined` for any other host. */
export function awsPlaceOf(host: string): { readonly partition: AwsPartition; readonly region?: string } | undefined {
  for (const { domain } of [...OTHERS, COMMERCIAL]) {
    const begin = host.endsWith(`.${domain}`) ? host.slice(0, -domain.length - 1) : undefined;
    const found = /^s3(?:[.-](?:fips|dualstack|accelerate))?(?:[.-]([a-z0-9-]+))?$/.exec(begin ?? '');
    if (found === null) continue;
    const region = found[1];
    if (region !== undefined) return { partition: partitionOf(region), region };
    return { partition: OTHERS.find((one) => one.domain === domain && domain !== COMMERCIAL.domain) ?? COMMERCIAL };
  }
  return undefined;
}
