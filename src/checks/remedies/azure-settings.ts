import type { AzureBlobStorage } from '../../domain/bucket/storage.ts';
import { unneededPermission, type KeyProblem, type SettingsMessages, type UnreadSetting } from './settings-messages.ts';
import { AZURE_DATA_ROLE } from '../../domain/policy/roles.ts';

/** Azure Blob Storage: many settings of the account are only in the management plane. */
export function azureSettingsMessages({ name, storageAccount: account }: AzureBlobStorage): SettingsMessages {
  const show: Readonly<Record<UnreadSetting, readonly [string, string]>> = {
    retention: [
      'Microsoft.Storage/storageAccounts/blobServices/containers/read',
      `az storage container show --account-name ${account} --name ${name}`,
    ],
    versioning: [
      'Microsoft.Storage/storageAccounts/blobServices/read',
      `az storage account blob-service-properties show --account-name ${account}`,
    ],
    lifecycle: [
      'Microsoft.Storage/storageAccounts/managementPolicies/read',
      `az storage account management-policy show --account-name ${account} --resource-group <resource group>`,
    ],
  };
  return {
    permissionFor: (setting) => unneededPermission(...show[setting]),
    removeRetention: `Remove policy and holds: az storage container immutability-policy delete --account-name ${account} --container-name ${name} --if-match <etag>; az storage container legal-hold clear --account-name ${account} --container-name ${name} --tags <tags>. A locked policy cannot be removed: use another container.`,
    keepDeleted: `az storage account blob-service-properties update --account-name ${account} --enable-delete-retention true --delete-retention-days 7`,
    expireVersions: (probePrefix) =>
      `Add a rule to the lifecycle management of the account that deletes previous versions under ${name}/${probePrefix} after a day: save the present rules (${show.lifecycle[1]} --query policy > policy.json), add the rule to them, and set the whole list, because the command replaces it: az storage account management-policy create --account-name ${account} --resource-group <resource group> --policy @policy.json`,
    changeLifecycle: show.lifecycle[1],
    changeClass: `Move the blobs to an online tier: az storage blob set-tier --account-name ${account} --container-name ${name} --name <blob> --tier Hot`,
    payForRequests: 'Azure has no requester pays.',
    fixKey: (problem) => fixKey(problem, account),
    encryptWith: () =>
      `az storage account update --name ${account} --encryption-key-source Microsoft.Keyvault --encryption-key-vault <vault> --encryption-key-name <key>`,
    grantAll: (permissions) =>
      `Assign a role with ${permissions.join(', ')}: az role assignment create --role "${AZURE_DATA_ROLE}" --assignee <identity> --scope <id of the storage account>`,
  };
}

function fixKey(problem: KeyProblem, account: string): string {
  switch (problem) {
    case 'NotFound':
    case 'NotConfigured':
      return `Correct vault and key of storage account ${account}: az storage account update --name ${account} --encryption-key-source Microsoft.Keyvault --encryption-key-vault <vault> --encryption-key-name <key>`;
    case 'Disabled':
      return 'Enable the key: az keyvault key set-attributes --vault-name <vault> --name <key> --enabled true';
    case 'Denied':
      return `Allow the identity of storage account ${account} to use the key: az role assignment create --role "Key Vault Crypto Service Encryption User" --assignee <identity of the account> --scope <id of the vault>`;
  }
}
