import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { auditMark, writesSince } from '../../servers/audit.ts';
import { createFleet, probeObjects, requestAll, untilFleetReady, type Fleet } from '../../servers/fleet.ts';
import { getStorage, readSecret } from '../../servers/objects.ts';
import { startOperator, type OperatorProcess } from '../../servers/operator.ts';
import { everythingSaid, tracesOf } from '../../servers/secrecy.ts';
import { newNamespace, sharedServers } from '../../servers/shared.ts';
import { until } from '../../servers/until.ts';

const TEAMS = 60;
let namespace = '';
let operator: OperatorProcess;
let fleet: Fleet;
let before: Awaited<ReturnType<Fleet['contents']>>;

beforeAll(async () => {
  namespace = await newNamespace('sixty');
  fleet = await createFleet(TEAMS);
  await fleet.putUserObjects();
  before = await fleet.contents();
  operator = await startOperator(namespace);
});

afterAll(async () => {
  await operator.stop();
});

/** Names of those that were probed since a line of the log, by mode. */
function probedSince(line: number, mode: 'Full' | 'Light'): ReadonlySet<unknown> {
  return new Set(
    operator
      .log()
      .slice(line)
      .filter((one) => one['message'] === 'bucket probed' && one['mode'] === mode)
      .map((one) => one['name']),
  );
}

const writes = (mark: number) => writesSince(sharedServers().auditLog, mark, { user: operator.user, namespace });

it('sixty teams over MinIO, GCS and Azure become Ready', async () => {
  await fleet.apply(namespace, { interval: '4s' });
  await untilFleetReady(namespace, fleet);
  await until('the instance counts its teams', async () => {
    const { status } = await getStorage(namespace, 'InstanceStorage', 'wandb');
    const { teams } = status as { readonly teams?: { readonly ready: number; readonly published: number } };
    return teams?.ready === TEAMS && teams.published === TEAMS;
  });

  const entries = (await readSecret(namespace, 'wandb-storage'))?.['SUPPORTED_FILE_STORES']?.split(',') ?? [];
  expect(entries.map((entry) => entry.split(':')[0]).sort()).toEqual(['az', 'az', 'gs', 'gs', 's3', 's3']);
});

it('a second pass over them writes nothing: light validations, and a look at all after a restart', async () => {
  const mark = auditMark(sharedServers().auditLog);
  const line = operator.log().length;
  await until('all were validated again', () => probedSince(line, 'Light').size > TEAMS, 60);
  expect(writes(mark)).toEqual([]);

  await operator.restart();
  const restarted = operator.log().length;
  await until('all were looked at after the restart', () => probedSince(restarted, 'Light').size > TEAMS, 60);
  expect(writes(mark)).toEqual([]);
  expect([...probedSince(line, 'Full')]).toEqual([]);
});

it('a full validation of all leaves no probe object in any store, and every object of users as it was', async () => {
  const tokens = await requestAll(namespace, fleet);
  for (const [name, token] of tokens) {
    const kind = name === 'wandb' ? 'InstanceStorage' : 'TeamStorage';
    await until(`${name} was validated`, async () => {
      return (await getStorage(namespace, kind, name)).status?.lastHandledReconcileAt === token;
    });
  }
  const after = await fleet.contents();
  expect(probeObjects(after)).toEqual([]);
  expect(after).toEqual(before);
});

it('no part of a key of any provider is in logs, metrics, statuses or events', async () => {
  const said = await everythingSaid(namespace, operator);
  const { minio, gcs, azure } = fleet.secrets;
  const keys = [minio['SECRET_KEY'], azure['AZURE_STORAGE_KEY'], privateKeyIn(gcs['key.json'])];
  expect(keys.every((key) => key !== undefined && key.length >= 15)).toBe(true);

  for (const trace of keys.flatMap((key) => tracesOf(key ?? ''))) expect(said).not.toContain(trace);
  // It speaks of all of them.
  for (const provider of ['S3Compatible', 'GCS', 'AzureBlob']) expect(said).toContain(provider);
});

function privateKeyIn(keyFile: string | undefined): string {
  return (JSON.parse(keyFile ?? '{}') as { readonly private_key?: string }).private_key ?? '';
}
