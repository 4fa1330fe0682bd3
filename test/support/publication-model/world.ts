import {
  CONFIG_MAPS,
  DEPLOYMENTS,
  INSTANCE_STORAGES,
  SECRETS,
  TEAM_STORAGES,
  type ConfigMapObject,
  type DeploymentObject,
  type InstanceStorage,
  type SecretObject,
  type TeamStorage,
} from '../../../src/api/resources.ts';
import { without } from '../../../src/base/defined.ts';
import type { Observations } from '../../../src/domain/observations/observations.ts';
import { createObjectCache, type ObjectCache } from '../../../src/kube/object-cache.ts';
import type { KubeObject, ResourceType } from '../../../src/api/object.ts';
import type { Log, LogFields } from '../../../src/ports/log.ts';
import type { Prober, ProbeRequest } from '../../../src/probes/prober.ts';
import { endpointFails, goodObservations, listFails } from '../fakes/observations.ts';
import { settle } from '../fakes/settle.ts';
import type { Feed } from '../api-server/feed.ts';
import { createApiServer } from '../api-server/server.ts';
import { createModelClock } from './clock.ts';
import { FEEDS, startProcess, type FeedName, type OperatorProcess } from './operator.ts';
import {
  BUCKETS,
  INSTANCES,
  KEYS,
  manifestOf,
  NAMESPACES,
  SECRET_NAMES,
  secretManifest,
  type BucketName,
  type Key,
  type Slot,
} from './universe.ts';

const PROBE_MS = 200;
/** More than it takes to publish everything anew, many times over. */
const MOST_WRITES = 200;

/** That the fake prober found a bucket to work: for whom, and with which credential. */
export interface Success {
  readonly uid: string;
  readonly bucket: string;
  readonly path: string;
  /** `id:secret`; empty where W&B signs in by an identity. */
  readonly credential: string;
}

/** A cluster, the buckets, and the processes of the operator in the cluster. */
export class World {
  readonly clock = createModelClock();
  readonly api = createApiServer({ clock: this.clock, ownerless: true });
  readonly user = this.api.user('kubectl');
  /** What is true at the API server at this moment. */
  readonly truth = {
    instances: createObjectCache<InstanceStorage>(),
    teams: createObjectCache<TeamStorage>(),
    secrets: createObjectCache<SecretObject>(),
    configMaps: createObjectCache<ConfigMapObject>(),
    deployments: createObjectCache<DeploymentObject>(),
  };
  readonly #truths: readonly Feed[];
  readonly #old = new Map<string, KubeObject[]>();
  readonly bucketWorks = new Map<string, boolean>(BUCKETS.map((name) => [`${name}-data`, true]));
  readonly keyWorks = new Map<string, boolean>(KEYS.map((key) => [key, true]));
  readonly held = new Set<FeedName>();
  /** Errors that the operator logged: bugs. */
  readonly errors: string[] = [];
  latencyMs = 0;
  /** As long as a request may have been on its way. */
  slowestMs = 0;
  leader: OperatorProcess;
  /** Since when that process leads, on the monotonic clock. */
  leaderSince = 0;
  standby: OperatorProcess | undefined;
  #salts = 0;
  #writes = 0;
  #onProven: (success: Success) => void = () => undefined;
  #onProbe: (uid: string) => void = () => undefined;

  constructor() {
    const { api, truth } = this;
    this.#truths = [
      api.watch(INSTANCE_STORAGES, {}, truth.instances.writer),
      api.watch(TEAM_STORAGES, {}, truth.teams.writer),
      api.watch(SECRETS, {}, truth.secrets.writer),
      api.watch(CONFIG_MAPS, {}, truth.configMaps.writer),
      api.watch(DEPLOYMENTS, {}, truth.deployments.writer),
    ];
    this.#remember(truth.secrets);
    this.#remember(truth.configMaps);
    api.beforeRequest(({ by }) =>
      by === 'client' && this.latencyMs > 0
        ? new Promise((resolve) => this.clock.setTimer(this.latencyMs, resolve))
        : Promise.resolve(),
    );
    api.onRequest(({ by, changed }) => {
      if (by === 'client' && changed) this.#writes += 1;
    });
    this.leader = this.#process();
  }

  /** `listener` is called for each success of a probe. */
  onProven(listener: (success: Success) => void): void {
    this.#onProven = listener;
  }

  /** `listener` is called when a probe begins. */
  onProbe(listener: (uid: string) => void): void {
    this.#onProbe = listener;
  }

  /** Brings the truth up to date: to be called where a request has just been answered. */
  look(): void {
    for (const feed of this.#truths) feed.deliverAll();
  }

  /** Secrets with keys, and a Deployment for each instance. */
  async setUp(): Promise<void> {
    for (const namespace of NAMESPACES) {
      for (const [index, name] of SECRET_NAMES.entries()) {
        await this.user.create(SECRETS, secretManifest(namespace, name, KEYS[index] ?? 'v1') as never);
      }
    }
    for (const { namespace, name } of INSTANCES) {
      const labels = { app: name };
      await this.user.create(DEPLOYMENTS, {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name, namespace, labels },
        spec: { replicas: 0, selector: { matchLabels: labels }, template: { metadata: { labels } } },
      } as never);
    }
    await this.#reportDeployments();
    this.leader.lead();
    await this.drain();
  }

  #process(): OperatorProcess {
    return startProcess({
      api: this.api,
      clock: this.clock,
      prober: this.#prober(),
      log: this.#log(),
      randomSalt: () => (this.#salts += 1).toString(16).padStart(32, '0'),
    });
  }

  #log(): Log {
    const nothing = (): void => undefined;
    const log: Log = {
      debug: nothing,
      info: nothing,
      warn: nothing,
      error: ({ error }: LogFields, message) => {
        if (Error.isError(error)) this.errors.push(`${message}: ${error.stack ?? ''}`);
      },
      child: () => log,
    };
    return log;
  }

  #prober(): Prober {
    return {
      run: (request, signal) =>
        new Promise((resolve) => {
          this.#onProbe(request.uid);
          const cancel = this.clock.setTimer(PROBE_MS, () => resolve(this.#see(request)));
          signal.addEventListener('abort', cancel);
        }),
      stop: () => Promise.resolve(),
    };
  }

  #see({ uid, target, mode }: ProbeRequest): Observations {
    const { storage, credential } = target;
    if (credential.kind !== 'AccessKey') throw new Error('the model proves by access keys only');
    if (this.bucketWorks.get(storage.name) !== true) return { ...endpointFails({ kind: 'ConnectionRefused' }), mode };
    const text = `${credential.accessKeyId}:${credential.secretAccessKey.reveal()}`;
    const works = KEYS.some((key) => text.endsWith(`:secret-${key}`) && this.keyWorks.get(key) === true);
    if (!works) return { ...listFails({ kind: 'AccessKeyUnknown' }), mode };
    if (mode === 'Light') {
      const { endpoint, list, requests } = goodObservations();
      return { mode, ...(endpoint !== undefined && { endpoint }), ...(list !== undefined && { list }), requests };
    }
    const published = storage.credentials.kind === 'Ambient' ? '' : text;
    this.#onProven({ uid, bucket: storage.name, path: storage.path, credential: published });
    return goodObservations();
  }

  #remember(cache: ObjectCache<SecretObject> | ObjectCache<ConfigMapObject>): void {
    (cache as ObjectCache<KubeObject>).onChange(({ object }) => {
      const id = `${object.kind}/${object.metadata.namespace ?? ''}/${object.metadata.name}`;
      const versions = this.#old.get(id) ?? [];
      versions.push(object);
      this.#old.set(id, versions);
    });
  }

  /** A version of an object as it stood some writes ago. */
  olderCopy(
    kind: 'Secret' | 'ConfigMap',
    key: { namespace: string; name: string },
    back: number,
  ): KubeObject | undefined {
    return this.#old.get(`${kind}/${key.namespace}/${key.name}`)?.at(-1 - back);
  }

  /** Lets everything run that waits for no time, watches that are not held included. */
  async drain(): Promise<void> {
    for (let rounds = 0; ; rounds += 1) {
      if (rounds > 2_000) throw new Error('the operator does not come to rest though no time passes');
      await this.#settle();
      this.look();
      let moved = 0;
      for (const name of FEEDS) {
        if (this.held.has(name)) continue;
        const feed = this.leader.feeds[name];
        while (feed.pending > 0) moved += feed.deliver(feed.pending);
      }
      if (moved === 0) break;
    }
    if (await this.#reportDeployments()) await this.drain();
  }

  /** A time slice ends at the next turn of the event loop, and what follows it may begin another one. */
  async #settle(): Promise<void> {
    for (let turns = 0; turns < 3; turns += 1) await settle();
  }

  /** Lets time pass, timer by timer. */
  async pass(milliseconds: number): Promise<void> {
    const until = this.clock.monotonic() + milliseconds;
    const most = this.#writes + MOST_WRITES;
    await this.drain();
    for (let next = this.clock.nextAt(); next !== undefined && next <= until; next = this.clock.nextAt()) {
      this.clock.runNext();
      await this.drain();
      if (this.#writes > most) throw new Error('the operator writes and writes');
    }
    this.clock.passTo(until);
  }

  /** What the Deployment controller does: all Pods of a new template run at once. */
  async #reportDeployments(): Promise<boolean> {
    this.look();
    let moved = false;
    for (const { metadata, status } of this.truth.deployments.reader.list()) {
      const { name, namespace = '', generation = 0 } = metadata;
      if (status?.observedGeneration === generation) continue;
      moved = true;
      await this.user.applyStatus(
        DEPLOYMENTS,
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name, namespace },
          status: { observedGeneration: generation, replicas: 0, updatedReplicas: 0, availableReplicas: 0 },
        } as never,
        { fieldManager: 'deployment-controller', force: true },
      );
    }
    return moved;
  }

  // What people do.

  claim({ kind, namespace, name }: Slot): InstanceStorage | TeamStorage | undefined {
    const { instances, teams } = this.truth;
    return (kind === 'InstanceStorage' ? instances.reader : teams.reader).get({ namespace, name });
  }

  async put(slot: Slot, spec: Record<string, unknown>): Promise<void> {
    const live = this.claim(slot);
    if (live === undefined) await this.user.create(typeOf(slot), manifestOf(slot, spec) as never);
    else await this.user.replace(typeOf(slot), { ...live, spec } as never);
    this.look();
  }

  async remove(slot: Slot): Promise<void> {
    await this.user.delete(typeOf(slot), slot);
    this.look();
  }

  async putSecret(namespace: string, name: string, key: Key | undefined): Promise<void> {
    const at = { namespace, name };
    if (key === undefined) {
      await this.user.delete(SECRETS, at);
    } else {
      const manifest = secretManifest(namespace, name, key) as never;
      const isThere = this.truth.secrets.reader.get(at) !== undefined;
      await (isThere ? this.user.replace(SECRETS, manifest) : this.user.create(SECRETS, manifest));
    }
    this.look();
  }

  async write<T extends SecretObject | ConfigMapObject>(
    type: ResourceType<T>,
    key: { readonly namespace: string; readonly name: string },
    object: T | undefined,
  ): Promise<void> {
    const isThere = (await this.user.get(type, key)).ok;
    if (object === undefined) {
      await this.user.delete(type, key);
    } else {
      const metadata = without(object.metadata, 'resourceVersion', 'uid');
      const manifest = { ...object, metadata } as never;
      await (isThere ? this.user.replace(type, manifest) : this.user.create(type, manifest));
    }
    this.look();
  }

  keyIn(namespace: string, name: string): string | undefined {
    const data = this.truth.secrets.reader.get({ namespace, name })?.data;
    if (data === undefined) return undefined;
    const text = (field: string): string => Buffer.from(data[field] ?? '', 'base64').toString('utf8');
    return `${text('ACCESS_KEY')}:${text('SECRET_KEY')}`;
  }

  /** Drops all memory, and begins with fresh lists. */
  restart(): void {
    this.leader.kill();
    this.held.clear();
    this.leader = this.#process();
    this.leader.lead();
    this.leaderSince = this.clock.monotonic();
  }

  /** Another process with filled caches, which get no more events until it leads. */
  prepareStandby(): void {
    this.standby = this.#process();
  }

  takeOver(isStale: boolean): boolean {
    const { standby } = this;
    if (standby === undefined) return false;
    this.leader.kill();
    this.held.clear();
    // Before it acts, it lists what a stale cache has missed.
    for (const name of FEEDS) {
      if (isStale) standby.feeds[name].relist();
      else standby.feeds[name].deliverAll();
    }
    this.leader = standby;
    this.standby = undefined;
    standby.lead();
    this.leaderSince = this.clock.monotonic();
    return true;
  }

  releaseAll(): void {
    this.held.clear();
  }
}

function typeOf({ kind }: Slot): ResourceType<KubeObject> {
  return kind === 'InstanceStorage' ? INSTANCE_STORAGES : TEAM_STORAGES;
}

export function nameOf(bucket: BucketName): string {
  return `${bucket}-data`;
}
