import { gunzipSync, gzipSync } from 'node:zlib';
import {
  ALLOW_LABEL,
  CONFIG_MAPS,
  INSTANCE_STORAGES,
  MANAGED_BY_LABEL,
  MANAGER,
  SECRETS,
  TEAM_STORAGES,
  type InstanceStorage,
  type TeamStorage,
} from '../../../src/api/resources.ts';
import {
  INSTANCE_INDEXES,
  TEAM_INDEXES,
  type InstanceIndex,
  type TeamIndex,
} from '../../../src/controllers/storage/indexes.ts';
import type { Compression } from '../../../src/controllers/publication/ledger-secret.ts';
import { sanitizeOnce } from '../../../src/domain/spec/sanitize-once.ts';
import { sanitizeInstance, sanitizeTeam, type Sanitized } from '../../../src/domain/spec/sanitize-spec.ts';
import { PUBLIC_CLOUDS } from '../../../src/domain/bucket/store-endpoint.ts';
import { identityOnly, withoutLastApplied } from '../../../src/kube/kept-metadata.ts';
import type { LabelSelector } from '../../../src/domain/shard/label-selector.ts';
import { createObjectCache } from '../../../src/kube/object-cache.ts';
import type { Clock, TimeSlice } from '../../../src/ports/clock.ts';
import type { PartialObject } from '../../../src/api/object.ts';
import type { KubeClient } from '../../../src/ports/kube.ts';
import type { Log } from '../../../src/ports/log.ts';
import { createControllers } from '../../../src/app/controllers.ts';
import type { PlainHttp } from '../../../src/ports/http.ts';
import { createSurveys } from '../../../src/probes/surveys.ts';
import type { Prober } from '../../../src/probes/prober.ts';
import { createTimeSlice } from '../../../src/runtime/time-slice.ts';
import type { Feed } from '../api-server/feed.ts';
import type { ApiServer } from '../api-server/server.ts';
import { NO_METRICS } from './no-metrics.ts';

/** Without threads, with which it would be a matter of luck which of two ledgers is packed first. */
const AT_ONCE: Compression = {
  compress: (text) => Promise.resolve(gzipSync(text, { level: 1 })),
  decompress: async (packed) => {
    await Promise.resolve();
    return gunzipSync(packed);
  },
};

export const FEEDS = ['instances', 'teams', 'allowedSecrets', 'managedSecrets', 'configMaps'] as const;
export type FeedName = (typeof FEEDS)[number];

/** No story asks for a team in W&B. */
const NO_HTTP: PlainHttp = {
  send: () => Promise.reject(new Error('the model has no W&B server')),
};

/** One process of the operator: all of its real parts but for the watches' connections and the prober. */
export interface OperatorProcess {
  readonly feeds: Readonly<Record<FeedName, Feed>>;
  /** It leads from now on: its controllers work off what its watches have queued. */
  lead(): void;
  /** What it has not sent yet is never sent. */
  kill(): void;
}

export function startProcess(deps: {
  readonly api: ApiServer;
  readonly clock: Clock;
  readonly prober: Prober;
  readonly log: Log;
  readonly randomSalt: () => string;
  /** By default time slices on `clock`, which never end where it stands still. */
  readonly timeSlice?: TimeSlice;
  /** By default without threads. */
  readonly compression?: Compression;
  readonly workers?: number;
  /** By default it acts for everything. */
  readonly watchLabelSelector?: LabelSelector;
}): OperatorProcess {
  const { api, clock, log, timeSlice = createTimeSlice(clock), compression = AT_ONCE, workers = 4 } = deps;
  let leads = false;
  const kube = fenced(api.client('byob-operator'), () => leads);
  const watches = createCaches();
  const events = { record: () => undefined };
  const controllers = createControllers({
    kube,
    watches,
    prober: { ...deps.prober, hold: () => () => undefined },
    surveys: createSurveys(),
    http: NO_HTTP,
    events,
    telemetry: NO_METRICS,
    clock,
    timeSlice,
    log,
    randomSalt: deps.randomSalt,
    options: {
      workers,
      clouds: PUBLIC_CLOUDS,
      allowPublicBuckets: false,
      requireSecretLabel: true,
      ...(deps.watchLabelSelector !== undefined && { watchLabelSelector: deps.watchLabelSelector }),
    },
    compression,
    random: () => 1,
  });
  return {
    feeds: openFeeds(api, watches),
    lead() {
      leads = true;
      for (const controller of controllers) void controller.start();
    },
    kill() {
      leads = false;
      for (const controller of controllers) void controller.stop();
    },
  };
}

const instanceOnce = sanitizeOnce(sanitizeInstance);
const teamOnce = sanitizeOnce(sanitizeTeam);

function createCaches() {
  return {
    instances: createObjectCache<Sanitized<InstanceStorage>, InstanceIndex>({
      indexes: INSTANCE_INDEXES,
      transform: (object, previous) => instanceOnce(withoutLastApplied(object), previous),
    }),
    teams: createObjectCache<Sanitized<TeamStorage>, TeamIndex>({
      indexes: TEAM_INDEXES,
      transform: (object, previous) => teamOnce(withoutLastApplied(object), previous),
    }),
    allowedSecrets: createObjectCache<PartialObject>({ transform: identityOnly }),
    managedSecrets: createObjectCache<PartialObject>({ transform: identityOnly }),
    configMaps: createObjectCache<PartialObject>({ transform: identityOnly }),
  };
}

/** As `createWatches` opens them. */
function openFeeds(api: ApiServer, watches: ReturnType<typeof createCaches>): Readonly<Record<FeedName, Feed>> {
  const metadataOnly = true;
  return {
    instances: api.watch(INSTANCE_STORAGES, {}, watches.instances.writer),
    teams: api.watch(TEAM_STORAGES, {}, watches.teams.writer),
    allowedSecrets: api.watch(
      SECRETS,
      { labelSelector: `${ALLOW_LABEL}=true`, metadataOnly },
      watches.allowedSecrets.writer,
    ),
    managedSecrets: api.watch(
      SECRETS,
      { labelSelector: `${MANAGED_BY_LABEL}=${MANAGER}`, metadataOnly },
      watches.managedSecrets.writer,
    ),
    configMaps: api.watch(CONFIG_MAPS, { metadataOnly }, watches.configMaps.writer),
  };
}

/** A process that does not lead sends nothing, as with `createFencedConnection`. */
function fenced(kube: KubeClient, leads: () => boolean): KubeClient {
  const refused = { ok: false, error: { status: 0, reason: 'NotLeading', message: 'this process does not lead' } };
  return new Proxy(kube, {
    get(target, name) {
      const call = Reflect.get(target, name) as (...args: readonly unknown[]) => unknown;
      return (...args: readonly unknown[]) => (leads() ? call(...args) : Promise.resolve(refused));
    },
  });
}
