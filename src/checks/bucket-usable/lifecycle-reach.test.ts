import { expect, it } from '@jest/globals';
import { s3 } from '../../../test/support/fakes/observations.ts';
import type { LifecycleRule } from '../../domain/observations/bucket-settings.ts';
import { coversProbes, reachesPath } from './lifecycle-reach.ts';

const PROBES = 'teams/omega/.wandb-storage-probe/';
const rule = (prefixes: readonly string[]) => ({ prefixes, expiresVersions: true }) as LifecycleRule;

// `s3` is at teams/omega. A rule of Azure may have several prefixes.
it.each<[prefixes: readonly string[], reaches: boolean, covers: boolean]>([
  [[], true, true],
  [['teams/'], true, true],
  [['teams/omega/'], true, true],
  [['teams/omega/models/'], true, false],
  [['teams/omega-2/'], false, false],
  [[PROBES], false, true],
  [[`${PROBES}uid/`], false, false],
  [['logs/', PROBES], false, true],
  [['logs/', 'teams/'], true, true],
  [['logs/', 'backups/'], false, false],
])('a rule on %j reaches the files of a team: %s, and all probe objects: %s', (prefixes, reaches, covers) => {
  expect([reachesPath(rule(prefixes), s3), coversProbes(rule(prefixes), s3)]).toEqual([reaches, covers]);
});

it('removes no old versions of probe objects where it keeps all of them', () => {
  expect(coversProbes({ ...rule([]), expiresVersions: false }, s3)).toBe(false);
});
