import type { LifecycleRule } from '../../domain/observations/bucket-settings.ts';
import { ownerMatches } from '../bucket-reachable/owner-matches.ts';
import { canList } from './can-list.ts';
import { SHARED_REASONS } from '../shared-reasons.ts';
import { defineCheck } from '../check.ts';
import { passed, warned } from '../judgement.ts';
import { reachesPath } from './lifecycle-reach.ts';
import { messagesOf } from '../remedies/messages-of.ts';
import { unread } from '../failures/unread-setting.ts';

/** No lifecycle rule of the bucket deletes or archives W&B's objects. */
export const lifecycleSafe = defineCheck({
  name: 'LifecycleSafe',
  gate: 'BucketUsable',
  required: false,
  ignorable: true,
  prerequisites: [ownerMatches, canList],
  decidedBy: 'Survey',
  needs: ['settings'],
  reasons: {
    SettingNotReadable: SHARED_REASONS.SettingNotReadable,
    SettingNotOffered: SHARED_REASONS.SettingNotOffered,
    LifecycleDeletes: {
      result: 'Warn',
      meaning: 'A lifecycle rule deletes objects under the path: runs and artifacts lose their files.',
      remedy: 'Take the path out of the rule, or the rule away.',
      codes: [],
      proof: 'emulator',
    },
    LifecycleArchives: {
      result: 'Warn',
      meaning: 'A lifecycle rule moves objects under the path to a class that must be restored before it can be read.',
      remedy: 'Take the path out of the rule, or the rule away.',
      codes: [],
      proof: 'scripted server',
    },
  },
  judge: ({ settings }, context) => {
    const lifecycle = settings?.lifecycle;
    if (lifecycle?.ok !== true) return unread('lifecycle', lifecycle?.error, context);
    const rules = lifecycle.value.filter((rule) => reachesPath(rule, context.storage));
    const { bucket, settings: messages } = messagesOf(context);
    const deleting = rules.filter((rule) => rule.deletes);
    if (deleting.length > 0) {
      return warned(
        'LifecycleDeletes',
        `The ${bucket} has ${named(deleting)} that delete${deleting.length === 1 ? 's' : ''} objects there: runs and artifacts of W&B would lose their files.`,
        messages.changeLifecycle,
      );
    }
    const archiving = rules.filter((rule) => rule.archivesTo !== undefined);
    if (archiving.length === 0) return passed();
    return warned(
      'LifecycleArchives',
      `The ${bucket} has ${named(archiving)} that move${archiving.length === 1 ? 's' : ''} objects there to ${archiving[0]?.archivesTo ?? ''}: W&B could not read them without a restore.`,
      messages.changeLifecycle,
    );
  },
});

function named(rules: readonly LifecycleRule[]): string {
  const names = rules.slice(0, 5).map(({ name }) => name);
  return `lifecycle rule${rules.length === 1 ? '' : 's'} ${names.join(', ')}`;
}
