import { CONFIG_MAPS, SECRETS, type ConfigMapObject, type SecretObject } from '../../../src/api/resources.ts';
import { without } from '../../../src/base/defined.ts';
import type { ClaimRecord } from '../../../src/domain/publication/ledger.ts';
import { SEAL_ANNOTATION } from '../../../src/domain/publication/seal.ts';
import { stepText, type AddedKey, type Command, type Output, type Step } from './commands.ts';
import { formerLedgerData, type FormerFormat } from './former-version.ts';
import { decodedOf } from './judge/decode.ts';
import { Judge } from './judge/judge.ts';
import { base64, HAND_KEYS, plain, PLAIN_WISH, SLOTS, specOf, type Slot, type Wish } from './universe.ts';
import { nameOf, World } from './world.ts';

/** How long it takes to rest: a status that was refused is written again after five minutes, and stalls in as many. */
const REST_MS = 700_000;
const ACKNOWLEDGED_MS = 60_000;
const WATCHED_MS = 120_000;

interface Play {
  readonly world: World;
  readonly judge: Judge;
  /** What each claim asks for. */
  readonly wishes: Map<string, Wish>;
  readonly absent: Set<Slot['kind']>;
  faults: boolean;
}

/** Runs a story, and then lets everything end well. Throws with the story up to the first broken promise. */
export async function play(steps: readonly Step[]): Promise<World> {
  const world = new World();
  const judge = new Judge(world);
  const now: Play = { world, judge, wishes: new Map(), absent: new Set(), faults: false };
  await world.setUp();
  const happened: string[] = [];
  for (const step of steps) {
    happened.push(stepText(step));
    await happen(now, step.command);
    await pass(now, step.thenMs);
    judge.look();
    refuse(judge, happened);
    if (isCalm(now) && step.thenMs >= 2_000) judge.atRest();
  }
  await comeToRest(now, happened);
  return world;
}

async function pass({ world, judge }: Play, milliseconds: number): Promise<void> {
  try {
    await world.pass(milliseconds);
  } catch (error) {
    judge.fail(`${(error as Error).message}: ${judge.writes.slice(-4).join(', ')}`);
  }
}

function isCalm({ world, faults }: Play): boolean {
  return !faults && world.held.size === 0 && world.latencyMs === 0;
}

async function comeToRest(now: Play, happened: string[]): Promise<void> {
  const { world, judge } = now;
  happened.push('faults end, watches catch up');
  world.api.faults.clear();
  world.releaseAll();
  world.latencyMs = 0;
  for (const kind of now.absent) {
    world.api.installCrd(kind);
    judge.crdIsBack(kind);
  }
  for (const name of ['instances', 'teams'] as const) world.leader.feeds[name].relist();
  await pass(now, ACKNOWLEDGED_MS);
  judge.look();
  judge.lookAtGenerations();
  refuse(judge, happened);
  happened.push('it comes to rest');
  await pass(now, REST_MS);
  judge.look();
  judge.lookAtRest();
  refuse(judge, happened);
  happened.push('two minutes go by');
  await atRest(now, happened, () => pass(now, WATCHED_MS));
  happened.push('the operator is restarted');
  const refused = judge.refusedByUnpublished();
  world.restart();
  judge.writes = [];
  await pass(now, ACKNOWLEDGED_MS);
  judge.look();
  judge.lookAtClaims();
  const writes = judge.writes.filter((one) => / (Secret|ConfigMap|Deployment) /.test(one));
  for (const write of judge.isOneBound(refused) ? [] : writes) {
    judge.fail(`P3 after a mere restart there is a write: ${write}`);
  }
  refuse(judge, happened);
}

async function atRest({ judge }: Play, happened: readonly string[], wait: () => Promise<void>): Promise<void> {
  judge.writes = [];
  await wait();
  for (const write of judge.writes) judge.fail(`at rest there is a write: ${write}`);
  refuse(judge, happened);
}

function refuse({ violations }: Judge, happened: readonly string[]): void {
  if (violations.length === 0) return;
  const story = happened.map((text, index) => `  ${String(index + 1).padStart(2)}. ${text}`);
  throw new Error(['The promise is broken:', ...story, ...violations.map((why) => `  => ${why}`)].join('\n'));
}

async function happen(now: Play, command: Command): Promise<void> {
  const { world, judge } = now;
  switch (command.do) {
    case 'apply':
      return ask(now, command.slot, command.wish);
    case 'edit':
      if (world.claim(command.slot) !== undefined) await ask(now, command.slot, command.wish);
      return;
    case 'delete':
      return world.remove(command.slot);
    case 'replace --force':
      if (world.claim(command.slot) === undefined) return;
      await world.remove(command.slot);
      await pass(now, command.gapMs);
      return ask(now, command.slot, command.wish);
    case 'restore all with new UIDs':
      return restoreAll(now);
    case 'set Secret':
      return world.putSecret(command.namespace, command.name, command.key);
    case 'set bucket':
      return void world.bucketWorks.set(nameOf(command.bucket), command.works);
    case 'set key':
      return void world.keyWorks.set(command.key, command.works);
    case 'damage':
      return damage(now, command);
    case 'upgrade':
      return upgrade(now, command);
    case 'delete all outputs':
      for (const what of ['ledger', 'Secret', 'ConfigMap'] as const) {
        await damage(now, { do: 'damage', slot: command.slot, what, how: 'delete' });
      }
      return;
    case 'fault':
      now.faults = true;
      {
        world.api.faults.add({ ...command.fault, reason: `Http${command.fault.status}` });
        return;
      }
    case 'faults end':
      now.faults = false;
      {
        world.api.faults.clear();
        return;
      }
    case 'API server takes':
      world.latencyMs = command.latencyMs;
      world.slowestMs = Math.max(world.slowestMs, command.latencyMs);
      return;
    case 'remove CRD':
      now.absent.add(command.kind);
      judge.crdIsGone(command.kind);
      world.api.removeCrd(command.kind);
      return;
    case 'install CRD':
      if (!now.absent.delete(command.kind)) return;
      world.api.installCrd(command.kind);
      judge.crdIsBack(command.kind);
      world.leader.feeds[command.kind === 'TeamStorage' ? 'teams' : 'instances'].relist();
      return;
    default: {
      toOperator(now, command);
      return;
    }
  }
}

function toOperator({ world, judge }: Play, command: Command): void {
  switch (command.do) {
    case 'restart': {
      world.restart();
      judge.otherProcess();
      return;
    }
    case 'start a standby': {
      world.prepareStandby();
      return;
    }
    case 'standby takes over':
      world.takeOver(command.stale);
      judge.otherProcess();
      return;
    case 'hold back':
      return void world.held.add(command.feed);
    case 'let through':
      return void world.leader.feeds[command.feed].deliver(command.count);
    case 'let all through': {
      world.releaseAll();
      return;
    }
    case 'set clock': {
      world.clock.setWall(command.stepMs);
      return;
    }
    default:
      throw new Error(`unknown command ${command.do}`);
  }
}

async function ask({ world, wishes }: Play, slot: Slot, asks: Partial<Wish>): Promise<void> {
  const id = `${slot.kind}/${slot.namespace}/${slot.name}`;
  const before = wishes.get(id) ?? PLAIN_WISH;
  const inOther = slot.namespace === 'other' ? { instance: undefined } : {};
  const next: Wish = { ...before, ...asks, ...inOther };
  wishes.set(id, next);
  await world.put(slot, specOf(slot, next));
}

/** As a backup tool does it: the specs come back, and nothing else. */
async function restoreAll({ world }: Play): Promise<void> {
  const all = SLOTS.flatMap((slot) => {
    const live = world.claim(slot);
    return live === undefined ? [] : [{ slot, spec: live.spec as unknown as Record<string, unknown> }];
  });
  for (const { slot } of all) await world.remove(slot);
  for (const { slot, spec } of all) await world.put(slot, spec);
}

type DamageCommand = Command & { readonly do: 'damage' };

async function damage({ world, judge }: Play, command: DamageCommand): Promise<void> {
  const { slot, what } = command;
  const key = keyOf(slot, what);
  const live = (what === 'ConfigMap' ? world.truth.configMaps : world.truth.secrets).reader.get(key);
  const next = damaged(world, live, command);
  // Nothing is there, or nothing of the kind can happen to it.
  if (next === live) return;
  if (what === 'ConfigMap') await world.write(CONFIG_MAPS, key, next as ConfigMapObject | undefined);
  else await world.write(SECRETS, key, next as SecretObject | undefined);
  judge.damage(slot, what);
}

type OutputObject = SecretObject | ConfigMapObject;

/** What people leave of an object; the same where that is impossible. */
function damaged(
  world: World,
  live: OutputObject | undefined,
  { slot, what, how }: DamageCommand,
): OutputObject | undefined {
  switch (how) {
    case 'put back an older copy':
      return older(world, slot, what) ?? live;
    case 'put back an older copy of format 1':
      return what === 'ledger' ? (formerCopy(world, slot, 1) ?? live) : live;
    case 'put back an older copy of format 2':
      return what === 'ledger' ? (formerCopy(world, slot, 2) ?? live) : live;
    case 'delete':
      return undefined;
    default:
      return live === undefined ? undefined : touched(live, how);
  }
}

function touched(live: OutputObject, how: DamageCommand['how']): OutputObject {
  switch (how) {
    case 'edit':
      return withKey(withOtherValue(live), 'in front');
    case 'add a key in front':
      return withKey(live, 'in front');
    case 'add a key behind':
      return withKey(live, 'behind');
    default:
      return live.metadata.annotations?.[SEAL_ANNOTATION] === undefined ? live : withoutSeal(live);
  }
}

function keyOf({ namespace, name }: Slot, what: Output): { readonly namespace: string; readonly name: string } {
  return { namespace, name: what === 'ledger' ? `${name}-storage-ledger` : `${name}-storage` };
}

function older(world: World, slot: Slot, what: Output): OutputObject | undefined {
  return world.olderCopy(what === 'ConfigMap' ? 'ConfigMap' : 'Secret', keyOf(slot, what), 2) as
    OutputObject | undefined;
}

/** The older copy as a former version would have written it. */
function formerCopy(world: World, slot: Slot, format: FormerFormat): OutputObject | undefined {
  const copy = older(world, slot, 'ledger') as SecretObject | undefined;
  const ledger = copy === undefined ? undefined : decodedOf(copy);
  const isLive = isLiveIn(world, slot);
  const data = ledger === undefined ? undefined : formerLedgerData(ledger, format, { isLive, isDisputed: false });
  return copy === undefined || data === undefined ? undefined : { ...copy, data };
}

/** The present version is stopped; what it has published becomes the work of a former one; it is started again. */
async function upgrade(now: Play, command: Command & { readonly do: 'upgrade' }): Promise<void> {
  const { world, judge } = now;
  const { slot, format, isDisputed, added } = command;
  world.leader.kill();
  // What it has sent arrives.
  await pass(now, 2 * world.latencyMs);
  const { reader } = world.truth.secrets;
  const [stored, secret] = [reader.get(keyOf(slot, 'ledger')), reader.get(keyOf(slot, 'Secret'))];
  const ledger = judge.wholeLedger(slot);
  const options = { isLive: isLiveIn(world, slot), isDisputed };
  const data = ledger === undefined ? undefined : formerLedgerData(ledger, format, options);
  if (stored !== undefined && secret !== undefined && data !== undefined) {
    await world.write(SECRETS, keyOf(slot, 'ledger'), { ...stored, data });
    const unsealed = withoutSeal(secret);
    await world.write(SECRETS, keyOf(slot, 'Secret'), added === undefined ? unsealed : withKey(unsealed, added));
    if (added !== undefined) judge.added(slot);
  }
  world.restart();
  judge.otherProcess();
}

function isLiveIn(world: World, { namespace }: Slot): (record: ClaimRecord) => boolean {
  return ({ kind, name, uid }) => world.claim({ kind, namespace, name })?.metadata.uid === uid;
}

/** A manual edit: one value is another. */
function withOtherValue<T extends OutputObject>(live: T): T {
  const isSecret = live.kind === 'Secret';
  const data = Object.entries(live.data ?? {}).map(([key, value], index) => {
    if (index > 0) return [key, value];
    const text = isSecret ? plain(value) : value;
    const next = text.replace('AKIAV', 'AKIAX').concat(text.includes('AKIAV') ? '' : 'x');
    return [key, isSecret ? base64(next) : next];
  });
  return { ...live, data: Object.fromEntries(data) as Record<string, string> };
}

/** One more key is there; the one behind reads like a file store, with a key that was never proven. */
function withKey<T extends OutputObject>(live: T, where: AddedKey): T {
  const [name, value] =
    where === 'in front'
      ? [HAND_KEYS[0], 'by hand']
      : [HAND_KEYS[1], 's3://AKIAHAND:by-hand@minio.acme.example:9000/b1-data?region=eu-central-1&tls=true'];
  return { ...live, data: { ...live.data, [name]: live.kind === 'Secret' ? base64(value) : value } };
}

function withoutSeal<T extends OutputObject>(live: T): T {
  const { annotations = {} } = live.metadata;
  return { ...live, metadata: { ...live.metadata, annotations: without(annotations, SEAL_ANNOTATION) } };
}
