import { applySecret, applyStorage, minioBucket, rootKey, untilStorage } from './objects.ts';
import { startOperator, type OperatorProcess, type OperatorSettings } from './operator.ts';
import { newBucket, newNamespace, sharedServers } from './shared.ts';

/** A namespace with an operator in which an InstanceStorage `wandb` and some teams are published. */
export interface PublishedNamespace {
  readonly namespace: string;
  readonly instanceBucket: string;
  readonly instanceSpec: Readonly<Record<string, unknown>>;
  readonly operator: OperatorProcess;
}

/** Spec of an InstanceStorage on the shared MinIO, with the root key in Secret `root`. */
export function onPremises(bucket: string, extra: Readonly<Record<string, unknown>> = {}) {
  return {
    deployment: { type: 'SelfManaged', cloud: 'OnPremises', url: 'https://wandb.example.com' },
    bucket: minioBucket(sharedServers().minio, bucket, 'root'),
    ...extra,
  };
}

/** Brings it up; `prepare` creates what the storages refer to, beside the Secret `root`. */
export async function publishNamespace(
  prefix: string,
  options: {
    /** Added to the InstanceStorage's spec. */
    readonly instance?: Readonly<Record<string, unknown>>;
    /** Specs of the teams by name. */
    readonly teams?: Readonly<Record<string, unknown>>;
    readonly prepare?: (namespace: string) => Promise<void>;
    readonly operator?: OperatorSettings;
  } = {},
): Promise<PublishedNamespace> {
  const namespace = await newNamespace(prefix);
  const instanceBucket = await newBucket('instance');
  const instanceSpec = onPremises(instanceBucket, options.instance);
  await applySecret(namespace, 'root', rootKey(sharedServers().minio));
  await options.prepare?.(namespace);
  await applyStorage(namespace, 'InstanceStorage', 'wandb', instanceSpec);
  for (const [name, spec] of Object.entries(options.teams ?? {})) {
    await applyStorage(namespace, 'TeamStorage', name, spec);
  }
  const operator = await startOperator(namespace, options.operator);
  try {
    await untilAllPublished(namespace, Object.keys(options.teams ?? {}));
  } catch (error) {
    await operator.stop();
    throw error;
  }
  return { namespace, instanceBucket, instanceSpec, operator };
}

/** Waits until the InstanceStorage and the named teams are Ready and published. */
export async function untilAllPublished(namespace: string, teams: readonly string[], seconds = 60): Promise<void> {
  const wanted = { ready: 'True', published: 'True' } as const;
  await untilStorage({ namespace, kind: 'InstanceStorage', name: 'wandb' }, wanted, seconds);
  for (const name of teams) await untilStorage({ namespace, kind: 'TeamStorage', name }, wanted, seconds);
}
