import { displayBucket } from '../../domain/bucket-identity.ts';
import type { AzureBlobStorage } from '../../domain/storage.ts';
import type { CheckContext } from '../check.ts';
import { cloudCa, CORRECT_IDENTITY, corsInWords, credentialOfSecret, patchSecret, type StoreWords } from './words.ts';

/** Azure Blob Storage: the bucket is a container, and CORS belongs to the whole account. */
export function azureBlobWords(storage: AzureBlobStorage, context: CheckContext): StoreWords {
  const { name, storageAccount: account, credentials } = storage;
  const credential = credentialOfSecret(context);
  return {
    bucket: `container ${displayBucket(storage)} of storage account ${account}`,
    wholeBucket: `container ${name} of storage account ${account}`,
    url: context.endpointUrl,
    api: 'Blob service',
    endpointField: 'spec.bucket.azureBlob.storageAccount',
    actor: `The owner of ${credential}`,
    credential,
    correctCredential: () =>
      credentials.kind === 'Ambient'
        ? CORRECT_IDENTITY
        : `Take key1 or key2 from az storage account keys list --account-name ${account}. ${patchSecret(context.namespace, credentials.secretName, [credentials.key])}`,
    wrongSecret: `${context.endpointUrl} does not take ${credential} for a key of storage account ${account}`,
    allowKeys: `Allow account keys: az storage account update --name ${account} --allow-shared-key-access true (an Azure Policy may set it back).`,
    grant: (permission) =>
      `${permission === 'Delete' ? `Look for immutability policies and legal holds (az storage container show --account-name ${account} --name ${name}). ` : ''}An account key may do everything, so look at the firewall of storage account ${account} (az storage account network-rule list --account-name ${account}) and at its setting "Allow storage account key access"; a role would be: az role assignment create --role "Storage Blob Data Contributor" --assignee <identity> --scope <id of the storage account>`,
    trustCa: cloudCa('Azure'),
    createBucket: `az storage container create --account-name ${account} --name ${name}`,
    corsRule: (origin) =>
      `the blob service of storage account ${account}: ${corsInWords(origin)} (uploads send x-ms-blob-type as well). az storage cors add --account-name ${account} --services b --origins ${origin} --methods GET HEAD PUT --allowed-headers '*' --exposed-headers ETag --max-age 3000`,
    presignedRules:
      'Look at the SAS expiration policy and the firewall of the storage account, and for a proxy that changes host, path or query of the URL.',
    makePrivate: `az storage container set-permission --account-name ${account} --name ${name} --public-access off`,
    allowEncryptionKey: `Let the managed identity of storage account ${account} use the key: role "Key Vault Crypto Service Encryption User" on the vault, and a firewall of the vault that lets trusted services through.`,
    hiddenBucket: 'The firewall of a storage account answers like a missing role.',
  };
}
