import type { ContainerClient, ContainerListBlobFlatSegmentResponse } from '@azure/storage-blob';

/**
 * Accounts with a hierarchical namespace keep the directories of a blob that is gone, and list them as blobs that say
 * so. Only one that nothing else begins with is deleted; the service refuses to delete one that is not empty.
 */
export async function removeFolders(
  container: ContainerClient,
  folders: readonly string[],
  abortSignal: AbortSignal,
): Promise<void> {
  for (const prefix of folders) {
    const pages = container.listBlobsFlat({ prefix, abortSignal, includeMetadata: true }).byPage({ maxPageSize: 2 });
    const { segment } = (await pages.next()).value as ContainerListBlobFlatSegmentResponse;
    const [folder, other] = segment.blobItems;
    const isEmptyFolder = folder?.name === prefix && folder.metadata?.['hdi_isfolder'] === 'true';
    if (!isEmptyFolder || other !== undefined) return;
    const { etag } = folder.properties;
    await container.getBlobClient(prefix).delete({ abortSignal, conditions: { ifMatch: etag } });
  }
}
