import { describe, expect, it } from '@jest/globals';
import { contextOf, onAzureBlob, onGcs, onMinio } from '../../../test/support/fakes/observations.ts';
import type { BucketFailureKind } from '../../domain/observations/bucket-failure.ts';
import { failedBy } from '../failures/failure-table.ts';

const ADDRESS_KINDS: readonly BucketFailureKind[] = [
  'EndpointForbidden',
  'NameNotResolved',
  'ConnectionRefused',
  'TlsNameMismatch',
  'TlsHandshakeFailed',
  'NotAnObjectStore',
  'ResponseTooLarge',
];
const onCoreWeave = contextOf({
  storage: { ...contextOf().storage, provider: 'CoreWeave', region: 'US-EAST-04A' } as never,
  endpointUrl: 'https://cwobject.com',
});

const remedyOf = (kind: BucketFailureKind, context: typeof onGcs): string => failedBy({ kind }, context).remedy ?? '';
const fieldsIn = (text: string): readonly string[] => text.match(/spec\.bucket(\.\w+)+/g) ?? [];

describe('what the address of a store is corrected by', () => {
  it.each([
    ['AWS', contextOf(), '--aws-endpoint'],
    ['CoreWeave', onCoreWeave, '--coreweave-endpoint'],
    ['Google Cloud', onGcs, '--gcs-endpoint'],
    ['Azure', onAzureBlob, '--azure-endpoint'],
  ])('is no field of the spec on %s, whose address is its own', (_, context, flag) => {
    for (const kind of ADDRESS_KINDS.filter((one) => one !== 'NameNotResolved')) {
      expect([kind, fieldsIn(remedyOf(kind, context))]).toEqual([kind, []]);
    }
    expect(remedyOf('NotAnObjectStore', context)).toContain(flag);
  });

  it.each(ADDRESS_KINDS)('is the endpoint of the spec for a store with one: %s', (kind) => {
    expect(new Set(fieldsIn(remedyOf(kind, onMinio)))).toEqual(new Set(['spec.bucket.s3Compatible.endpoint']));
  });

  it.each([
    ['a region of AWS', contextOf(), ['spec.bucket.s3.region']],
    ['an account of Azure', onAzureBlob, ['spec.bucket.azureBlob.storageAccount']],
    ['the one host of Google Cloud', onGcs, []],
    ['the one host of CoreWeave', onCoreWeave, []],
  ])('is the part of a host that the spec names, where DNS knows none: %s', (_, context, fields) => {
    expect(fieldsIn(remedyOf('NameNotResolved', context))).toEqual(fields);
    expect(remedyOf('NameNotResolved', context)).toContain(
      `ave the DNS of the cluster know ${new URL(context.endpointUrl).hostname}`,
    );
  });
});
