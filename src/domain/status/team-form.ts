import { PROVIDERS } from '../bucket/providers.ts';
import type { BucketStorage } from '../bucket/storage.ts';

/** The values for W&B's create-team form (the document of 2024, "Configure your storage object", Team level). */
export interface TeamForm {
  readonly teamName: string;
  readonly organization?: string;
  readonly storageType: 'External Storage' | 'Default Storage';
  readonly bucket?: 'New bucket' | 'Existing bucket';
  readonly cloudProvider?: string;
  /** Azure: the storage account; `name` is the container then. */
  readonly accountName?: string;
  readonly name?: string;
  readonly path?: string;
  readonly kmsKeyArn?: string;
}

/** Fills the form. Without `storage` the team stays on the instance bucket. */
export function teamForm(
  team: { readonly team: string; readonly organization?: string },
  storage: BucketStorage | undefined,
  existing: boolean,
): TeamForm {
  const who = { teamName: team.team, ...(team.organization !== undefined && { organization: team.organization }) };
  if (storage === undefined) return { ...who, storageType: 'Default Storage' };
  return {
    ...who,
    storageType: 'External Storage',
    bucket: existing ? 'Existing bucket' : 'New bucket',
    cloudProvider: PROVIDERS[storage.provider].teamForm,
    ...(storage.provider === 'AzureBlob' && { accountName: storage.storageAccount }),
    name: storage.name,
    ...(storage.path !== '' && { path: storage.path }),
    ...(storage.provider === 'S3' && storage.kmsKeyArn !== undefined && { kmsKeyArn: storage.kmsKeyArn }),
  };
}
