import type { LifecycleRule } from '../../domain/observations/bucket-settings.ts';
import { childOf, childrenOf, textOf, type XmlElement } from './xml.ts';

/** An enabled rule of a bucket; `index` names one that has no name. */
export function lifecycleRule(rule: XmlElement, index: number): LifecycleRule {
  // A rule that removes only delete markers deletes no data.
  const deletes = ['Days', 'Date'].some((when) => textOf(rule, 'Expiration', when) !== undefined);
  const classes = childrenOf(rule, 'Transition').map((one) => unreadableClass(textOf(one, 'StorageClass')));
  const archivesTo = classes.find((one) => one !== undefined);
  const prefix = prefixOf(rule);
  return {
    name: nameOf(textOf(rule, 'ID')) ?? `number ${index + 1}`,
    prefixes: prefix === '' ? [] : [prefix],
    deletes,
    ...(archivesTo !== undefined && { archivesTo }),
    expiresVersions: childOf(rule, 'NoncurrentVersionExpiration') !== undefined,
  };
}

/** Old rules have the prefix beside the filter. */
function prefixOf(rule: XmlElement): string {
  return textOf(rule, 'Filter', 'Prefix') ?? textOf(rule, 'Filter', 'And', 'Prefix') ?? textOf(rule, 'Prefix') ?? '';
}

/** The name goes to the status, so only plain characters are accepted. */
function nameOf(id: string | undefined): string | undefined {
  return id !== undefined && /^[\w .,:()-]{1,64}$/.test(id) ? `"${id}"` : undefined;
}

/** Classes whose objects must be restored before they can be read. */
export function unreadableClass(storageClass: string | undefined): string | undefined {
  return storageClass === 'GLACIER' || storageClass === 'DEEP_ARCHIVE' ? storageClass : undefined;
}
