import type {
  AssumedRoleRef,
  AzureWorkloadIdentityRef,
  GcpWorkloadIdentityRef,
  IdentityRef,
  WebIdentityRef,
} from '../../domain/credentials/refs.ts';
import type { Problem } from '../../domain/conditions/problem.ts';
import { ok, type Result } from '../../base/result.ts';
import type { AssumedRole, Identity, WebIdentity } from '../../domain/credentials/sign-in.ts';
import type { AccessKeyRef } from '../../domain/credentials/refs.ts';
import type { AccessKeyCredential } from '../../domain/credentials/credential-types.ts';
import { AWS_AUDIENCE, AZURE_AUDIENCE } from '../../domain/policy/trust.ts';
import type { TokenSource } from './token-source.ts';

/** Creates identities from their declarations: the workload whose tokens are used, and what they are exchanged for. */
export function createIdentityReader(deps: {
  readonly keyOf: (namespace: string, ref: AccessKeyRef) => Promise<Result<AccessKeyCredential, Problem>>;
  readonly tokens: TokenSource;
}) {
  const { open } = deps.tokens;

  function read(namespace: string, ref: IdentityRef): Promise<Result<Identity, Problem>> {
    switch (ref.kind) {
      case 'WebIdentity':
        return webIdentityOf(namespace, ref);
      case 'AssumedRole':
        return assumedRoleOf(namespace, ref);
      case 'GcpWorkloadIdentity':
        return gcpIdentityOf(namespace, ref);
      case 'AzureWorkloadIdentity':
        return azureIdentityOf(namespace, ref);
    }
  }

  async function webIdentityOf(namespace: string, ref: WebIdentityRef): Promise<Result<WebIdentity, Problem>> {
    const workload = await open({ namespace, name: ref.serviceAccount }, AWS_AUDIENCE);
    return workload.ok ? ok({ kind: ref.kind, roleArn: ref.roleArn, workload: workload.value }) : workload;
  }

  async function assumedRoleOf(namespace: string, ref: AssumedRoleRef): Promise<Result<AssumedRole, Problem>> {
    const { kind, roleArn, externalId } = ref;
    const from = await (ref.from.kind === 'AccessKey'
      ? deps.keyOf(namespace, ref.from)
      : webIdentityOf(namespace, ref.from));
    if (!from.ok) return from;
    return ok({ kind, from: from.value, roleArn, ...(externalId !== undefined && { externalId }) });
  }

  async function gcpIdentityOf(
    namespace: string,
    { kind, serviceAccount, audience, impersonate }: GcpWorkloadIdentityRef,
  ): Promise<Result<Identity, Problem>> {
    // The default audience of a provider: its own name as a URL.
    const workload = await open({ namespace, name: serviceAccount }, `https:${audience}`);
    if (!workload.ok) return workload;
    return ok({ kind, audience, workload: workload.value, ...(impersonate !== undefined && { impersonate }) });
  }

  async function azureIdentityOf(
    namespace: string,
    { kind, serviceAccount, clientId, tenantId }: AzureWorkloadIdentityRef,
  ): Promise<Result<Identity, Problem>> {
    const workload = await open({ namespace, name: serviceAccount }, AZURE_AUDIENCE);
    return workload.ok ? ok({ kind, clientId, tenantId, workload: workload.value }) : workload;
  }

  return { read };
}
