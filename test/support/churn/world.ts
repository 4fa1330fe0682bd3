import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { IMAGE_ENVIRONMENT } from '../../../scripts/bench/measured-operator.ts';
import { applySecret, applyStorage, minioBucket, rootKey } from '../../servers/objects.ts';
import { startOperator, type OperatorProcess } from '../../servers/operator.ts';
import { temporaryFolder } from '../../servers/process.ts';
import { newBucket, newNamespace, sharedServers } from '../../servers/shared.ts';
import { ORIGIN } from './places.ts';
import { createPopulation, type Population } from './population.ts';
import { createSampler, type Sampler } from './sample.ts';
import { startStores, type Stores } from './stores.ts';
import { createTeams } from './teams.ts';
import { viewStorages, type View } from './view.ts';

/** Teams that are on the bucket of another one. */
const SHARING = 6;

/** A namespace in which teams come, change and go, under one process of the operator. */
export interface World {
  readonly namespace: string;
  readonly operator: OperatorProcess;
  readonly stores: Stores;
  readonly population: Population;
  readonly sampler: Sampler;
  readonly view: View;
  readonly instanceBucket: string;
  stop(): Promise<void>;
}

export async function startWorld(random: () => number): Promise<World> {
  const namespace = await newNamespace('churn');
  const { minio } = sharedServers();
  const instanceBucket = await newBucket('churn-instance');
  const stores = await startStores(namespace);
  await applySecret(namespace, 'root', rootKey(minio));
  await applyStorage(namespace, 'InstanceStorage', 'wandb', {
    deployment: { type: 'SelfManaged', cloud: 'OnPremises', url: ORIGIN },
    bucket: minioBucket(minio, instanceBucket, 'root'),
  });
  const view = await viewStorages(namespace);
  const folder = temporaryFolder('byob-churn-');
  const collected = join(folder, 'collected');
  const operator = await startOperator(namespace, {
    args: ['--log-level=info'],
    env: {
      ...IMAGE_ENVIRONMENT,
      NODE_OPTIONS: `${IMAGE_ENVIRONMENT.NODE_OPTIONS} --import=${join(import.meta.dirname, 'collect-garbage.ts')}`,
      BYOB_TEST_COLLECTED: collected,
    },
  });
  const teams = createTeams(stores.places, SHARING);
  return {
    ...{ namespace, operator, stores, instanceBucket, view },
    population: createPopulation({ namespace, view, random }, teams, stores.outages),
    sampler: createSampler(operator, collected),
    async stop() {
      await operator.stop();
      await view.stop();
      await stores.stop();
      // The snapshot is large.
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
