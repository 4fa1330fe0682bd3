import type { Moment, PassingWrite } from '../../servers/api-front.ts';
import { auditMark, writesSince } from '../../servers/audit.ts';
import { untilQuiet, type FaultRun, type FaultRuns } from '../../servers/fault-run.ts';
import { randomFrom, SEED } from '../../servers/random.ts';
import { adminRequest, sharedServers } from '../../servers/shared.ts';
import type { Story } from './story.ts';

const MOMENTS: readonly Moment[] = ['before', 'during', 'after', 'stale'];
/** A new process looks at everything anew, and may repeat what was not confirmed. */
const MOST_MORE_WRITES = 12;

/** What came of one write and one moment. */
interface Played {
  readonly name: string;
  /** The write came a second time as in the run without a fault. */
  readonly isMet: boolean;
  readonly moreWrites: number;
  readonly end: Readonly<Record<string, unknown>>;
}

export interface EachWrite {
  readonly wanted: Readonly<Record<string, unknown>>;
  readonly writes: readonly PassingWrite[];
  /** All combinations of a write and a moment. */
  readonly combinations: number;
  readonly played: readonly Played[];
}

/**
 * Tells a story without a fault, and again with a fault at each write that the operator made then: at all combinations of a
 * write and a moment, or at `most` of them by chance. Errors: where a run makes many more writes than the one without.
 */
export async function playFaultAtEachWrite(runs: FaultRuns, story: Story, most: number): Promise<EachWrite> {
  const { auditLog } = sharedServers();
  const calm = await runs.begin();
  const mark = auditMark(auditLog);
  await story.tell(calm);
  await untilQuiet(calm);
  const wanted = await story.endState(calm);
  const writes = [...calm.front.writes];
  const audited = writesSince(auditLog, mark, { user: calm.operator.user, namespace: calm.namespace });
  if (writes.length !== audited.length) {
    throw new Error(`the front has seen ${writes.length} writes, and the API server ${audited.length}`);
  }
  await end(calm);

  const all = writes.flatMap((write) => MOMENTS.map((moment) => ({ write, moment }))).filter(isPossible);
  const played: Played[] = [];
  for (const { write, moment } of sample(all, most)) {
    const name = `${moment} ${write.id} (${write.index + 1})`;
    const run = await runs.begin();
    const isMet = await tellWith(run, write, moment);
    await untilQuiet(run);
    const moreWrites = run.front.writes.length - writes.length;
    if (moreWrites > MOST_MORE_WRITES) throw new Error(`${name}: ${moreWrites} writes more than without a fault`);
    played.push({ name, isMet, moreWrites, end: await story.endState(run) });
    await end(run);
  }
  return { wanted, writes, combinations: all.length, played };

  /** Resolves after the story: whether the write came. */
  async function tellWith(run: FaultRun, write: PassingWrite, moment: Moment): Promise<boolean> {
    let struck: Promise<void> | undefined;
    run.front.strike(write, moment, () => {
      struck = moment === 'stale' ? touch(run, write) : run.operator.restart('SIGKILL');
      return struck;
    });
    await story.tell(run);
    await struck;
    return struck !== undefined;
  }

  async function end(run: FaultRun): Promise<void> {
    await runs.end(run);
    await story.end?.(run);
  }
}

/** API of a resource that the operator writes. */
function apiOf(plural: string): string {
  if (plural.endsWith('storages')) return 'apis/storage.wandb.com/v1alpha1';
  if (plural === 'deployments') return 'apis/apps/v1';
  return plural === 'weightsandbiases' ? 'apis/apps.wandb.com/v1' : 'api/v1';
}

/** Another client changes an object that the operator is about to write. */
async function touch({ namespace }: FaultRun, { id }: PassingWrite): Promise<void> {
  const [, plural = '', name = ''] = /^\w+ ([^/]+)\/([^/]+)/.exec(id) ?? [];
  const path = `/${apiOf(plural)}/namespaces/${namespace}/${plural}/${name}`;
  const change = { metadata: { annotations: { 'example.com/touched': 'yes' } } };
  const { status } = await adminRequest('PATCH', path, change, 'application/merge-patch+json');
  if (status >= 300) throw new Error(`PATCH ${path}: ${status}`);
}

/** What is created by this very write cannot be changed before it. */
function isPossible({ write, moment }: { readonly write: PassingWrite; readonly moment: Moment }): boolean {
  if (moment !== 'stale') return true;
  return !write.id.startsWith('POST') && (write.id.includes('/status') || isOfUsers(write) || write.index > 0);
}

/** It is there before the operator writes it first. */
function isOfUsers({ id }: PassingWrite): boolean {
  return /^\w+ (deployments|weightsandbiases)\//.test(id);
}

/** Some of them by chance, in their order. */
function sample<T>(items: readonly T[], count: number): readonly T[] {
  const random = randomFrom(SEED);
  const ranked = items.map((item) => ({ item, rank: random() }));
  const last = [...ranked].sort((left, right) => left.rank - right.rank).slice(0, Math.min(count, items.length));
  return ranked.filter((one) => last.includes(one)).map(({ item }) => item);
}
