import { PUBLIC_CLOUDS, type CloudEndpoints } from '../../../src/domain/bucket/store-endpoint.ts';
import {
  INSTANCE_INDEXES,
  sourceKey,
  TEAM_INDEXES,
  type InstanceIndex,
  type TeamIndex,
} from '../../../src/controllers/storage/indexes.ts';
import type { InstanceStorage, TeamStorage } from '../../../src/api/resources.ts';
import { createAdmissions } from '../../../src/app/admissions.ts';
import type { Ledgers } from '../../../src/controllers/admission/ledgers.ts';
import { ObservableMap } from '../../../src/runtime/observable-map.ts';
import { WHOLE_FLEET } from '../../../src/controllers/shard/shard.ts';
import type { InstancePublication } from '../../../src/controllers/publication/instance-publication.ts';
import type { LedgerFailure, LedgerStore, StoredLedger } from '../../../src/controllers/publication/ledger-store.ts';
import type { OutputKind, OutputWriter, StandingOutput } from '../../../src/controllers/publication/output-writer.ts';
import { createPublicationReport } from '../../../src/controllers/publication/publication-report.ts';
import { createPublisher } from '../../../src/controllers/publication/publisher.ts';
import type { RemovalCheck } from '../../../src/controllers/publication/removal-check.ts';
import { type Admission, type Admissions } from '../../../src/domain/admission/admit.ts';
import { idOf, keyOf, type Claimant, type ClaimKey } from '../../../src/domain/admission/world.ts';
import { parseBucket } from '../../../src/domain/spec/parse-bucket.ts';
import { claimId, type Ledger } from '../../../src/domain/publication/ledger.ts';
import type { Proof } from '../../../src/domain/publication/proof.ts';
import { NO_EVIDENCE, type RemovalEvidence } from '../../../src/domain/publication/removal-evidence.ts';
import { err, ok } from '../../../src/base/result.ts';
import { sanitizeInstance, sanitizeTeam } from '../../../src/domain/spec/sanitize-spec.ts';
import { createDeletedPolicies } from '../../../src/controllers/publication/deleted-policies.ts';
import { createObjectCache } from '../../../src/kube/object-cache.ts';
import type { KubeFailure } from '../../../src/ports/kube.ts';
import { createFakeClock } from './clock.ts';
import { createFakeLog } from './log.ts';
import { proofOf, SALT_TEXT } from './publication.ts';

/** A bucket of a spec, on the MinIO of `publication.ts`. */
export function bucketSpec(name: string, changes: { readonly path?: string; readonly secret?: string } = {}) {
  const { path, secret = `secret-${name}` } = changes;
  return {
    provider: 'S3Compatible' as const,
    name,
    ...(path !== undefined && { path }),
    s3Compatible: {
      endpoint: 'https://minio.example',
      region: 'us-east-1',
      credentials: { accessKey: { secretRef: { name: secret }, keys: { accessKeyId: 'a', secretAccessKey: 'b' } } },
    },
  };
}

type Changes<T extends InstanceStorage | TeamStorage> = Partial<T['metadata']> & { readonly status?: T['status'] };

export function instanceObject(
  name: string,
  spec: Partial<InstanceStorage['spec']> = {},
  { status, ...metadata }: Changes<InstanceStorage> = {},
): InstanceStorage {
  return sanitizeInstance({
    apiVersion: 'storage.wandb.com/v1alpha1',
    kind: 'InstanceStorage',
    metadata: {
      namespace: 'ns',
      name,
      uid: `uid-${name}`,
      generation: 1,
      creationTimestamp: '2026-01-01T00:00:00Z',
      ...metadata,
    },
    spec: { deployment: { type: 'SelfManaged', cloud: 'OnPremises' }, bucket: bucketSpec('runs'), ...spec },
    ...(status !== undefined && { status }),
  });
}

export function teamObject(
  name: string,
  spec: Partial<TeamStorage['spec']> = {},
  { status, ...metadata }: Changes<TeamStorage> = {},
): TeamStorage {
  return sanitizeTeam({
    apiVersion: 'storage.wandb.com/v1alpha1',
    kind: 'TeamStorage',
    metadata: {
      namespace: 'ns',
      name,
      uid: `uid-${name}`,
      generation: 1,
      creationTimestamp: '2026-01-02T00:00:00Z',
      ...metadata,
    },
    spec: { team: name, ...spec },
    ...(status !== undefined && { status }),
  });
}

/** Metadata of an object that is older than others: created at that second of a certain minute. */
export function createdAt(second: string): { readonly creationTimestamp: string } {
  return { creationTimestamp: `2026-01-01T00:00:${second}Z` };
}

/** Publisher and admission over caches, ledgers and outputs in memory; what the API server does the test says. */
export class PublishingWorld {
  readonly instances = createObjectCache<InstanceStorage, InstanceIndex>({ indexes: INSTANCE_INDEXES });
  readonly teams = createObjectCache<TeamStorage, TeamIndex>({ indexes: TEAM_INDEXES });
  readonly proofs = new ObservableMap<string, Proof>(() => false);
  readonly publications = new ObservableMap<string, InstancePublication>(() => false);
  readonly #waits = new Map<string, number>();
  readonly clock = createFakeClock(Date.parse('2026-05-01T00:00:00Z'));
  readonly log = createFakeLog();
  /** Reasons of warnings, and what was counted. */
  readonly events: string[] = [];
  /** What became of the claims: the other events, as `Published TeamStorage/omega`. */
  readonly trail: string[] = [];
  /** Texts of the same events. */
  readonly notes: string[] = [];
  /** Instances whose series were removed. */
  readonly forgotten: string[] = [];
  readonly admissions: Admissions;
  readonly ledgers: Ledgers;
  /** What stands at the API server, by `namespace/name` of the instance. */
  readonly stored = new Map<string, StoredLedger>();
  readonly outputs = new Map<string, StandingOutput>();
  /** Keys that the last change wakes: those that were given to `note`, and those that it named. */
  noted: readonly ClaimKey[] = [];
  /** Writes in order: `ledger`, `Secret` and `ConfigMap`, each with its instance. */
  readonly writes: string[] = [];
  failLoad: LedgerFailure | undefined;
  failSave: KubeFailure | undefined;
  failRead: KubeFailure | undefined;
  failWrite: KubeFailure | undefined;
  /** Runs in the middle of each write of a ledger. */
  whileSaving: () => Promise<void> = () => Promise.resolve();
  /** Runs where a publication lets others have their turn. */
  timeSlice: () => Promise<void> = () => Promise.resolve();
  evidence: RemovalEvidence = NO_EVIDENCE;
  randomSalt: () => string = () => SALT_TEXT;
  #version = 0;
  readonly #deletions = createDeletedPolicies();
  readonly #publisher: ReturnType<typeof createPublisher>;

  constructor(clouds: CloudEndpoints = PUBLIC_CLOUDS) {
    const watches = {
      instances: this.instances,
      teams: this.teams,
      managedSecrets: { reader: { synced: true, get: () => undefined, list: () => [] } },
    } as unknown as Parameters<typeof createAdmissions>[0]['watches'];
    Object.assign(this, createAdmissions({ watches, proofs: this.proofs, clouds }));
    const { admissions, ledgers } = this as unknown as { admissions: Admissions; ledgers: Ledgers };
    this.admissions = admissions;
    this.ledgers = ledgers;
    ledgers.onChange((claims) => this.note(claims));
    this.#publisher = createPublisher({
      instances: this.instances.reader,
      teams: this.teams.reader,
      admissions,
      ledgers,
      shard: WHOLE_FLEET,
      ledgerStore: this.#ledgerStore(),
      outputs: this.#outputs(),
      removals: this.#removals(),
      proofs: this.proofs,
      publications: this.publications,
      report: createPublicationReport({
        instances: this.instances.reader,
        events: {
          record: ({ type, reason, note, regarding: { kind, metadata } }) => {
            if (type === 'Warning') {
              this.events.push(reason);
              return;
            }
            this.trail.push(`${reason} ${kind}/${metadata.name}`);
            this.notes.push(note);
          },
        },
        log: this.log,
        metrics: {
          ledgersRecovered: (_instance, times) => {
            if (times === 1) this.events.push('metric');
          },
          forget: ({ name }) => void this.forgotten.push(name),
        },
      }),
      randomSalt: () => this.randomSalt(),
      clock: this.clock,
      timeSlice: () => this.timeSlice(),
    });
  }

  note(claims: readonly ClaimKey[]): void {
    // The triggers wake those that are given by themselves.
    this.noted = [...claims, ...this.admissions.note(claims)];
  }

  /** Creates or changes objects, with what the watches would bring up to date. */
  put(...objects: readonly (InstanceStorage | TeamStorage)[]): void {
    for (const object of objects) {
      const metadata = { ...object.metadata, resourceVersion: String((this.#version += 1)) };
      if (object.kind === 'InstanceStorage') this.instances.writer.put({ ...object, metadata });
      else this.teams.writer.put({ ...object, metadata });
    }
    this.note(this.#touchedBy(objects));
  }

  remove(...objects: readonly (InstanceStorage | TeamStorage)[]): void {
    for (const object of objects) {
      if (object.kind === 'InstanceStorage') this.instances.writer.remove(object);
      else this.teams.writer.remove(object);
      this.#deletions.deleted(object, true);
    }
    this.note(this.#touchedBy(objects));
  }

  /** As the triggers do: an instance is a matter of all teams of its namespace, a team of those who use its bucket. */
  #touchedBy(objects: readonly (InstanceStorage | TeamStorage)[]): readonly ClaimKey[] {
    const users = objects.flatMap((object) => {
      const teams = this.teams.reader.list(object.metadata.namespace);
      return object.kind === 'InstanceStorage'
        ? teams
        : this.teams.reader.by('source', sourceKey('TeamStorage', object));
    });
    return [...new Map([...objects, ...users].map(keyOf).map((key) => [idOf(key), key])).values()];
  }

  of(object: InstanceStorage | TeamStorage): Admission | undefined {
    return this.admissions.of(keyOf(object));
  }

  /** Proves the bucket of the object as it is, with a key of that name. */
  prove(object: InstanceStorage | TeamStorage, key: string, changes: Partial<Proof> = {}): void {
    const { storage, instanceName } = this.of(object) ?? {};
    if (storage === undefined) throw new Error(`${object.metadata.name} has no bucket`);
    const { uid = '', namespace = '' } = object.metadata;
    const proof = { ...proofOf(storage, key), uid, instance: `${namespace}/${instanceName ?? ''}`, ...changes };
    this.proofs.set([[uid, proof]]);
  }

  /** Runs the publisher when the wait after its last fault is over. */
  async publish(instance = 'wandb', namespace = 'ns') {
    this.clock.advance(this.#waits.get(`${namespace}/${instance}`) ?? 0);
    return this.wake(instance, namespace);
  }

  /** Runs the publisher at once. */
  async wake(instance = 'wandb', namespace = 'ns') {
    const key = `${namespace}/${instance}`;
    const outcome = await this.#publisher.reconcile(key);
    this.#waits.set(key, outcome.kind === 'requeue' && outcome.lane === 'fast' ? outcome.afterMs : 0);
    return outcome;
  }

  publication(instance = 'wandb'): InstancePublication | undefined {
    return this.publications.get(`ns/${instance}`);
  }

  claim(object: InstanceStorage | TeamStorage, instance = 'wandb') {
    return this.publication(instance)?.claims.get(claimId({ kind: object.kind, name: object.metadata.name }));
  }

  secret(instance = 'wandb'): Readonly<Record<string, string>> {
    return this.outputs.get(`Secret ns/${instance}`)?.data ?? {};
  }

  ledger(instance = 'wandb'): Ledger {
    const stored = this.stored.get(`ns/${instance}`);
    if (stored?.kind !== 'Known') throw new Error('no ledger');
    return stored.ledger;
  }

  #ledgerStore(): LedgerStore {
    return {
      load: ({ namespace, name }) =>
        Promise.resolve(
          this.failLoad === undefined
            ? ok(this.stored.get(`${namespace}/${name}`) ?? { kind: 'Missing' })
            : err(this.failLoad),
        ),
      save: async ({ namespace, name }, _stored, { ledger }) => {
        await this.whileSaving();
        if (this.failSave !== undefined) return err(this.failSave);
        const saved = { kind: 'Known', ledger, resourceVersion: String(ledger.revision) } as const;
        this.stored.set(`${namespace}/${name}`, saved);
        this.writes.push(`ledger ${name}`);
        return ok(saved);
      },
      invalidate: () => true,
    };
  }

  #outputs(): OutputWriter {
    return {
      read: (kind: OutputKind, { namespace, name }) =>
        Promise.resolve(
          this.failRead === undefined
            ? ok(this.outputs.get(`${kind} ${namespace}/${name}`))
            : err({ kind: 'Kube', failure: this.failRead }),
        ),
      write: (kind, { namespace, name }, { data, seal }) => {
        if (this.failWrite !== undefined) return Promise.resolve(err({ kind: 'Kube', failure: this.failWrite }));
        const standing = { data, seal, resourceVersion: undefined };
        this.outputs.set(`${kind} ${namespace}/${name}`, standing);
        this.writes.push(`${kind} ${name}`);
        return Promise.resolve(ok(standing));
      },
      invalidate: () => true,
    };
  }

  #removals(): RemovalCheck {
    return { ...this.#deletions, check: () => Promise.resolve({ evidence: this.evidence }) };
  }
}

/** The bucket of such a spec, parsed. */
export function storageOf(spec: ReturnType<typeof bucketSpec>) {
  const parsed = parseBucket(spec, 'spec.bucket');
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}

/** A refusal of the API server that passes. */
export const REFUSAL: KubeFailure = { status: 500, reason: 'InternalError', message: 'etcd' };
export const wandb = instanceObject('wandb');
export const omega = teamObject('omega', { bucket: bucketSpec('b') });

/** A world with the instance wandb and these objects. */
export function worldWith(...objects: readonly Claimant[]): PublishingWorld {
  const world = new PublishingWorld();
  world.put(wandb, ...objects);
  return world;
}

/** A world in which omega is published with the key d1. */
export async function published(): Promise<PublishingWorld> {
  const world = worldWith(omega);
  world.prove(omega, 'd1');
  await world.publish();
  return world;
}
