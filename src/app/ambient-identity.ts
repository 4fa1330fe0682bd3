import { readFile } from 'node:fs/promises';
import type { BucketFailure } from '../domain/observations/bucket-failure.ts';
import { err, ok, type Result } from '../base/result.ts';
import { Secret } from '../base/secret.ts';
import type { AmbientIdentity, WorkloadIdentity } from '../domain/credentials/sign-in.ts';

/** Longest token file that is read. */
const MAX_TOKEN_BYTES = 64 * 1024;

/**
 * The operator's own identity, as the webhooks of EKS and Azure inject it into a pod: IAM roles for service accounts,
 * and Azure workload identity. Metadata services, profiles and keys in the environment are not used: the operator must
 * not use what its administrator did not grant on purpose.
 */
export function ambientIdentity(env: Readonly<Record<string, string | undefined>>): AmbientIdentity {
  const { AWS_ROLE_ARN: roleArn, AWS_WEB_IDENTITY_TOKEN_FILE: awsFile } = env;
  const { AZURE_CLIENT_ID: clientId, AZURE_TENANT_ID: tenantId, AZURE_FEDERATED_TOKEN_FILE: azureFile } = env;
  return {
    ...(isGiven(roleArn) &&
      isGiven(awsFile) && { aws: { kind: 'WebIdentity', roleArn, workload: ownWorkload(awsFile) } }),
    ...(isGiven(clientId) &&
      isGiven(tenantId) &&
      isGiven(azureFile) && {
        azure: { kind: 'AzureWorkloadIdentity', clientId, tenantId, workload: ownWorkload(azureFile) },
      }),
  };
}

function isGiven(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}

/** The kubelet renews the file, so it is read each time. */
function ownWorkload(file: string): WorkloadIdentity {
  return { name: "the operator's own ServiceAccount", token: () => tokenIn(file) };
}

async function tokenIn(file: string): Promise<Result<Secret<string>, BucketFailure>> {
  try {
    const token = (await readFile(file, 'utf8')).trim();
    return token === '' || token.length > MAX_TOKEN_BYTES ? err({ kind: 'TokenUnavailable' }) : ok(new Secret(token));
  } catch (error) {
    const { code } = error as { readonly code?: unknown };
    return err({ kind: 'TokenUnavailable', ...(typeof code === 'string' && { providerCode: code }) });
  }
}
