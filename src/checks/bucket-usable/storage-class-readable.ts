import type { Observed } from '../../domain/observations/observations.ts';
import { ownerMatches } from '../bucket-reachable/owner-matches.ts';
import { canList } from './can-list.ts';
import { defineCheck, type CheckContext, type Judgement } from '../check.ts';
import { passed, warned } from '../judgement.ts';
import { messagesOf } from '../remedies/messages-of.ts';

/** Classes whose objects must be restored before they can be read. */
const UNREADABLE: readonly string[] = ['GLACIER', 'DEEP_ARCHIVE', 'Archive'];
/** Classes of GCS that charge for each read, and for a minimum time of months. */
const COSTLY: readonly string[] = ['NEARLINE', 'COLDLINE', 'ARCHIVE'];

/** Objects are in a storage class that can be read at once. */
export const storageClassReadable = defineCheck({
  name: 'StorageClassReadable',
  gate: 'BucketUsable',
  required: false,
  ignorable: true,
  prerequisites: [ownerMatches, canList],
  needs: ['settings'],
  reasons: {
    ObjectsArchived: {
      result: 'Warn',
      meaning: 'Objects under the path are in a class that must be restored before it can be read.',
      remedy: 'Restore them or move them to a class that can be read at once.',
      codes: ['GLACIER', 'DEEP_ARCHIVE', 'Archive'],
      proof: 'scripted server',
    },
    StorageClassCostly: {
      result: 'Warn',
      meaning: 'New objects of a bucket of GCS are in a class that charges for each read and for early deletion.',
      remedy: 'Set the default storage class of the bucket to STANDARD.',
      codes: ['NEARLINE', 'COLDLINE', 'ARCHIVE'],
      proof: 'emulator',
    },
  },
  judge: ({ read, list, settings }, context) => {
    const written = valueOf(read)?.storageClass ?? '';
    if (UNREADABLE.includes(written)) return archived('New objects of', written, context);
    const found = valueOf(list)?.archived;
    if (found !== undefined) return archived('Objects in', found, context);
    const standard = valueOf(settings?.storageClass)?.name ?? '';
    return COSTLY.includes(standard) ? costly(standard, context) : passed();
  },
});

function valueOf<T>(seen: Observed<T> | undefined): T | undefined {
  return seen?.ok === true ? seen.value : undefined;
}

function archived(which: string, storageClass: string, context: CheckContext): Judgement<'ObjectsArchived'> {
  const { bucket, settings } = messagesOf(context);
  return warned(
    'ObjectsArchived',
    `${which} ${bucket} are in storage class ${storageClass}: they cannot be read before they are restored.`,
    settings.changeClass,
  );
}

function costly(storageClass: string, context: CheckContext): Judgement<'StorageClassCostly'> {
  const { bucket, settings } = messagesOf(context);
  return warned(
    'StorageClassCostly',
    `New objects of ${bucket} are in class ${storageClass}: every read is charged, and objects that are deleted early are charged for months.`,
    settings.changeClass,
  );
}
