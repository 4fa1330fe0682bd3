import { PROVIDERS } from '../../domain/bucket/providers.ts';
import { displayBucket } from '../../domain/bucket/bucket-id.ts';
import { keyRefOf } from '../../domain/credentials/identity-ref.ts';
import type { GcsStorage } from '../../domain/bucket/storage.ts';
import { corsInWords, gcsCorsRule } from '../../domain/policy/cors.ts';
import type { CheckContext } from '../check.ts';
import { gcsSettingsMessages } from './gcs-settings.ts';
import { gcpMember } from './trust.ts';
import {
  actorOf,
  cloudCa,
  CORRECT_IDENTITY,
  credentialOfSecret,
  isIdentity,
  patchSecret,
  type Permission,
  type ProviderMessages,
} from './messages.ts';
import { GCS_BUCKET_ROLE } from '../../domain/policy/roles.ts';

const PERMISSIONS: Readonly<Record<Permission, string>> = {
  List: 'storage.objects.list',
  Write: 'storage.objects.create',
  Read: 'storage.objects.get',
  Delete: 'storage.objects.delete',
  AbortUpload: 'storage.multipartUploads.abort',
};

/** Google Cloud Storage. */
export function gcsMessages(storage: GcsStorage, context: CheckContext): ProviderMessages {
  const { name } = storage;
  const key = keyRefOf(context.signIn);
  const member = memberOf(context);
  const credential = credentialOfSecret(context);
  return {
    bucket: `bucket ${displayBucket(storage)} on ${PROVIDERS.GCS.name}`,
    wholeBucket: `bucket ${name} on ${PROVIDERS.GCS.name}`,
    url: context.endpointUrl,
    api: 'Cloud Storage API',
    endpointFlag: '--gcs-endpoint',
    actor: isIdentity(context) ? actorOf(context) : `The ${credential}`,
    credential,
    correctCredential: () =>
      key?.kind !== 'ServiceAccountKey'
        ? CORRECT_IDENTITY
        : `Create a key with gcloud iam service-accounts keys create key.json --iam-account=${member.slice('serviceAccount:'.length)}. ${patchSecret(context.namespace, key.secretName, [key.key])}`,
    grant: (permission) =>
      `${permission === 'Delete' ? `Look for a retention policy and for holds (gcloud storage buckets describe gs://${name}), which no grant overrides. Otherwise: ` : ''}It lacks ${PERMISSIONS[permission]}. W&B requires ${GCS_BUCKET_ROLE} on the bucket: gcloud storage buckets add-iam-policy-binding gs://${name} --member=${member} --role=${GCS_BUCKET_ROLE}`,
    keyUser: 'The service agent of Cloud Storage in the project of the bucket',
    networkRules: `Look for a perimeter of VPC Service Controls around the project of the bucket (its audit log names the rule) and for an IP filter of the bucket (gcloud storage buckets describe gs://${name} --format="json(ip_filter)"). Let in the operator, the W&B server and those who use it.`,
    enableApi: 'gcloud services enable storage.googleapis.com --project=<project>',
    trustCa: cloudCa('Google Cloud'),
    createBucket: `gcloud storage buckets create gs://${name} --location=<location> --uniform-bucket-level-access`,
    corsRule: (origin) =>
      `bucket ${name}: ${corsInWords(origin)}. Print the present rules (gcloud storage buckets describe gs://${name} --format="json(cors_config)"), write them to cors.json together with ${JSON.stringify(gcsCorsRule(origin))}, and set the whole list, because the command replaces it: gcloud storage buckets update gs://${name} --cors-file=cors.json`,
    presignedRules:
      'Look for organization policies that restrict signed URLs or HMAC keys, VPC Service Controls, an IP filter on the bucket, and for a proxy that changes host, path or query of the URL.',
    makePrivate: `gcloud storage buckets update gs://${name} --public-access-prevention`,
    hiddenBucket: `Either the grant is missing, or a bucket named ${name} belongs to another project.`,
    settings: gcsSettingsMessages(storage, member),
  };
}

/** The principal under its name in IAM. */
function memberOf({ signIn, principal, workload }: CheckContext): string {
  if (signIn.kind !== 'GcpWorkloadIdentity') return `serviceAccount:${principal.replace(/^service account /, '')}`;
  return signIn.impersonate === undefined
    ? gcpMember(signIn, workload?.subject)
    : `serviceAccount:${signIn.impersonate}`;
}
