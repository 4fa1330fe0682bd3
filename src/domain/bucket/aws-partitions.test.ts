import { describe, expect, it } from '@jest/globals';
import { s3 } from '../../../test/support/fakes/observations.ts';
import { bareAddress } from '../publication/file-store-address.ts';
import { awsPlaceOf, partitionOf } from './aws-partitions.ts';
import { physicalBucket } from './physical-bucket.ts';
import { PUBLIC_CLOUDS, storeEndpoint, stsEndpoint } from './store-endpoint.ts';

describe('a partition of AWS', () => {
  it.each([
    ['eu-central-1', 'aws', 'amazonaws.com'],
    ['us-east-1', 'aws', 'amazonaws.com'],
    ['cn-north-1', 'aws-cn', 'amazonaws.com.cn'],
    ['us-gov-west-1', 'aws-us-gov', 'amazonaws.com'],
    ['eusc-de-east-1', 'aws-eusc', 'amazonaws.eu'],
    ['us-iso-east-1', 'aws-iso', 'c2s.ic.gov'],
    ['us-isob-east-1', 'aws-iso-b', 'sc2s.sgov.gov'],
    ['eu-isoe-west-1', 'aws-iso-e', 'cloud.adc-e.uk'],
    ['us-isof-south-1', 'aws-iso-f', 'csp.hci.ic.gov'],
  ])('has the hosts, addresses and ARNs of %s', (region, id, domain) => {
    const storage = { ...s3, region };
    expect(storeEndpoint(storage, PUBLIC_CLOUDS)).toBe(`https://s3.${region}.${domain}`);
    expect(stsEndpoint(region, PUBLIC_CLOUDS)).toBe(`https://sts.${region}.${domain}`);
    expect(bareAddress(storage)).toContain(`s3://s3.${region}.${domain}/acme-wandb?`);
    expect(physicalBucket(storage)).toBe(`${id}/acme-wandb`);
    expect(awsPlaceOf(`s3.${region}.${domain}`)).toEqual({ partition: partitionOf(region), region });
  });

  it.each(['minio.acme.example', 'amazonaws.com', 'evil-s3.amazonaws.com.example'])('does not hold %s', (host) => {
    expect(awsPlaceOf(host)).toBeUndefined();
  });
});
