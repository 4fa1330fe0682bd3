import { displayBucket } from '../../domain/bucket/bucket-id.ts';
import { keyRefOf } from '../../domain/credentials/identity-ref.ts';
import type { AzureBlobStorage } from '../../domain/bucket/storage.ts';
import { azureCorsArguments, corsInWords } from '../../domain/policy/cors.ts';
import type { CheckContext } from '../check.ts';
import { azureSettingsMessages } from './azure-settings.ts';
import {
  actorOf,
  cloudCa,
  CORRECT_IDENTITY,
  credentialOfSecret,
  patchSecret,
  type ProviderMessages,
} from './messages.ts';
import { AZURE_DATA_ROLE } from '../../domain/policy/roles.ts';

/** Azure Blob Storage: the bucket is a container, and CORS belongs to the whole account. */
export function azureBlobMessages(storage: AzureBlobStorage, context: CheckContext): ProviderMessages {
  const { name, storageAccount: account } = storage;
  const key = keyRefOf(context.signIn);
  const credential = credentialOfSecret(context);
  return {
    bucket: `container ${displayBucket(storage)} of storage account ${account}`,
    wholeBucket: `container ${name} of storage account ${account}`,
    url: context.endpointUrl,
    api: 'Blob service',
    endpointFlag: '--azure-endpoint',
    hostField: 'spec.bucket.azureBlob.storageAccount',
    actor: actorOf(context),
    credential,
    correctCredential: () =>
      key?.kind !== 'AccountKey'
        ? CORRECT_IDENTITY
        : `Take key1 or key2 from az storage account keys list --account-name ${account}. ${patchSecret(context.namespace, key.secretName, [key.key])}`,
    wrongSecret: `${context.endpointUrl} does not accept ${credential} as a key of storage account ${account}`,
    allowKeys: `Allow account keys: az storage account update --name ${account} --allow-shared-key-access true (an Azure Policy may revert it).`,
    grant: () =>
      context.signIn.kind === 'AzureWorkloadIdentity'
        ? grantRole(context.signIn.clientId, account)
        : grantOfKey(account),
    keyUser: `The identity of storage account ${account}`,
    networkRules: `Look at ${firewallOf(account)}, and let in the operator, the W&B server and those who use it.`,
    trustCa: cloudCa('Azure'),
    createBucket: `az storage container create --account-name ${account} --name ${name}`,
    corsRule: (origin) =>
      `the blob service of storage account ${account}: ${corsInWords(origin)} (uploads send x-ms-blob-type as well). az storage cors add --account-name ${account} ${azureCorsArguments(origin)}`,
    presignedRules:
      'Check the SAS expiration policy and the firewall of the storage account, and look for a proxy that changes host, path or query of the URL.',
    makePrivate: `az storage container set-permission --account-name ${account} --name ${name} --public-access off`,
    hiddenBucket: 'The firewall of a storage account gives the same answer as a missing role.',
    settings: azureSettingsMessages(storage),
  };
}

function grantOfKey(account: string): string {
  return `An account key has all permissions, so check ${firewallOf(account)} and its setting "Allow storage account key access". The role for an identity: ${assign('<identity>')}`;
}

function grantRole(clientId: string, account: string): string {
  return `${assign(clientId)} (it takes effect after some minutes); then check ${firewallOf(account)}.`;
}

function assign(assignee: string): string {
  return `az role assignment create --role "${AZURE_DATA_ROLE}" --assignee ${assignee} --scope <id of the storage account>`;
}

function firewallOf(account: string): string {
  return `the firewall of storage account ${account} (az storage account network-rule list --account-name ${account})`;
}
