import { expect, it } from '@jest/globals';
import type { LifecycleRule } from '../../domain/observations/bucket-settings.ts';
import type { SettingsSeen } from '../../domain/observations/bucket-settings.ts';
import { err, ok } from '../../base/result.ts';
import {
  contextOf,
  denied,
  goodObservations,
  onAzureBlob,
  onGcs,
  onMinio,
  withSettings,
} from '../../../test/support/fakes/observations.ts';
import { describeCheck } from '../../../test/support/check-rows.ts';
import { judgeAll } from '../judge.ts';
import { lifecycleSafe } from './lifecycle-safe.ts';

const PROBES = 'teams/omega/.wandb-storage-probe/';

function rule(changes: Partial<LifecycleRule>): SettingsSeen {
  return {
    lifecycle: ok([{ name: '"tidy"', prefixes: [], deletes: false, expiresVersions: false, ...changes }]),
  };
}

describeCheck(lifecycleSafe, [
  {
    reason: 'LifecycleDeletes',
    seen: withSettings(rule({ deletes: true })),
    says: ['lifecycle rule "tidy" that deletes', 'get-bucket-lifecycle-configuration --bucket acme-wandb'],
  },
  {
    reason: 'LifecycleDeletes',
    seen: withSettings(rule({ deletes: true, prefixes: ['teams/'] })),
    context: onGcs,
    says: ['"tidy"', 'gcloud storage buckets describe gs://acme-wandb'],
  },
  {
    reason: 'LifecycleDeletes',
    seen: withSettings(rule({ deletes: true, prefixes: ['teams/omega/media/'] })),
    says: ['"tidy"'],
  },
  {
    reason: 'Passed',
    seen: withSettings(rule({ deletes: true, prefixes: ['teams/kappa/', 'tmp/'] })),
    says: [],
  },
  {
    // The rule that we ask for ourselves.
    reason: 'Passed',
    seen: withSettings(rule({ deletes: true, prefixes: [PROBES] })),
    says: [],
  },
  {
    reason: 'LifecycleArchives',
    seen: withSettings(rule({ archivesTo: 'GLACIER' })),
    context: onMinio,
    says: ['moves objects there to GLACIER', 'mc ilm rule ls <alias>/omega-data'],
  },
  {
    reason: 'SettingNotReadable',
    seen: withSettings({ lifecycle: err(denied) }),
    says: ['This needs s3:GetLifecycleConfiguration, which W&B does not need'],
  },
  {
    reason: 'SettingNotReadable',
    seen: goodObservations({ settings: { retention: ok({ keeps: [] }) } }),
    context: onAzureBlob,
    says: ['Microsoft.Storage/storageAccounts/managementPolicies/read', 'management-policy show'],
  },
  {
    reason: 'SettingNotOffered',
    seen: withSettings({ lifecycle: err({ kind: 'NotImplemented', httpStatus: 501 }) }),
    context: onMinio,
    says: ['lifecycle rules', '(501)'],
  },
]);

const named = (count: number, changes: Partial<LifecycleRule>): SettingsSeen => ({
  lifecycle: ok(
    Array.from({ length: count }, (_, index) => ({
      name: `r${index + 1}`,
      prefixes: [],
      deletes: false,
      expiresVersions: false,
      ...changes,
    })),
  ),
});

it.each<readonly [count: number, changes: Partial<LifecycleRule>, says: string]>([
  [2, { deletes: true }, 'lifecycle rules r1, r2 that delete objects there: runs and artifacts'],
  [6, { deletes: true }, 'lifecycle rules r1, r2, r3, r4, r5 that delete objects there: runs and artifacts'],
  [2, { archivesTo: 'GLACIER' }, 'lifecycle rules r1, r2 that move objects there to GLACIER: W&B could not read'],
])('names several rules: %d', (count, changes, says) => {
  const verdicts = judgeAll(withSettings(named(count, changes)), contextOf(), { ignore: [] });
  expect(verdicts.find(({ name }) => name === 'LifecycleSafe')?.message).toContain(says);
});

it('names only the rules that archive', () => {
  const { lifecycle } = named(2, {});
  const rules = lifecycle?.ok === true ? lifecycle.value : [];
  const seen = withSettings({ lifecycle: ok([{ ...rules[0]!, archivesTo: 'GLACIER' }, rules[1]!]) });
  const verdicts = judgeAll(seen, contextOf(), { ignore: [] });
  expect(verdicts.find(({ name }) => name === 'LifecycleSafe')?.message).toContain('lifecycle rule r1 that moves');
});

it.each<readonly [prefixes: readonly string[], reason: string]>([
  [[''], 'LifecycleDeletes'],
  [['teams/omega/'], 'LifecycleDeletes'],
  [['teams/om'], 'LifecycleDeletes'],
  [['teams/omega/x'], 'LifecycleDeletes'],
  [['teams/omega2/'], 'Passed'],
  [['omega/'], 'Passed'],
  [['teams/omega/.wandb-storage-probe/x'], 'Passed'],
  [['teams/omega/.wandb-storage-probe/', 'teams/omega/media/'], 'LifecycleDeletes'],
  [['teams/omega/.wandb-storage-probe/', 'tmp/'], 'Passed'],
])('a rule for %j is about the path, or not', (prefixes, reason) => {
  const verdicts = judgeAll(withSettings(rule({ deletes: true, prefixes })), contextOf(), { ignore: [] });
  expect(verdicts.find(({ name }) => name === 'LifecycleSafe')?.reason).toBe(reason);
});
