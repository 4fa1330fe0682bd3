import { PROVIDERS } from '../../domain/bucket/providers.ts';
import { endpointUrl, regionOf, type BucketStorage } from '../../domain/bucket/storage.ts';
import { declaredSignIn, describeSignIn, keyRefOf, serviceAccountOf } from '../../domain/credentials/identity-ref.ts';

/** What W&B signs in with. Equal ids are the same credential. */
export interface Credential {
  readonly id: string;
  /** `Secret omega-bucket`. */
  readonly label: string;
  /** As a part of a sentence: `the key in Secret omega-bucket`. */
  readonly description: string;
}

/** Provider, name and place of a bucket, for display; without one, W&B manages it. */
export function bucketPlace(bucket: BucketStorage | undefined): {
  readonly provider: string;
  readonly name: string;
  readonly where: string;
} {
  if (bucket === undefined) return { provider: 'W&B', name: 'The bucket that W&B manages', where: '' };
  return { provider: bucket.provider, name: bucket.name, where: whereIs(bucket) };
}

function whereIs(bucket: BucketStorage): string {
  switch (bucket.provider) {
    case 'S3Compatible':
      return endpointUrl(bucket.endpoint);
    case 'AzureBlob':
      return `storage account ${bucket.storageAccount}`;
    default:
      return [PROVIDERS[bucket.provider].name, ...(regionOf(bucket) === undefined ? [] : [regionOf(bucket)])].join(
        ', ',
      );
  }
}

/** The credential of W&B for a bucket. The same Secret or identity of one namespace is one credential. */
export function credentialOf(
  bucket: BucketStorage | undefined,
  { namespace, instance }: { readonly namespace: string; readonly instance: string },
): Credential {
  const ref = bucket === undefined ? ({ kind: 'Ambient' } as const) : declaredSignIn(bucket);
  const key = keyRefOf(ref);
  const account = serviceAccountOf(ref);
  if (key === undefined && account === undefined) {
    const label = `Identity of W&B (${instance})`;
    return { id: `${namespace}/${instance}`, label, description: `the identity of W&B in InstanceStorage ${instance}` };
  }
  return {
    id: `${namespace}/${JSON.stringify(ref)}`,
    label: key === undefined ? `ServiceAccount ${account ?? ''}` : `Secret ${key.secretName}`,
    description: describeSignIn(ref),
  };
}
