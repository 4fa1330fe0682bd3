import type { Condition } from '../../../src/domain/conditions/conditions.ts';
import { untilCondition } from '../../servers/conditions.ts';
import { createDeployment, getDeployment, restartedFor, untilRolledOut } from '../../servers/deployments.ts';
import { withoutChance, type FaultRun, type FaultRuns } from '../../servers/fault-run.ts';
import { applySecret, readSecret } from '../../servers/objects.ts';
import { adminRequest } from '../../servers/shared.ts';
import { until } from '../../servers/until.ts';
import { startWandbStandIn, type WandbStandIn } from '../../servers/wandb-server.ts';
import { applyWandb, getWandb } from '../../servers/weights-and-biases.ts';
import type { Story } from './story.ts';

const API_KEY = 'key-of-the-administrator';
/** What the owner of the server sets. */
const THEIRS = { chart: { version: '0.1' }, values: { global: { host: 'https://wandb.example.com' } } };
/** A process that has not seen the answer to a creation finds the team, and cannot know who has created it. */
const PROVISIONED = ['TeamCreated', 'TeamAdopted'];
const SELECTOR = { matchLabels: { 'app.kubernetes.io/instance': 'wandb' } };

/**
 * The config is delivered to a WeightsAndBiases, the server is restarted for it, and a team is created in the server; then
 * a key rotates, and the server is restarted again.
 */
export function serverStory(runs: FaultRuns): Story {
  const servers = new Map<FaultRun, WandbStandIn>();

  async function tell(run: FaultRun): Promise<void> {
    const { namespace } = run;
    const wandb = await startWandbStandIn(API_KEY);
    servers.set(run, wandb);
    await createDeployment(namespace, 'api');
    await applyWandb(namespace, { version: 'v1', name: 'server' }, THEIRS);
    await applySecret(namespace, 'wandb-api-key', { WANDB_API_KEY: API_KEY });
    await forServer(namespace, wandb.url);
    await runs.publish(run, {
      instance: {
        deployment: {
          ...{ type: 'SelfManaged', cloud: 'OnPremises', url: wandb.url },
          apiKeySecretRef: { name: 'wandb-api-key' },
        },
        delivery: {
          weightsAndBiases: { name: 'server' },
          restart: { mode: 'Automatic', minInterval: '1s', selector: SELECTOR },
        },
      },
      blue: { provision: { admin: 'ada' } },
    });
    await untilCondition({ namespace, kind: 'InstanceStorage', name: 'wandb' }, 'Delivered', { status: 'True' });
    await untilCondition({ namespace, kind: 'TeamStorage', name: 'blue' }, 'Provisioned', { status: 'True' });
    await applySecret(namespace, 'blue', runs.blueKey(2));
    await until('the next key is published', async () => {
      const stores = (await readSecret(namespace, 'wandb-storage'))?.['SUPPORTED_FILE_STORES'];
      return stores?.includes('blue-2') === true;
    });
    await untilRolledOut(namespace);
  }

  return {
    tell,
    async endState(run) {
      const { namespace } = run;
      const wandb = servers.get(run);
      const { spec } = await getDeployment(namespace, 'api');
      const { body } = await adminRequest('GET', `/api/v1/namespaces/${namespace}/configmaps/wandb-storage`);
      const { 'secret-hash': hash } = body['data'] as Readonly<Record<string, string>>;
      const state = {
        ...(await runs.endState(run)),
        deployment: withoutChance(spec?.template?.metadata),
        isRestartedForWhatIsPublished: (await restartedFor(namespace, 'api')) === hash,
        delivered: (await getWandb(namespace, 'v1', 'server')).spec,
        teams: [...(wandb?.teams ?? [])].map(([name, { members, storageBucket }]) => ({
          name,
          members,
          storageBucket,
        })),
      };
      const text = JSON.stringify(state).replaceAll(wandb?.url ?? '', 'https://wandb');
      return JSON.parse(text, withoutCreator) as typeof state;
    },
    async end(run) {
      await servers.get(run)?.close();
      servers.delete(run);
    },
  };
}

/** The operator sends the key to the server that its Secret names, and to no other. */
async function forServer(namespace: string, url: string): Promise<void> {
  const path = `/api/v1/namespaces/${namespace}/secrets/wandb-api-key`;
  const change = { metadata: { annotations: { 'storage.wandb.com/server': url } } };
  await adminRequest('PATCH', path, change, 'application/merge-patch+json');
}

function withoutCreator(_: string, value: unknown): unknown {
  const isProvisioned = (value as { readonly type?: unknown } | null)?.type === 'Provisioned';
  return isProvisioned ? { type: 'Provisioned', isThere: PROVISIONED.includes((value as Condition).reason) } : value;
}
