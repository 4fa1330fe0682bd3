import { conditionOf } from '../../servers/conditions.ts';
import { applySecret, applyStorage, deleteStorage } from '../../servers/objects.ts';
import { until } from '../../servers/until.ts';
import { applyTeam, ask, deleteSecret, deleteTeam, putKey, type Team, type TeamSpec } from './teams.ts';
import type { View } from './view.ts';

/** What an action works with. */
export interface Scene {
  readonly namespace: string;
  readonly view: View;
  readonly random: () => number;
}

/** Something that is done to one team; at its end the team is as it should be, or will be by itself. */
export interface Action {
  readonly name: string;
  fits?(team: Team): boolean;
  run(scene: Scene, team: Team): Promise<void>;
}

/** A passing fault is tolerated for some tries. */
const NOTICED_SECONDS = 90;

export const ACTIONS: readonly Action[] = [
  {
    name: 'edit',
    run: ({ namespace, random }, team) => change(namespace, team, draw(random, editsOf(team))),
  },
  {
    name: 'edit twice',
    async run({ namespace, random }, team) {
      await change(namespace, team, draw(random, harmlessEditsOf(team)));
      await pause(300 * random());
      await change(namespace, team, draw(random, harmlessEditsOf(team)));
    },
  },
  {
    name: 'rotate',
    fits: ({ place }) => place.keys.length > 1,
    async run({ namespace }, team) {
      team.key += 1;
      await putKey(namespace, team);
    },
  },
  {
    name: 'ask',
    run: ({ namespace }, team) => ask(namespace, team),
  },
  {
    name: 'replace',
    async run({ namespace, random }, team) {
      await deleteTeam(namespace, team);
      if (random() < 0.5) await pause(1_500 * random());
      await applyTeam(namespace, team);
    },
  },
  {
    name: 'visit',
    run: (scene, team) => visit(scene, team),
  },
  {
    name: 'wrong key',
    run: (scene, team) =>
      breakAndFix(scene, team, {
        begin: () => applySecret(scene.namespace, team.secret, team.place.wrongKey),
        end: () => putKey(scene.namespace, team),
      }),
  },
  {
    name: 'key not allowed',
    run: (scene, team) =>
      breakAndFix(scene, team, {
        begin: () => applySecret(scene.namespace, team.secret, team.place.keys[0] ?? {}, false),
        end: () => putKey(scene.namespace, team),
      }),
  },
  {
    name: 'no Secret',
    run: (scene, team) =>
      breakAndFix(scene, team, {
        begin: () => deleteSecret(scene.namespace, team),
        end: () => putKey(scene.namespace, team),
      }),
  },
  {
    name: 'suspend',
    async run({ namespace, random }, team) {
      await change(namespace, team, { suspend: true });
      await pause(2_000 * random());
      await change(namespace, team, { suspend: false });
    },
  },
  ...['denied', 'public', 'missing'].map((name): Action => ({
    name,
    fits: ({ place }) => place.faults.some((fault) => fault.name === name),
    async run(scene, team) {
      const fault = team.place.faults.find((one) => one.name === name);
      if (fault === undefined) return;
      const validated = async (act: () => Promise<void>): Promise<void> => {
        await act();
        await ask(scene.namespace, team);
      };
      await breakAndFix(scene, team, {
        begin: () => validated(() => fault.begin()),
        end: () => validated(() => fault.end()),
      });
    },
  })),
];

/** Half of the faults are over before they are reported. */
async function breakAndFix(
  { view, random }: Scene,
  team: Team,
  { begin, end }: { readonly begin: () => Promise<void>; readonly end: () => Promise<void> },
): Promise<void> {
  await begin();
  if (random() < 0.5)
    await until(`${team.name} is reported as broken`, () => isBroken(view, team.name), NOTICED_SECONDS);
  else await pause(1_000 * random());
  await end();
}

/** Whether it is reported as not Ready. */
export function isBroken(view: View, name: string): boolean {
  const object = view.team(name);
  return object !== undefined && !conditionOf(object, 'Ready').startsWith('True');
}

/** An object of its own beside the team, which is gone before much has become of it. */
async function visit({ namespace, random }: Scene, { name, place, secret }: Team): Promise<void> {
  const guest = `guest-of-${name}`;
  await applyStorage(namespace, 'TeamStorage', guest, {
    ...{ team: guest, bucket: place.spec(secret, guest), deletionPolicy: 'Remove' },
  });
  await pause(2_000 * random());
  await deleteStorage(namespace, 'TeamStorage', guest);
}

async function change(namespace: string, team: Team, spec: Partial<TeamSpec>): Promise<void> {
  team.spec = { ...team.spec, ...spec };
  await applyTeam(namespace, team);
}

/** Each edit changes something. */
function editsOf(team: Team): readonly Partial<TeamSpec>[] {
  return [{ deletionPolicy: team.spec.deletionPolicy === 'Retain' ? 'Remove' : 'Retain' }, ...harmlessEditsOf(team)];
}

/** Where one follows another at once, it does not matter whether the operator has seen the first. */
function harmlessEditsOf({ name, isSharing, spec }: Team): readonly Partial<TeamSpec>[] {
  const { path, isolation, ignore, interval } = spec;
  return [
    { path: path.endsWith('/a') ? `${name}/b` : `${name}/a` },
    { ignore: ignore.length > 0 ? [] : ['CorsAllowsApp'] },
    { interval: interval === '1h' ? '90m' : '1h' },
    ...(isSharing ? [] : [{ isolation: isolation === 'Required' ? 'Preferred' : 'Required' } as const]),
  ];
}

function draw<T>(random: () => number, items: readonly T[]): T {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error('nothing to draw from');
  return item;
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
