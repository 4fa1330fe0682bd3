import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { TEAM_STORAGES, type TeamStorage } from '../../../src/api/resources.ts';
import { startApiFront, type ApiFront } from '../../servers/api-front.ts';
import { auditMark, writesSince } from '../../servers/audit.ts';
import { conditionOf, untilReconciled } from '../../servers/conditions.ts';
import { applyStorage, eventsOf, minioBucket, untilStorage } from '../../servers/objects.ts';
import { OUTPUT } from '../../servers/outputs.ts';
import { publishNamespace, type PublishedNamespace } from '../../servers/published-namespace.ts';
import { newBucket, sharedServers } from '../../servers/shared.ts';
import { until } from '../../servers/until.ts';
import { watchVersions } from '../../servers/versions.ts';

const TEAMS = Array.from({ length: 50 }, (_, index) => `team-${String(index).padStart(2, '0')}`);
/** So often a transient failure is tolerated in silence. */
const TRIES = 3;
let world: PublishedNamespace;
let front: ApiFront;
const at = (name: string) => ({ namespace: world.namespace, kind: 'TeamStorage', name }) as const;

beforeAll(async () => {
  const { minio } = sharedServers();
  front = await startApiFront();
  const bucket = await newBucket('crowd');
  const teams = TEAMS.map((team) => [
    team,
    { team, bucket: minioBucket(minio, bucket, 'root', { path: `teams/${team}` }) },
  ]);
  world = await publishNamespace('failing', {
    teams: Object.fromEntries(teams) as Readonly<Record<string, unknown>>,
    operator: { serverUrl: front.url },
  });
  // Who shares the bucket is reported once all are in: from then on nothing changes by itself.
  for (const name of TEAMS) await untilReconciled(at(name));
}, 180_000);

afterAll(async () => {
  await world.operator.stop();
  await front.stop();
});

async function allEvents(): Promise<Readonly<Record<string, readonly string[]>>> {
  const entries = await Promise.all(TEAMS.map(async (name) => [name, await eventsOf(world.namespace, name)] as const));
  return Object.fromEntries(entries);
}

const verdict = (version: TeamStorage): string =>
  `${version.metadata.name} ${conditionOf(version, 'Ready')} ${conditionOf(version, 'Published')}`;

it('while the Secret cannot be written for one more team, the fifty that are published hear nothing of it', async () => {
  const { namespace, operator } = world;
  const events = await allEvents();
  const reported = await watchVersions(TEAM_STORAGES, namespace);
  const before = new Set(reported.seen.map(verdict));
  const { auditLog } = sharedServers();
  const mark = auditMark(auditLog);
  front.refuse({ method: 'PATCH', path: `/api/v1/namespaces/${namespace}/secrets/${OUTPUT}`, status: 500 });

  const bucket = minioBucket(sharedServers().minio, await newBucket('newcomer'), 'root');
  await applyStorage(namespace, 'TeamStorage', 'newcomer', { team: 'newcomer', bucket });
  await until('the write of the Secret has failed for some time', () => front.refusals > TRIES, 150);
  front.passEverything();
  await untilStorage(at('newcomer'), { ready: 'True', published: 'True', publishedReason: 'Published' }, 60);
  await untilReconciled({ namespace, kind: 'InstanceStorage', name: 'wandb' });
  await reported.stop();

  const others = reported.seen.filter(({ metadata }) => metadata.name !== 'newcomer');
  expect([...new Set(others.map(verdict))].filter((one) => !before.has(one))).toEqual([]);
  expect(await allEvents()).toEqual(events);
  const writes = writesSince(auditLog, mark, { user: operator.user, namespace })
    .filter(({ resource, name }) => resource.endsWith('/status') && name !== 'newcomer')
    .map(({ resource, name }) => `${resource} ${name}`);
  expect(writes.filter((one) => one.includes('teamstorages'))).toEqual([]);
  // Of the InstanceStorage, one of them to acknowledge the request above.
  expect(writes.length).toBeLessThanOrEqual(3 + 1);
}, 300_000);
