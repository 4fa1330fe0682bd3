import { auditMark, writesSince } from '../../servers/audit.ts';
import { requestValidation } from '../../servers/objects.ts';
import { sharedServers } from '../../servers/shared.ts';
import { until } from '../../servers/until.ts';
import { differences, stateOf, type State } from './state.ts';
import { readWritten, type Lane, type World, type Written } from './world.ts';

const MOST_TRIES = 6;
const OBSERVED_SECONDS = 60;

/** The end of what the operator does about a change. */
export interface Settled {
  readonly written: Written;
  readonly states: ReadonlyMap<Lane, State>;
  /** By lane: why it did not come to an end. */
  readonly restless: ReadonlyMap<Lane, string>;
}

/**
 * Waits until each lane is observed, and until one more validation of it changes nothing but the acknowledgement of the
 * request: no other write of its status, and none of an output.
 */
export async function settle(world: World, lanes: readonly Lane[]): Promise<Settled> {
  const late = await untilEach(world, lanes, OBSERVED_SECONDS, isObserved);
  const restless = new Map(late.map((lane) => [lane, `its change was not observed within ${OBSERVED_SECONDS} s`]));
  let open = lanes.filter((lane) => !restless.has(lane));
  let written = await readWritten(world);
  for (let attempt = 1; open.length > 0 && attempt <= MOST_TRIES; attempt += 1) {
    const before = written;
    const unrest = await validateOnceMore(world, open, before);
    written = unrest.written;
    open = [...unrest.reasons.keys()];
    if (attempt === MOST_TRIES) for (const [lane, reason] of unrest.reasons) restless.set(lane, reason);
  }
  return { written, states: new Map(lanes.map((lane) => [lane, stateOf(lane, written)])), restless };
}

async function validateOnceMore(
  world: World,
  lanes: readonly Lane[],
  before: Written,
): Promise<{ readonly written: Written; readonly reasons: ReadonlyMap<Lane, string> }> {
  const { namespace, operator } = world;
  const { auditLog } = sharedServers();
  const mark = auditMark(auditLog);
  const tokens = new Map<Lane, string>();
  await inGroups(lanes, async (lane) => {
    tokens.set(lane, await requestValidation(namespace, lane.base.kind, lane.name));
  });
  // A suspended object answers none: when another one has, what it does about its own is over.
  const ofHome = await requestValidation(namespace, 'InstanceStorage', 'home');
  const isAnswered = ({ storages }: Written, lane: Lane): boolean => {
    const { spec, status } = storages.get(lane.name) ?? {};
    const isHomeDone = storages.get('home')?.status?.lastHandledReconcileAt === ofHome;
    return isHomeDone && (spec?.suspend === true || status?.lastHandledReconcileAt === tokens.get(lane));
  };
  const late = await untilEach(world, lanes, OBSERVED_SECONDS, isAnswered);
  const written = await readWritten(world);
  const writes = writesSince(auditLog, mark, { user: operator.user, namespace });
  const reasons = new Map<Lane, string>();
  for (const lane of lanes) {
    const own = writes.filter(({ name }) => [lane.name, `${lane.name}-storage`, lane.team].includes(name));
    const changed = differences(stateOf(lane, before), stateOf(lane, written));
    if (late.includes(lane)) reasons.set(lane, `its validation was not acknowledged within ${OBSERVED_SECONDS} s`);
    else if (changed.length > 0) reasons.set(lane, `one more validation changed ${changed.join('; ')}`);
    else if (own.length > 1) reasons.set(lane, `one more validation wrote ${JSON.stringify(own)}`);
  }
  const others = writes.filter(({ name }) => ['home-storage', 'home-storage-ledger'].includes(name));
  // Whose doing that is cannot be told.
  if (others.length > 0) {
    for (const lane of lanes) {
      if (!reasons.has(lane)) reasons.set(lane, `one more validation wrote ${JSON.stringify(others)}`);
    }
  }
  return { written, reasons };
}

function isObserved({ storages }: Written, { name }: Lane): boolean {
  const { metadata, status } = storages.get(name) ?? {};
  return status?.observedGeneration === metadata?.generation;
}

/** Those that do not come to it. */
async function untilEach(
  world: World,
  lanes: readonly Lane[],
  seconds: number,
  holds: (written: Written, lane: Lane) => boolean,
): Promise<readonly Lane[]> {
  let missing = lanes;
  const isOver = async (): Promise<boolean> => {
    const written = await readWritten(world);
    missing = missing.filter((lane) => !holds(written, lane));
    return missing.length === 0;
  };
  await until('each lane is there', isOver, seconds).catch(() => undefined);
  return missing;
}

/** Some at a time: a client that sends everything at once is slowed down by the API server. */
export async function inGroups<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  for (let at = 0; at < items.length; at += 16) await Promise.all(items.slice(at, at + 16).map(act));
}
