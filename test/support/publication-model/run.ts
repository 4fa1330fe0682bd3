import { CONFIG_MAPS, SECRETS, type ConfigMapObject, type SecretObject } from '../../../src/api/resources.ts';
import { stepText, type Command, type Step } from './commands.ts';
import { Judge } from './judge.ts';
import { base64, plain, PLAIN_WISH, SLOTS, specOf, type Slot, type Wish } from './universe.ts';
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

/** Runs a story, and then lets everything end well. Throws with the story told up to the first broken promise. */
export async function play(steps: readonly Step[]): Promise<World> {
  const world = new World();
  const judge = new Judge(world);
  const now: Play = { world, judge, wishes: new Map(), absent: new Set(), faults: false };
  await world.furnish();
  const told: string[] = [];
  for (const step of steps) {
    told.push(stepText(step));
    await happen(now, step.command);
    await pass(now, step.thenMs);
    judge.look();
    refuse(judge, told);
    if (isCalm(now) && step.thenMs >= 2_000) judge.atRest();
  }
  await comeToRest(now, told);
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

async function comeToRest(now: Play, told: string[]): Promise<void> {
  const { world, judge } = now;
  told.push('faults end, watches catch up');
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
  refuse(judge, told);
  told.push('it comes to rest');
  await pass(now, REST_MS);
  judge.look();
  judge.lookAtRest();
  refuse(judge, told);
  told.push('two minutes go by');
  await atRest(now, told, () => pass(now, WATCHED_MS));
  told.push('the operator is restarted');
  world.restart();
  judge.writes = [];
  await pass(now, ACKNOWLEDGED_MS);
  judge.look();
  judge.lookAtClaims();
  for (const write of judge.writes.filter((one) => / (Secret|ConfigMap|Deployment) /.test(one))) {
    judge.fail(`P3 after a mere restart there is a write: ${write}`);
  }
  refuse(judge, told);
}

async function atRest({ judge }: Play, told: readonly string[], wait: () => Promise<void>): Promise<void> {
  judge.writes = [];
  await wait();
  for (const write of judge.writes) judge.fail(`at rest there is a write: ${write}`);
  refuse(judge, told);
}

function refuse({ violations }: Judge, told: readonly string[]): void {
  if (violations.length === 0) return;
  const story = told.map((text, index) => `  ${String(index + 1).padStart(2)}. ${text}`);
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
    case 'set store':
      return void world.storeWorks.set(nameOf(command.bucket), command.works);
    case 'set key':
      return void world.keyWorks.set(command.key, command.works);
    case 'damage':
      return damage(now, command);
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
      return judge.otherProcess();
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
      throw new Error(`nothing is known of ${command.do}`);
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

async function damage({ world, judge }: Play, command: Command & { readonly do: 'damage' }): Promise<void> {
  const { slot, what, how } = command;
  const { namespace } = slot;
  const name = what === 'ledger' ? `${slot.name}-storage-ledger` : `${slot.name}-storage`;
  const key = { namespace, name };
  const store = what === 'ConfigMap' ? world.truth.configMaps : world.truth.secrets;
  const live = store.reader.get(key);
  if (live === undefined && how !== 'put back an older copy') return;
  const next = how === 'delete' ? undefined : how === 'edit' ? edited(live) : older(world, what, key);
  if (how === 'put back an older copy' && next === undefined) return;
  if (what === 'ConfigMap') await world.write(CONFIG_MAPS, key, next as ConfigMapObject | undefined);
  else await world.write(SECRETS, key, next as SecretObject | undefined);
  judge.damage(slot, what);
}

function older(world: World, what: string, key: { readonly namespace: string; readonly name: string }) {
  return world.olderCopy(what === 'ConfigMap' ? 'ConfigMap' : 'Secret', key, 2);
}

/** Somebody's hand: one value is another, and one more is there. */
function edited<T extends SecretObject | ConfigMapObject>(live: T | undefined): T | undefined {
  if (live === undefined) return undefined;
  const isSecret = live.kind === 'Secret';
  const data = Object.entries(live.data ?? {}).map(([key, value], index) => {
    if (index > 0) return [key, value];
    const text = isSecret ? plain(value) : value;
    const next = text.replace('AKIAV', 'AKIAX').concat(text.includes('AKIAV') ? '' : 'x');
    return [key, isSecret ? base64(next) : next];
  });
  const more = isSecret ? base64('by hand') : 'by hand';
  return { ...live, data: { ...(Object.fromEntries(data) as Record<string, string>), BY_HAND: more } };
}
