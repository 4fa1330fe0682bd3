import { displayBucket } from '../../domain/bucket/bucket-id.ts';
import type { S3CompatibleStorage } from '../../domain/bucket/storage.ts';
import { corsInWords } from '../../domain/policy/cors.ts';
import type { CheckContext } from '../check.ts';
import { correctAccessKey, S3_PRESIGNED_RULES, statement } from './s3-policy.ts';
import { s3CompatibleSettingsMessages } from './s3-compatible-settings.ts';
import { actorOf, credentialOfSecret, type ProviderMessages } from './messages.ts';

/** MinIO, Ceph RGW, R2 and other S3-compatible stores; commands are those of MinIO. */
export function s3CompatibleMessages(storage: S3CompatibleStorage, context: CheckContext): ProviderMessages {
  const { name, region, addressing } = storage;
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
    correctCredential: (part) => `${correctAccessKey(context, part)}${part === 'both' ? '' : ` ${OTHER_CAUSES[part]}`}`,
    wrongSecret: `${url} knows ${credential}, but not the signature: the secret key does not belong to it, or a proxy on the way changed what was signed`,
    otherAddressing: `Set spec.bucket.s3Compatible.addressing to ${addressing === 'Path' ? 'VirtualHosted, which needs a DNS record and a certificate for the bucket in the host' : 'Path, or give the store a domain for buckets (MinIO: MINIO_DOMAIN; Ceph RGW: rgw_dns_name)'}.`,
    grant: (permission) =>
      `Add to the policy that the store attaches to ${credential} (MinIO: mc admin policy create under a new name, which would otherwise replace that policy, then attach): ${statement(permission, storage, 'aws')}`,
    trustCa: trustCa(storage, context),
    createBucket: `mc mb --region ${region} <alias>/${name}`,
    corsRule: (origin) =>
      `bucket ${name}: ${corsInWords(origin)}. A store that has only one setting for all buckets needs the origin there ` +
      `beside those that are there (MinIO: mc admin config get <alias> api, then mc admin config set <alias> api cors_allow_origin=<origins that are there>,${origin} and mc admin service restart <alias>).`,
    presignedRules: S3_PRESIGNED_RULES,
    makePrivate: `take out of the bucket policy the statements that allow Principal "*", and of its ACL the grants to all users, and keep what is for W&B (MinIO: mc anonymous get-json <alias>/${name}, then mc anonymous set-json with what is to stay)`,
    hiddenBucket:
      'Either the grant is missing, or the bucket does not exist: the store gives the same answer for both.',
    settings: s3CompatibleSettingsMessages(storage),
  };
}

/** What else stores refuse in the same words as a wrong part of the key. */
const OTHER_CAUSES: Readonly<Record<'id' | 'secret', string>> = {
  id: 'If the id is right, check spec.bucket.s3Compatible.region: some stores (OCI) know a key in its own region only.',
  secret:
    'If the key is right, look for a proxy before the store that changes the Host header or the path, which are signed: it must pass on host and port as clients send them (nginx: proxy_set_header Host $http_host; and proxy_pass without a path).',
};

function trustCa({ name, caBundle }: S3CompatibleStorage, { namespace }: CheckContext): string {
  return caBundle === undefined
    ? `Set its CA: kubectl create configmap ${name}-ca -n ${namespace} --from-file=ca.crt, then set spec.bucket.s3Compatible.caBundle.configMapKeyRef to {name: ${name}-ca, key: ca.crt}.`
    : `Correct ${caBundle.key} of ${caBundle.kind} ${caBundle.name}: it must hold, in PEM, a CA above the certificate of the store, or that certificate itself.`;
}
