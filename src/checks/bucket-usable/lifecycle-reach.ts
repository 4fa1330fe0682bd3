import type { LifecycleRule } from '../../domain/observations/bucket-settings.ts';
import type { BucketStorage } from '../../domain/bucket/storage.ts';

/** Folder of all probe objects below a sub-path. */
export function probeFolder({ path }: Pick<BucketStorage, 'path'>): string {
  return `${folderOf(path)}.wandb-storage-probe/`;
}

/** Whether a rule applies to objects under the path, apart from the folder of probes. */
export function reachesPath({ prefixes }: LifecycleRule, storage: BucketStorage): boolean {
  const folder = folderOf(storage.path);
  const overlaps = (prefix: string): boolean => prefix.startsWith(folder) || folder.startsWith(prefix);
  return (
    prefixes.length === 0 || prefixes.some((prefix) => overlaps(prefix) && !prefix.startsWith(probeFolder(storage)))
  );
}

/** Whether a rule removes the old versions of all probe objects. */
export function coversProbes({ prefixes, expiresVersions }: LifecycleRule, storage: BucketStorage): boolean {
  return (
    expiresVersions && (prefixes.length === 0 || prefixes.some((prefix) => probeFolder(storage).startsWith(prefix)))
  );
}

function folderOf(path: string): string {
  return path === '' ? '' : `${path}/`;
}
