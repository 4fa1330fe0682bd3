import { defined } from '../../base/defined.ts';
import { declaredSignIn } from '../credentials/identity-ref.ts';
import { blank } from './blanks.ts';
import { azureCorsRule } from './cors.ts';
import { originOf, workloadOf, type NamedDocument, type RequestFor } from './policy-request.ts';
import { AZURE_DATA_ROLE, AZURE_SIGNING_ROLE } from './roles.ts';
import { AZURE_AUDIENCE } from './trust.ts';

/** Everything that a container on Azure needs. */
export interface AzureDocuments {
  /** Absent for an account key, which has all permissions. */
  readonly roles?: { readonly clientId: string; readonly names: readonly string[] };
  readonly federatedCredential?: {
    readonly name: string;
    readonly issuer: string;
    readonly subject: string;
    readonly audiences: readonly string[];
  };
  readonly cors: ReturnType<typeof azureCorsRule>;
}

export function azureDocuments(request: RequestFor<'AzureBlob'>): AzureDocuments {
  const signIn = declaredSignIn(request.storage);
  const isIdentity = signIn.kind === 'AzureWorkloadIdentity';
  const clientId = isIdentity ? signIn.clientId : (request.principal ?? blank('AZURE_CLIENT_ID'));
  return defined({
    roles: signIn.kind === 'AccountKey' ? undefined : { clientId, names: [AZURE_DATA_ROLE, AZURE_SIGNING_ROLE] },
    federatedCredential: isIdentity
      ? {
          name: `${request.namespace}-${signIn.serviceAccount}`,
          ...workloadOf(request),
          audiences: [AZURE_AUDIENCE],
        }
      : undefined,
    cors: azureCorsRule(originOf(request)),
  });
}

export function namedAzureDocuments(request: RequestFor<'AzureBlob'>): readonly NamedDocument[] {
  const { storageAccount: account } = request.storage;
  const { roles, federatedCredential, cors } = azureDocuments(request);
  return [
    ...(roles === undefined
      ? []
      : [
          {
            name: 'Roles',
            purpose: `Assign the roles on storage account ${account}.`,
            document: roles.names.map((role) => ({ role, assignee: roles.clientId, storageAccount: account })),
          },
        ]),
    ...(federatedCredential === undefined
      ? []
      : [
          {
            name: 'FederatedCredential',
            purpose: `Create it at the managed identity with client id ${roles?.clientId ?? ''}.`,
            document: federatedCredential,
          },
        ]),
    { name: 'Cors', purpose: `Add the rule to the blob service of storage account ${account}.`, document: cors },
  ];
}
