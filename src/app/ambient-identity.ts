import { readFile } from 'node:fs/promises';
import type { BucketFailure } from '../domain/observations/bucket-failure.ts';
import { err, ok, type Result } from '../base/result.ts';
import { Secret } from '../base/secret.ts';
import type { AmbientIdentity, WorkloadIdentity } from '../domain/credentials/sign-in.ts';

/** Longest token file that is read. */
const MAX_TOKEN_BYTES = 64 * 1024;

/**
 * The operator's own identity, as the webhooks of EKS and Azure tell a pod of it:
 * IAM roles for service accounts, and Azure workload identity. Nothing else is
 * asked (metadata services, profiles, keys in the environment): what the
 * administrator did not give the operator on purpose is not its to use.
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

/** The kubelet renews the file: it is read each time. */
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
