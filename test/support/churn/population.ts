import { unrest, type View } from './view.ts';
import { ACTIONS, isBroken, pause, type Scene } from './actions.ts';
import { createDeck, shuffled } from './deck.ts';
import { applyTeam, ask, deleteTeam, putKey, type Team } from './teams.ts';
import type { Store } from './places.ts';
import type { Outage } from './stores.ts';
import { randomFrom } from '../../servers/random.ts';
import { until } from '../../servers/until.ts';

/** At each rest as many teams are absent: the population has always the same size. */
const ABSENT = 4;
/** Teams that come, and as many that go, in each round. */
const SWAPPED = 2;
/** Teams to which something else happens in each round. */
const TOUCHED = 6;
/** How often a whole store has a fault. */
const OUTAGES = 0.4;
const REST_SECONDS = 150;

/** Teams that are created, edited, rotated, broken, fixed and deleted at random. */
export interface Population {
  readonly teams: readonly Team[];
  /** How often each action was done. */
  readonly done: Readonly<Record<string, number>>;
  fill(): Promise<void>;
  /** Does things to many teams at once, and waits until all of them are well again. */
  round(): Promise<void>;
  untilWell(): Promise<void>;
}

export function createPopulation(scene: Scene, teams: readonly Team[], outages: readonly Outage[]): Population {
  const { namespace, view } = scene;
  const done: Record<string, number> = {};
  const actions = createDeck(ACTIONS, scene.random);
  const storeOutages = createDeck(outages, scene.random);

  function count(name: string): void {
    done[name] = (done[name] ?? 0) + 1;
  }

  /** Of its own for everything that runs at the same time: what is drawn does not depend on who is faster. */
  function newRandom(): () => number {
    return randomFrom(Math.floor(2 ** 32 * scene.random()));
  }

  async function act(team: Team, random = newRandom()): Promise<void> {
    const action = actions.take((one) => one.fits?.(team) ?? true);
    count(action.name);
    await pause(2_000 * random());
    await action.run({ ...scene, random }, team);
  }

  async function come(team: Team, random = newRandom()): Promise<void> {
    count('create');
    const [path = ''] = team.spec.path.split('/');
    if (random() < 0.3) team.spec = { ...team.spec, path: `${path}/${random() < 0.5 ? 'a' : 'b'}` };
    await pause(2_000 * random());
    await applyTeam(namespace, team);
  }

  async function go(team: Team, random = newRandom()): Promise<void> {
    count('delete');
    await pause(2_000 * random());
    await deleteTeam(namespace, team);
  }

  async function breakStore(random = newRandom()): Promise<void> {
    const outage = storeOutages.take();
    const askAll = async (): Promise<void> => {
      const those = teams.filter(({ isPresent, place }) => isPresent && place.store === outage.store);
      for (const team of those) await ask(namespace, team);
    };
    count(outage.name);
    await outage.begin();
    await askAll();
    if (outage.isToldSoon && random() < 0.5) await untilOneIsBroken(outage.store);
    else await pause(3_000 * random());
    await outage.end();
    // By itself the next look at a store that was down may be minutes away.
    await askAll();
  }

  function untilOneIsBroken(store: Store): Promise<void> {
    const those = teams.filter(({ place }) => place.store === store);
    return until(`a team on ${store} is reported as broken`, () => those.some(({ name }) => isBroken(view, name)), 90);
  }

  async function untilWell(): Promise<void> {
    let last: readonly string[] = [];
    const isWell = (): boolean => {
      last = flaws(view, teams);
      return last.length === 0;
    };
    await until('all teams are well', isWell, REST_SECONDS).catch((error: unknown) => {
      throw new Error(`not within ${REST_SECONDS} s: ${last.join('; ')}`, { cause: error });
    });
  }

  return {
    teams,
    done,
    async fill() {
      for (const team of teams) await putKey(namespace, team);
      for (const team of shuffled(teams, scene.random).slice(ABSENT)) await applyTeam(namespace, team);
      await untilWell();
    },
    async round() {
      const absent = teams.filter(({ isPresent }) => !isPresent);
      const present = shuffled(
        teams.filter(({ isPresent }) => isPresent),
        scene.random,
      );
      const going = present.slice(0, SWAPPED);
      const coming = shuffled(absent, scene.random).slice(0, SWAPPED);
      // Not two of one bucket at a time: what is done to one would undo what is done to the other.
      const places = new Set([...going, ...coming].map(({ place }) => place));
      const touched = present.slice(SWAPPED).filter(({ place }) => {
        const isFree = !places.has(place);
        places.add(place);
        return isFree;
      });
      const isOut = scene.random() < OUTAGES;
      await Promise.all([
        ...going.map((team) => go(team)),
        ...coming.map((team) => come(team)),
        ...touched.slice(0, TOUCHED).map((team) => act(team)),
        ...(isOut ? [breakStore()] : []),
      ]);
      await untilWell();
    },
    untilWell,
  };
}

function flaws(view: View, teams: readonly Team[]): readonly string[] {
  const ofTeams = teams.flatMap(({ name, isPresent }) => {
    const object = view.team(name);
    if (!isPresent) return object === undefined ? [] : [`${name}: still there`];
    return unrest(object).map((what) => `${name}: ${what}`);
  });
  return [...ofTeams, ...unrest(view.instance()).map((what) => `wandb: ${what}`)];
}
