import { conditionOf } from '../../servers/conditions.ts';
import { publishedStores } from '../../servers/file-stores.ts';
import { createUser } from '../../servers/minio.ts';
import {
  applySecret,
  applyStorage,
  asker,
  deleteStorage,
  getStorage,
  minioBucket,
  rootKey,
} from '../../servers/objects.ts';
import { onPremises } from '../../servers/published-namespace.ts';
import { newBucket, sharedServers } from '../../servers/shared.ts';
import { until } from '../../servers/until.ts';

/** Storages of a namespace that are changed all the time, and what must be published for them in the end. */
export interface ChangingClaims {
  /** Changes one thing after the other until the returned function is called. */
  keepChanging(random: () => number): () => Promise<void>;
  /** Waits until all that was asked for is published and reported, and nothing else. */
  untilRight(seconds: number): Promise<void>;
  /** Publishes another key of the team `rotating`. */
  rotate(): Promise<void>;
}

const KEYS = 3;
const INTERVALS = ['1h', '90m', '2h'];
/** `guest` comes and goes, and takes its entry with it. */
const TEAMS = ['rotating', 'edited', 'asked', 'guest'] as const;
type Team = (typeof TEAMS)[number];

/** Creates an InstanceStorage `wandb` and its teams; `spec` is added to each of them. */
export async function createChangingClaims(
  namespace: string,
  extra: { readonly spec?: object; readonly instance?: Readonly<Record<string, unknown>> } = {},
): Promise<ChangingClaims> {
  const { minio } = sharedServers();
  const buckets = Object.fromEntries(
    await Promise.all(TEAMS.map(async (name) => [name, await newBucket(name)] as const)),
  ) as Readonly<Record<Team, string>>;
  for (let number = 0; number < KEYS; number += 1) {
    const { ACCESS_KEY: name, SECRET_KEY: secret } = rotatingKey(number);
    await createUser(minio, { name, secret, buckets: [buckets.rotating], actions: ['s3:*'] });
  }
  const asks = { wandb: asker(namespace, 'InstanceStorage', 'wandb'), asked: asker(namespace, 'TeamStorage', 'asked') };
  let key = 0;
  let edits = 0;
  let hasGuest = false;

  function rotatingKey(number: number) {
    return { ACCESS_KEY: `${namespace}-${number}`, SECRET_KEY: `secret-of-${number}` };
  }

  function team(name: Team, validation: object = {}): Promise<void> {
    const spec = {
      team: name,
      bucket: minioBucket(minio, buckets[name], name === 'rotating' ? 'rotating' : 'root'),
      ...(name === 'guest' && { deletionPolicy: 'Remove' }),
      ...extra.spec,
    };
    const former = (extra.spec as { readonly validation?: object } | undefined)?.validation;
    return applyStorage(namespace, 'TeamStorage', name, { ...spec, validation: { ...former, ...validation } });
  }

  async function rotate(): Promise<void> {
    key = (key + 1) % KEYS;
    await applySecret(namespace, 'rotating', rotatingKey(key));
  }

  async function toggleGuest(): Promise<void> {
    hasGuest = !hasGuest;
    await (hasGuest ? team('guest') : deleteStorage(namespace, 'TeamStorage', 'guest'));
  }

  async function edit(): Promise<void> {
    edits += 1;
    await team('edited', { interval: INTERVALS[edits % INTERVALS.length] });
  }

  const changes = [rotate, asks.asked, edit, rotate, asks.wandb, edit, toggleGuest];

  /** What keeps it from being right; empty when it is. */
  async function flaws(): Promise<readonly string[]> {
    const present = TEAMS.filter((name) => name !== 'guest' || hasGuest);
    const keyOf = (name: Team): string => (name === 'rotating' ? rotatingKey(key).ACCESS_KEY : minio.rootUser);
    const wanted = present.map((name) => `${buckets[name]} ${keyOf(name)}`).sort();
    const stores = await publishedStores(namespace).catch(() => []);
    const found = stores.map(({ bucket, accessKeyId }) => `${bucket} ${accessKeyId}`).sort();
    const unlike = found.join() === wanted.join() ? [] : [`published: ${found.join()}, not ${wanted.join()}`];
    const claims = [['InstanceStorage', 'wandb'] as const, ...present.map((name) => ['TeamStorage', name] as const)];
    return [...unlike, ...(await Promise.all(claims.map(([kind, name]) => flawOf(namespace, kind, name)))).flat()];
  }

  await applySecret(namespace, 'root', rootKey(minio));
  await applySecret(namespace, 'rotating', rotatingKey(key));
  await applyStorage(namespace, 'InstanceStorage', 'wandb', {
    ...onPremises(await newBucket('instance'), extra.instance),
    ...extra.spec,
  });
  for (const name of TEAMS) if (name !== 'guest') await team(name);

  return {
    keepChanging(random) {
      const ended = new AbortController();
      const loop = (async () => {
        for (let turn = Math.floor(random() * changes.length); !ended.signal.aborted; turn += 1) {
          await changes[turn % changes.length]?.();
          await new Promise((resolve) => setTimeout(resolve, 50 + 150 * random()));
        }
      })();
      // Reported by whoever ends it.
      loop.catch(() => undefined);
      return () => {
        ended.abort();
        return loop;
      };
    },
    async untilRight(seconds) {
      let last: readonly string[] = [];
      await until(
        'the end state is right',
        async () => {
          last = await flaws();
          return last.length === 0;
        },
        seconds,
      ).catch((error: unknown) => {
        throw new Error(`the end state is wrong: ${last.join('; ')}`, { cause: error });
      });
    },
    rotate,
  };
}

/** A claim is right when its status is about what is asked for now, and all is well. */
async function flawOf(
  namespace: string,
  kind: 'InstanceStorage' | 'TeamStorage',
  name: string,
): Promise<readonly string[]> {
  const object = await getStorage(namespace, kind, name);
  const { status, metadata } = object;
  const asked = metadata.annotations?.['storage.wandb.com/reconcile-requested-at'];
  const said = {
    generation: status?.observedGeneration === metadata.generation,
    asked: status?.lastHandledReconcileAt === asked,
    ready: conditionOf(object, 'Ready').startsWith('True'),
    published: conditionOf(object, 'Published').startsWith('True'),
    settled: conditionOf(object, 'Reconciling') === '',
  };
  const wrong = Object.entries(said).flatMap(([what, holds]) => (holds ? [] : [what]));
  return wrong.length === 0 ? [] : [`${name}: ${wrong.join()} (${conditionOf(object, 'Ready')})`];
}
