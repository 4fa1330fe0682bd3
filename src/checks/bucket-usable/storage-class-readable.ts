import type { Observed } from '../../domain/observations/observations.ts';
import { ownerMatches } from '../bucket-reachable/owner-matches.ts';
import { canList } from './can-list.ts';
import { defineCheck, type CheckContext, type Judgement } from '../check.ts';
import { passed, warned } from '../judgement.ts';
import { wordsOf } from '../remedies/messages-of.ts';

/** Classes of S3 and its kin that need a restore before an object can be read. */
const UNREADABLE: readonly string[] = ['GLACIER', 'DEEP_ARCHIVE', 'Archive'];
/** Classes of GCS that are read at once, at a price, and charged for months even if deleted at once. */
const COSTLY: readonly string[] = ['NEARLINE', 'COLDLINE', 'ARCHIVE'];

/** Objects are in a class from which they can be read at once. */
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
      remedy: 'Have the bucket keep new objects in class STANDARD.',
      codes: ['NEARLINE', 'COLDLINE', 'ARCHIVE'],
      proof: 'emulator',
    },
  },
  judge: ({ read, list, settings }, context) => {
    const written = told(read)?.storageClass ?? '';
    if (UNREADABLE.includes(written)) return archived('New objects of', written, context);
    const found = told(list)?.archived;
    if (found !== undefined) return archived('Objects in', found, context);
    const standard = told(settings?.storageClass)?.name ?? '';
    return COSTLY.includes(standard) ? costly(standard, context) : passed();
  },
});

function told<T>(seen: Observed<T> | undefined): T | undefined {
  return seen?.ok === true ? seen.value : undefined;
}

function archived(which: string, storageClass: string, context: CheckContext): Judgement<'ObjectsArchived'> {
  const { bucket, settings } = wordsOf(context);
  return warned(
    'ObjectsArchived',
    `${which} ${bucket} are in storage class ${storageClass}: they cannot be read before they are restored.`,
    settings.changeClass,
  );
}

function costly(storageClass: string, context: CheckContext): Judgement<'StorageClassCostly'> {
  const { bucket, settings } = wordsOf(context);
  return warned(
    'StorageClassCostly',
    `New objects of ${bucket} are in class ${storageClass}: every read is charged, and so are months of storage for what is deleted early.`,
    settings.changeClass,
  );
}
