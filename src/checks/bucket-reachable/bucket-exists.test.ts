import { contextOf, denied, gcs, listFails, onMinio } from '../../../test/support/fakes/observations.ts';
import { describeCheck } from '../../../test/support/check-rows.ts';
import { bucketExists } from './bucket-exists.ts';

describeCheck(bucketExists, [
  {
    reason: 'BucketNotFound',
    seen: listFails({ kind: 'BucketNotFound', httpStatus: 404, providerCode: 'NoSuchBucket' }),
    context: onMinio,
    says: ['omega-data at https://minio.acme.example:9000', '(404 NoSuchBucket)', 'mc mb'],
  },
  {
    reason: 'NotAnObjectStore',
    seen: listFails({ kind: 'NotAnObjectStore', httpStatus: 200 }),
    context: onMinio,
    says: ['does not answer as the S3 API does', '(200)', 'port 9000'],
  },
  {
    reason: 'NotAnObjectStore',
    seen: listFails({ kind: 'NotAnObjectStore', httpStatus: 200 }),
    context: contextOf({ storage: gcs }),
    says: ['it must be the address of the Cloud Storage API.'],
  },
  {
    reason: 'AddressingRefused',
    seen: listFails({ kind: 'AddressingRefused', httpStatus: 403, providerCode: 'SecondLevelDomainForbidden' }),
    context: onMinio,
    says: ['(403 SecondLevelDomainForbidden)', 'spec.bucket.s3Compatible.addressing to VirtualHosted'],
  },
  {
    reason: 'EndpointHoldsBucket',
    seen: listFails({ kind: 'ObjectNotFound', httpStatus: 404, providerCode: 'NoSuchKey' }),
    context: onMinio,
    says: ['takes omega-data for the name of an object', 'without the bucket in its host'],
  },
  {
    reason: 'EndpointMismatch',
    seen: listFails({ kind: 'WrongRegion', httpStatus: 301, endpoint: 'https://omega-data.s3.example' }),
    context: onMinio,
    says: ['to https://s3.example (301)', 'spec.bucket.s3Compatible.endpoint to https://s3.example.'],
  },
  {
    // A login page at another host is no endpoint.
    reason: 'NotAnObjectStore',
    seen: listFails({ kind: 'NotAnObjectStore', httpStatus: 302, endpoint: 'https://login.example' }),
    context: onMinio,
    says: ['(302)'],
  },
  {
    reason: 'NotAnObjectStore',
    seen: listFails({ kind: 'ResponseTooLarge' }),
    context: onMinio,
    says: ['far too large for an object store'],
  },
  {
    // A refusal that names another port is still a refusal.
    reason: 'HiddenByStore',
    seen: listFails({ ...denied, endpoint: 'https://minio.acme.example:9443' }),
    context: onMinio,
    says: ['does not say'],
  },
  { reason: 'HiddenByStore', seen: listFails(denied), context: onMinio, says: ['does not say'] },
  { reason: 'Passed', seen: listFails(denied), says: ['this or another account'] },
]);
