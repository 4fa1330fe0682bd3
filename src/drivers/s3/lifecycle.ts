import type { LifecycleRule as S3Rule } from '@aws-sdk/client-s3';
import type { LifecycleRule } from '../../domain/observations/bucket-settings.ts';

/** An enabled rule of a bucket; `index` names one that has no name. */
export function lifecycleRule(rule: S3Rule, index: number): LifecycleRule {
  const { Expiration, NoncurrentVersionExpiration, Transitions = [] } = rule;
  // A rule that removes only delete markers deletes no data.
  const deletes = Expiration?.Days !== undefined || Expiration?.Date !== undefined;
  const archivesTo = Transitions.map(({ StorageClass }) => unreadableClass(StorageClass)).find(
    (one) => one !== undefined,
  );
  const prefix = prefixOf(rule);
  return {
    name: nameOf(rule.ID) ?? `number ${index + 1}`,
    prefixes: prefix === '' ? [] : [prefix],
    deletes,
    ...(archivesTo !== undefined && { archivesTo }),
    expiresVersions: NoncurrentVersionExpiration !== undefined,
  };
}

/** Old rules have the prefix beside the filter. */
function prefixOf(rule: S3Rule): string {
  const { Filter } = rule;
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- stores still send it
  return Filter?.Prefix ?? Filter?.And?.Prefix ?? rule.Prefix ?? '';
}

/** The name goes to the status, so only plain characters are accepted. */
function nameOf(id: string | undefined): string | undefined {
  return id !== undefined && /^[\w .,:()-]{1,64}$/.test(id) ? `"${id}"` : undefined;
}

/** Classes whose objects must be restored before they can be read. */
export function unreadableClass(storageClass: string | undefined): string | undefined {
  return storageClass === 'GLACIER' || storageClass === 'DEEP_ARCHIVE' ? storageClass : undefined;
}
