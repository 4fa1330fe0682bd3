import type { InstanceStorage, TeamStorage } from '../../api/resources.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { appOrigin } from '../spec/instance-settings.ts';
import { asJsonObject, own, text } from '../spec/json.ts';
import { parseBucket } from '../spec/parse-bucket.ts';
import type { DeploymentType, PolicyRequest } from './policy-request.ts';

interface Storages {
  readonly instances: readonly InstanceStorage[];
  readonly teams: readonly TeamStorage[];
}

/** The storage of a name (`omega`, `TeamStorage/omega`), or the only one; an error is a sentence. */
export function chosenStorage(
  { instances, teams }: Storages,
  wanted: string | undefined,
): Result<InstanceStorage | TeamStorage, string> {
  const all = [...instances, ...teams];
  const names = all.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
  const isWanted = (name: string): boolean => wanted === undefined || [name, name.split('/')[1]].includes(wanted);
  const found = all.filter((_, index) => isWanted(names[index] ?? ''));
  const [only] = found;
  if (only !== undefined && found.length === 1) return ok(only);
  if (all.length === 0) return err('The files hold no InstanceStorage and no TeamStorage.');
  return err(
    found.length === 0
      ? `The files hold no storage ${wanted ?? ''}. They hold ${names.join(', ')}.`
      : `Name one storage: ${names.filter(isWanted).join(', ')}.`,
  );
}

/** What the manifests say of a storage and of the deployment that it belongs to. `namespace`: of a storage that names none. */
export function requestFor(
  storage: InstanceStorage | TeamStorage,
  all: Storages,
  namespace = 'default',
): Result<PolicyRequest, string> {
  const instance = storage.kind === 'InstanceStorage' ? storage : instanceOf(storage, all);
  const source = sourceOf(storage, all, instance);
  if (!source.ok) return source;
  const bucket = parseBucket(source.value, 'spec.bucket');
  if (!bucket.ok) return err(`${storage.kind}/${storage.metadata.name}: ${bucket.error.message}`);
  const origin = instance === undefined ? undefined : appOrigin(instance.spec);
  return ok({
    storage: bucket.value,
    namespace: storage.metadata.namespace ?? namespace,
    deployment: deploymentOf(instance),
    level: storage.kind === 'InstanceStorage' ? 'Instance' : 'Team',
    ...(origin !== undefined && { origin }),
  });
}

function deploymentOf(instance: InstanceStorage | undefined): DeploymentType {
  return instance?.spec.deployment.type ?? 'SelfManaged';
}

function instanceOf({ spec }: TeamStorage, { instances }: Storages): InstanceStorage | undefined {
  const name = spec.instanceRef?.name;
  return name === undefined ? (instances.length === 1 ? instances[0] : undefined) : named(instances, name);
}

/** The bucket of the spec: its own, that of the storage that it refers to, or that of the instance. */
function sourceOf(
  storage: InstanceStorage | TeamStorage,
  { instances, teams }: Storages,
  instance: InstanceStorage | undefined,
): Result<unknown, string> {
  if (storage.spec.bucket !== undefined) return ok(storage.spec.bucket);
  const from = storage.kind === 'TeamStorage' ? storage.spec.bucketFrom : undefined;
  const source =
    from?.teamStorageRef !== undefined
      ? named(teams, from.teamStorageRef.name)
      : from?.instanceStorageRef !== undefined
        ? named(instances, from.instanceStorageRef.name)
        : instance;
  const bucket = asJsonObject(source?.spec.bucket);
  if (bucket === undefined) {
    return err(
      `${storage.kind}/${storage.metadata.name} has no bucket of its own, and the files do not hold its source.`,
    );
  }
  const path = from?.path ?? text(bucket, 'path');
  return ok({ ...bucket, ...(own(bucket, 'path') !== path && { path }) });
}

function named<T extends InstanceStorage | TeamStorage>(list: readonly T[], name: string): T | undefined {
  return list.find(({ metadata }) => metadata.name === name);
}
