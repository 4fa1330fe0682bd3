import type { Observations } from '../../domain/observations/observations.ts';
import { err, ok } from '../../base/result.ts';
import {
  contextOf,
  goodObservations,
  minio,
  onAzureBlob,
  onGcs,
  onMinio,
  s3,
} from '../../../test/support/fakes/observations.ts';
import { describeCheck } from '../../../test/support/check-rows.ts';
import { kmsUsable } from './kms-usable.ts';

const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/0f0f0f0f-1111-2222-3333-444455556666';

const withKey = contextOf({ storage: { ...s3, kmsKeyArn: KEY } });

function readBack(encryption: { readonly algorithm: string; readonly keyId?: string }): Observations {
  return goodObservations({ read: ok({ intact: true, encryption }) });
}

describeCheck(kmsUsable, [
  {
    reason: 'KmsKeyNotFound',
    seen: goodObservations({ write: err({ kind: 'KmsKeyNotFound', providerCode: 'KMS.NotFoundException' }) }),
    says: ['Writing an object failed', 'KMS.NotFoundException', 'spec.bucket.s3.kmsKeyArn', 'aws kms list-keys'],
  },
  {
    reason: 'KmsKeyNotFound',
    seen: goodObservations({ write: err({ kind: 'KmsKeyNotFound', providerCode: 'KMS.NotFoundException' }) }),
    context: contextOf({ storage: { ...minio, kmsKeyId: 'wandb' } }),
    says: ['mc admin kms key create <alias> wandb', 'spec.bucket.s3Compatible.kmsKeyId'],
  },
  {
    reason: 'KmsKeyNotFound',
    seen: goodObservations({
      presigned: { PUT: err({ kind: 'KmsKeyNotFound', httpStatus: 400, providerCode: 'KMS.NotFoundException' }) },
    }),
    context: withKey,
    says: ['A pre-signed PUT failed', '(400 KMS.NotFoundException)'],
  },
  {
    reason: 'KmsKeyDisabled',
    seen: goodObservations({ write: err({ kind: 'KmsKeyDisabled' }) }),
    says: ['aws kms enable-key'],
  },
  {
    reason: 'KmsKeyDisabled',
    seen: goodObservations({ write: err({ kind: 'KmsKeyDisabled', providerCode: 'cloudKmsDisabledKey' }) }),
    context: onGcs,
    says: ['gcloud kms keys versions enable'],
  },
  {
    reason: 'KmsAccessDenied',
    seen: goodObservations({ read: err({ kind: 'KmsAccessDenied', httpStatus: 403 }) }),
    says: ['Reading an object back failed', 'kms:GenerateDataKey*', 'key policy'],
  },
  {
    reason: 'KmsAccessDenied',
    seen: goodObservations({ write: err({ kind: 'KmsAccessDenied', httpStatus: 403 }) }),
    context: onGcs,
    says: ['gcloud storage service-agent --authorize-cmek'],
  },
  {
    reason: 'KmsAccessDenied',
    seen: goodObservations({ write: err({ kind: 'KmsAccessDenied', httpStatus: 403 }) }),
    context: onAzureBlob,
    says: ['Key Vault Crypto Service Encryption User'],
  },
  {
    reason: 'KmsNotConfigured',
    seen: goodObservations({ write: err({ kind: 'KmsNotConfigured' }) }),
    context: onMinio,
    says: ['no KMS', 'spec.bucket.s3Compatible.kmsKeyId'],
  },
  {
    reason: 'Passed',
    seen: readBack({ algorithm: 'aws:kms', keyId: KEY }),
    says: ['with a key of a KMS'],
  },
]);
