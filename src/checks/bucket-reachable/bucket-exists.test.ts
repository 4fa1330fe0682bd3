import { contextOf, denied, gcs, listFails, onMinio } from '../../../test/fakes/observations.ts';
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
  { reason: 'HiddenByStore', seen: listFails(denied), context: onMinio, says: ['does not say'] },
  { reason: 'Passed', seen: listFails(denied), says: ['this or another account'] },
]);
