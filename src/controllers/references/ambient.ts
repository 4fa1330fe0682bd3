import type { SignInRef } from '../../domain/credentials/refs.ts';
import type { Problem } from '../../domain/conditions/problem.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { AmbientIdentity, Identity, SignIn } from '../../domain/credentials/sign-in.ts';
import type { BucketStorage } from '../../domain/bucket/storage.ts';
import type { StorageObject } from '../storage/resolved-storage.ts';

/**
 * The operator's own identity, for a bucket that names no credentials. For InstanceStorage only: with it a team could
 * reach everything that the operator can reach.
 */
export function ambientSignIn(
  identity: AmbientIdentity | undefined,
  { kind, storage }: { readonly kind: StorageObject['kind']; readonly storage: BucketStorage },
): Result<Identity, Problem> {
  if (kind !== 'InstanceStorage')
    return err(required(' (the operator uses its own identity for an InstanceStorage only)', ''));
  if (identity === undefined) {
    return err(required('', ' An administrator can also let the operator use its own: --ambient-credentials.'));
  }
  const own = storage.provider === 'S3' ? identity.aws : storage.provider === 'AzureBlob' ? identity.azure : undefined;
  return own === undefined ? err(unavailable(storage)) : ok(own);
}

function required(aside: string, besides: string): Problem {
  return {
    reason: 'CredentialsRequired',
    message: `The bucket names no credentials: W&B signs in to it by the identity of its own workload, which the operator is not${aside}.`,
    remedy: `Name credentials to prove the bucket with, which are never published, in spec.validation.credentialsFrom; or give those that W&B is to use in the bucket itself.${besides}`,
    failureClass: 'spec',
  };
}

const HOW: Readonly<Partial<Record<BucketStorage['provider'], string>>> = {
  S3: 'IAM roles for service accounts (AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE, as the webhook of EKS sets them)',
  AzureBlob:
    'workload identity (AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_FEDERATED_TOKEN_FILE, as the webhook of Azure sets them)',
};

function unavailable({ provider }: BucketStorage): Problem {
  const how = HOW[provider];
  const prove = 'name credentials to prove the bucket with in spec.validation.credentialsFrom';
  return {
    reason: 'AmbientIdentityUnavailable',
    message:
      how === undefined
        ? `The operator has no identity of its own for buckets of provider ${provider}.`
        : `The operator has no identity of its own for provider ${provider}: it takes one from ${how}, and asks no metadata service.`,
    remedy:
      how === undefined
        ? `Do not leave it to the operator: ${prove}.`
        : `Annotate the operator's ServiceAccount for it and restart the operator, or ${prove}.`,
    failureClass: 'reference',
  };
}

/** The operator's own identity in the form of a declaration, for trust policies and errors. */
export function ambientRef(signIn: SignIn): SignInRef {
  switch (signIn.kind) {
    case 'WebIdentity':
      return { kind: signIn.kind, serviceAccount: '', roleArn: signIn.roleArn };
    case 'AzureWorkloadIdentity':
      return { kind: signIn.kind, serviceAccount: '', clientId: signIn.clientId, tenantId: signIn.tenantId };
    default:
      return { kind: 'Ambient' };
  }
}
