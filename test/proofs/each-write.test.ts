import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Moment, PassingWrite } from '../servers/api-front.ts';
import { auditMark, writesSince } from '../servers/audit.ts';
import { blueKey, countsOf, createFaultRuns, untilQuiet, type FaultRun, type FaultRuns } from '../servers/fault-run.ts';
import { applySecret, deleteStorage, readSecret, untilStorage } from '../servers/objects.ts';
import { randomFrom, SEED } from '../servers/random.ts';
import { adminRequest, sharedServers } from '../servers/shared.ts';
import { until } from '../servers/until.ts';

/** How many of all combinations of a write and a moment are played; all of them in a soak. */
const PLAYED = process.env['BYOB_SOAK'] === '1' ? Infinity : 8;
const MOMENTS: readonly Moment[] = ['before', 'during', 'after', 'stale'];
/** A new process looks at everything anew, and may repeat what was not confirmed. */
const MOST_MORE_WRITES = 12;

let runs: FaultRuns;

beforeAll(async () => {
  runs = await createFaultRuns();
});

afterAll(async () => {
  await runs.endAll();
});

/** An instance and two teams are published, a key rotates, and a team is deleted. */
async function tell(run: FaultRun): Promise<void> {
  const { namespace } = run;
  await runs.publish(run);
  await applySecret(namespace, 'blue', blueKey(2));
  await until('the next key is published', async () => {
    const stores = (await readSecret(namespace, 'wandb-storage'))?.['SUPPORTED_FILE_STORES'];
    return stores?.includes('blue-2') === true;
  });
  await deleteStorage(namespace, 'TeamStorage', 'red');
  await until('the entry is counted as retained', async () => {
    const { total, retained } = await countsOf(namespace);
    return total === 1 && retained === 1;
  });
  await untilStorage({ namespace, kind: 'TeamStorage', name: 'blue' }, { ready: 'True', published: 'True' });
}

/** Another client changes an object that the operator is about to write. */
async function touch({ namespace }: FaultRun, { id }: PassingWrite): Promise<void> {
  const [, kind = '', name = ''] = /^\w+ ([^/]+)\/([^/]+)/.exec(id) ?? [];
  const group = kind.endsWith('storages') ? 'apis/storage.wandb.com/v1alpha1' : 'api/v1';
  const path = `/${group}/namespaces/${namespace}/${kind}/${name}`;
  const change = { metadata: { annotations: { 'example.com/touched': 'yes' } } };
  await adminRequest('PATCH', path, change, 'application/merge-patch+json');
}

/** Resolves after the story: whether the write came. */
async function tellWith(run: FaultRun, write: PassingWrite, moment: Moment): Promise<boolean> {
  let struck: Promise<void> | undefined;
  run.front.strike(write, moment, () => {
    struck = moment === 'stale' ? touch(run, write) : run.operator.restart('SIGKILL');
    return struck;
  });
  await tell(run);
  await struck;
  return struck !== undefined;
}

describe('a fault at each write of the operator', () => {
  it(`leads to the same end as none, without litter and without a storm of writes (seed ${SEED})`, async () => {
    const { auditLog } = sharedServers();
    const calm = await runs.begin();
    const mark = auditMark(auditLog);
    await tell(calm);
    await untilQuiet(calm);
    const wanted = await runs.endState(calm);
    const writes = [...calm.front.writes];
    // The front has seen every write that the API server has.
    const audited = writesSince(auditLog, mark, { user: calm.operator.user, namespace: calm.namespace });
    expect(writes).toHaveLength(audited.length);
    await runs.end(calm);

    const all = writes.flatMap((write) => MOMENTS.map((moment) => ({ write, moment }))).filter(isPossible);
    const results: string[] = [];
    for (const { write, moment } of sample(all, PLAYED)) {
      const name = `${moment} ${write.id} (${write.index + 1})`;
      const run = await runs.begin();
      const isMet = await tellWith(run, write, moment);
      await untilQuiet(run);
      expect({ name, ...(await runs.endState(run)) }).toEqual({ name, ...wanted });
      const more = run.front.writes.length - writes.length;
      if (more > MOST_MORE_WRITES) throw new Error(`${name}: ${more} writes more than without a fault`);
      results.push(`${isMet ? 'met' : 'not met'}: ${name}, ${more} more writes`);
      await runs.end(run);
    }
    console.info(`${all.length} combinations of ${writes.length} writes\n${results.join('\n')}`);
    expect(results.filter((result) => result.startsWith('met')).length).toBeGreaterThan(results.length / 2);
  }, 3_600_000);
});

/** What is created by this very write cannot be changed before it. */
function isPossible({ write, moment }: { readonly write: PassingWrite; readonly moment: Moment }): boolean {
  if (moment !== 'stale') return true;
  return !write.id.startsWith('POST') && (write.id.includes('/status') || write.index > 0);
}

/** Some of them by chance, in their order. */
function sample<T>(items: readonly T[], count: number): readonly T[] {
  const random = randomFrom(SEED);
  const ranked = items.map((item) => ({ item, rank: random() }));
  const last = [...ranked].sort((left, right) => left.rank - right.rank).slice(0, Math.min(count, items.length));
  return ranked.filter((one) => last.includes(one)).map(({ item }) => item);
}
