import { displayBucket } from '../../domain/bucket/bucket-id.ts';
import type { S3CompatibleStorage } from '../../domain/bucket/storage.ts';
import type { CheckContext } from '../check.ts';
import { correctAccessKey, S3_PRESIGNED_RULES, statement } from './s3-policy.ts';
import { s3CompatibleSettingsWords } from './s3-compatible-settings.ts';
import { actorOf, corsInWords, credentialOfSecret, type StoreWords } from './messages.ts';

/** MinIO, Ceph RGW, R2 and other S3-compatible stores; commands are those of MinIO. */
export function s3CompatibleWords(storage: S3CompatibleStorage, context: CheckContext): StoreWords {
  const { name, region } = storage;
  const url = context.endpointUrl;
  const credential = credentialOfSecret(context);
  return {
    bucket: `bucket ${displayBucket(storage)} at ${url}`,
    wholeBucket: `bucket ${name} at ${url}`,
    url,
    api: 'S3 API',
    endpointField: 'spec.bucket.s3Compatible.endpoint',
    endpointHint: 'MinIO: port 9000, not that of the console',
    regionField: 'spec.bucket.s3Compatible.region',
    actor: actorOf(context),
    credential,
    correctCredential: (part) => correctAccessKey(context, part),
    grant: (permission) =>
      `Add to the policy that the store attaches to ${credential} (MinIO: mc admin policy create, then attach): ${statement(permission, storage, 'aws')}`,
    trustCa: trustCa(storage, context),
    createBucket: `mc mb --region ${region} <alias>/${name}`,
    corsRule: (origin) =>
      `bucket ${name}: ${corsInWords(origin)}. A store that has only one setting for all buckets needs the origin there ` +
      `(MinIO: mc admin config set <alias> api cors_allow_origin=${origin}, then mc admin service restart <alias>).`,
    presignedRules: S3_PRESIGNED_RULES,
    makePrivate: `delete the bucket policy that allows Principal "*" (MinIO: mc anonymous set none <alias>/${name})`,
    hiddenBucket:
      'Either the grant is missing, or the bucket does not exist: the store gives the same answer for both.',
    settings: s3CompatibleSettingsWords(storage),
  };
}

function trustCa({ name, caBundle }: S3CompatibleStorage, { namespace }: CheckContext): string {
  return caBundle === undefined
    ? `Set its CA: kubectl create configmap ${name}-ca -n ${namespace} --from-file=ca.crt, then set spec.bucket.s3Compatible.caBundle.configMapKeyRef to {name: ${name}-ca, key: ca.crt}.`
    : `Correct ${caBundle.key} of ${caBundle.kind} ${caBundle.name}: it must hold, in PEM, a CA above the certificate of the store, or that certificate itself.`;
}
