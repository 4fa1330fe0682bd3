import { keyOf, keyText } from '../api/object-key.ts';
import type { KubeObject, ObjectKey } from '../api/object.ts';
import { CONFIG_MAPS, SECRETS, type ConfigMapObject, type SecretObject } from '../api/resources.ts';
import type { OperatorOptions } from '../app/operator-options.ts';
import { wirePublication } from '../app/publication.ts';
import { defined } from '../base/defined.ts';
import type { InstanceDelivery } from '../controllers/delivery/instance-delivery.ts';
import type { InstancePublication } from '../controllers/publication/instance-publication.ts';
import { ledgerName, outputName } from '../controllers/publication/output-names.ts';
import { createReferenceReader } from '../controllers/references/references.ts';
import { createTokenSource } from '../controllers/references/token-source.ts';
import { createInstanceKind } from '../controllers/storage/instance-storage.ts';
import type { StorageObject } from '../controllers/storage/resolved-storage.ts';
import { createTeamKind } from '../controllers/storage/team-storage.ts';
import { keyOf as claimKeyOf } from '../domain/admission/world.ts';
import type { ConditionDraft } from '../domain/conditions/conditions.ts';
import { isSameProof, type Proof } from '../domain/publication/proof.ts';
import type { Clock } from '../ports/clock.ts';
import { ObservableMap } from '../runtime/observable-map.ts';
import { createDryRunValidator, type Observer } from './dry-run-validator.ts';
import { createMemoryKube, type KubeReads, type MemoryKube } from './memory-kube.ts';
import { createMemoryWatches } from './memory-watches.ts';
import { NO_EVENTS, NO_METRICS, SILENT_LOG } from './silent.ts';
import { createStandInReferences } from './stand-in-references.ts';
import { createStatusPass } from './status-pass.ts';

/** The settings of the operator that decide about a storage. */
export type DryRunSettings = Pick<OperatorOptions, 'clouds' | 'allowPublicBuckets' | 'requireSecretLabel' | 'ambient'>;

export interface DryRunInput {
  /** InstanceStorages, TeamStorages, and what they refer to. Each has a namespace and a UID. */
  readonly objects: readonly KubeObject[];
  /** The cluster from which everything else is read; nothing is written to it. */
  readonly behind?: KubeReads;
  readonly settings: DryRunSettings;
  readonly observer: Observer;
  readonly clock: Clock;
  /** 32 random hex characters. */
  readonly randomSalt: () => string;
}

/** What the operator would write for one instance. */
export interface DryRunOutputs {
  readonly instance: ObjectKey;
  readonly secret?: SecretObject;
  readonly configMap?: ConfigMapObject;
  /**
   * There is a ledger for it already. Otherwise the hash of the Secret, which is keyed with a random value of the
   * ledger, and the times of proofs will be others than here.
   */
  readonly hasLedger: boolean;
}

export interface DryRun {
  /** The storages with the status that the operator would write. */
  readonly storages: readonly StorageObject[];
  readonly outputs: readonly DryRunOutputs[];
}

/** A run settles after four passes or so: prove, publish, report, and mirror the report of the instance. */
const MOST_PASSES = 20;

/**
 * Runs the operator's own admission, references, validation and publication over objects in memory, until nothing
 * changes any more. So the statuses and outputs are those that the operator would write for them.
 */
export async function dryRun(input: DryRunInput): Promise<DryRun> {
  const parts = wire(input);
  const { kube, validator, watches, admissions } = parts;
  const instances = watches.instances.reader.list().map(keyOf);
  const withLedger = await keysWithLedger(kube, instances);
  for (let pass = 0; pass < MOST_PASSES; pass += 1) {
    const { writes } = kube;
    admissions.note(storagesIn(parts).map(claimKeyOf));
    for (const instance of instances) await parts.publish(keyText(instance));
    const results = [await parts.instances(), await parts.teams()];
    await validator.idle();
    if (kube.writes === writes && !results.includes('Changed')) break;
  }
  return {
    storages: storagesIn(parts),
    outputs: await Promise.all(
      instances.map((instance) => outputsOf(kube, instance, withLedger.has(keyText(instance)))),
    ),
  };
}

/** The operator's parts on memory; what sends and writes elsewhere is left out. */
function wire(input: DryRunInput) {
  const { clock, randomSalt, settings } = input;
  const kube = createMemoryKube(input.objects, input.behind);
  const watches = createMemoryWatches(input.objects);
  const proofs = new ObservableMap<string, Proof>(isSameProof);
  const publications = new ObservableMap<string, InstancePublication>(() => false);
  const shared = { ...settings, kube, watches, proofs, publications, clock };
  const { admissions, ledgers, reconcile } = wirePublication({
    ...{ ...shared, randomSalt, events: NO_EVENTS, log: SILENT_LOG, metrics: NO_METRICS },
    timeSlice: () => Promise.resolve(),
  });
  ledgers.onChange((claims) => void admissions.note(claims));
  const reader = createReferenceReader({
    ...{ kube, allowedSecrets: watches.allowedSecrets.reader, configMaps: watches.configMaps.reader },
    tokens: createTokenSource({ kube, clock, requireLabel: settings.requireSecretLabel }),
    requireLabel: settings.requireSecretLabel,
    ...defined({ ambient: settings.ambient }),
  });
  const mayStandIn = input.behind === undefined && input.observer.assumesProof;
  const references = createStandInReferences(reader);
  const validator = createDryRunValidator({ ...input, isStandIn: references.isStandIn });
  const gathering = {
    ...{ ...shared, validator, log: SILENT_LOG, metrics: NO_METRICS, queue: { add: () => undefined } },
    references: mayStandIn ? references : reader,
    withoutStandIns: references.withoutStandIns,
    deliveries: new ObservableMap<string, InstanceDelivery>(() => false),
    provisions: new ObservableMap<string, ConditionDraft>(() => false),
    ...{ admissions, instances: watches.instances.reader, teams: watches.teams.reader },
    // Statuses are kept in the caches themselves.
    statuses: { current: <T>(object: T): T => object },
  };
  return {
    ...{ kube, watches, admissions, validator },
    publish: (key: string) => reconcile(key, { signal: new AbortController().signal, log: SILENT_LOG }),
    instances: createStatusPass(gathering, createInstanceKind(gathering), watches.instances),
    teams: createStatusPass(gathering, createTeamKind(gathering), watches.teams),
  };
}

function storagesIn({ watches }: ReturnType<typeof wire>): readonly StorageObject[] {
  return [...watches.instances.reader.list(), ...watches.teams.reader.list()];
}

async function keysWithLedger(kube: MemoryKube, instances: readonly ObjectKey[]): Promise<ReadonlySet<string>> {
  const found = await Promise.all(
    instances.map(({ namespace, name }) => kube.get(SECRETS, { namespace, name: ledgerName(name) })),
  );
  return new Set(instances.filter((_, index) => found[index]?.ok === true).map(keyText));
}

async function outputsOf(kube: MemoryKube, instance: ObjectKey, hasLedger: boolean): Promise<DryRunOutputs> {
  const key = { namespace: instance.namespace, name: outputName(instance.name) };
  const [secret, configMap] = await Promise.all([kube.get(SECRETS, key), kube.get(CONFIG_MAPS, key)]);
  return {
    ...{ instance, hasLedger },
    ...(secret.ok && { secret: secret.value }),
    ...(configMap.ok && { configMap: configMap.value }),
  };
}
