import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, it } from '@jest/globals';
import { programs } from '../../../scripts/tools/build.ts';
import { untilReconciled } from '../../servers/conditions.ts';
import {
  applyStorage,
  deleteStorage,
  getStorage,
  minioBucket,
  readSecret,
  untilStorage,
} from '../../servers/objects.ts';
import { LEDGER, OUTPUT } from '../../servers/outputs.ts';
import { onPremises, publishNamespace, type PublishedNamespace } from '../../servers/published-namespace.ts';
import { adminRequest, newBucket, sharedServers } from '../../servers/shared.ts';
import { until } from '../../servers/until.ts';
import { BLOCKS, commandsOf } from '../../docs/pages.ts';

const TIMEOUT_MS = 180_000;
const PAGE = 'docs/how-to/clean-up-after-an-instance.md';
const UNDO = 'app.kubernetes.io/managed-by=byob-operator';
let world: PublishedNamespace;
const at = (name: string) => ({ namespace: world.namespace, kind: 'InstanceStorage', name }) as const;

afterAll(async () => {
  await world.operator.stop();
});

async function accepted(name: string): Promise<string> {
  const { status } = await getStorage(world.namespace, 'InstanceStorage', name);
  return status?.conditions?.find(({ type }) => type === 'Accepted')?.message ?? '';
}

/** Runs a command of the page in the namespace of the test. */
async function typed(command: string): Promise<string> {
  const { kubectl } = await programs('kubectl');
  const env = {
    ...process.env,
    KUBECONFIG: sharedServers().kubeconfig,
    PATH: `${dirname(kubectl)}:${process.env['PATH'] ?? ''}`,
  };
  const here = command.replaceAll('-n wandb ', `-n ${world.namespace} `);
  const { stdout } = await promisify(execFile)('bash', ['-c', here], { env });
  return stdout;
}

it(
  'a second InstanceStorage on the same bucket and path is Ready, and says whose server writes there as well',
  async () => {
    world = await publishNamespace('second');
    const { namespace, instanceBucket } = world;
    const first = await getStorage(namespace, 'InstanceStorage', 'wandb');
    await applyStorage(namespace, 'InstanceStorage', 'wandb-two', onPremises(instanceBucket));

    const other = await untilStorage(at('wandb-two'), { ready: 'True', published: 'True' }, 60);
    const ready = other.status?.conditions?.find(({ type }) => type === 'Ready')?.message;
    for (const said of [ready, await accepted('wandb-two')]) {
      expect(said).toContain('InstanceStorage wandb has the same bucket and path: two W&B servers would write');
      expect(said).toContain('must name one of them in spec.instanceRef');
    }
    // The first one is told nothing, so its status is not written.
    await untilReconciled(at('wandb-two'));
    const { metadata } = await getStorage(namespace, 'InstanceStorage', 'wandb');
    expect(metadata.resourceVersion).toBe(first.metadata.resourceVersion);
  },
  TIMEOUT_MS,
);

it(
  'one more team writes the statuses of that team and its instance, and of nobody else',
  async () => {
    const { namespace } = world;
    const before = await getStorage(namespace, 'InstanceStorage', 'wandb-two');
    const bucket = minioBucket(sharedServers().minio, await newBucket('omega'), 'root');
    await applyStorage(namespace, 'TeamStorage', 'omega', { team: 'omega', instanceRef: { name: 'wandb' }, bucket });
    await untilStorage({ namespace, kind: 'TeamStorage', name: 'omega' }, { ready: 'True', published: 'True' }, 60);
    await untilCounted(1);
    const { metadata } = await getStorage(namespace, 'InstanceStorage', 'wandb-two');
    expect(metadata.resourceVersion).toBe(before.metadata.resourceVersion);
  },
  TIMEOUT_MS,
);

it(
  'once the first is gone nothing is said of it, and the page removes what it left for good',
  async () => {
    const { namespace } = world;
    await deleteStorage(namespace, 'TeamStorage', 'omega');
    await deleteStorage(namespace, 'InstanceStorage', 'wandb');
    await until('nothing is said of the first', async () => !(await accepted('wandb-two')).includes('wandb'));
    expect(await accepted('wandb-two')).toBe('The spec is complete and nothing conflicts with it.');
    expect(await readSecret(namespace, OUTPUT)).toBeDefined();

    expect(readFileSync(PAGE, 'utf8')).toContain('Remove it');
    const commands = BLOCKS.filter(({ page }) => page === PAGE).flatMap(commandsOf);
    const outputs: string[] = [];
    for (const command of commands) {
      // What looks for a reader finds none, and the last one takes the first back.
      if (command.includes('grep') || command.endsWith(UNDO)) continue;
      outputs.push(await typed(command));
    }
    const [listed = ''] = outputs;
    for (const name of [`secret/${OUTPUT}`, `secret/${LEDGER}`, `configmap/${OUTPUT}`]) expect(listed).toContain(name);
    expect(outputs.at(-1)).toContain(`secret "${LEDGER}" deleted`);

    // The operator goes on with the other, and writes nothing again for this one.
    await untilReconciled(at('wandb-two'));
    await untilReconciled(at('wandb-two'));
    for (const path of [`secrets/${OUTPUT}`, `secrets/${LEDGER}`, `configmaps/${OUTPUT}`]) {
      expect((await adminRequest('GET', `/api/v1/namespaces/${namespace}/${path}`)).status).toBe(404);
    }
    expect(await readSecret(namespace, 'wandb-two-storage')).toBeDefined();
  },
  TIMEOUT_MS,
);

async function untilCounted(teams: number): Promise<void> {
  await until(`${String(teams)} teams are counted`, async () => {
    const { status } = await getStorage(world.namespace, 'InstanceStorage', 'wandb');
    return (status as { teams?: { published?: number } } | undefined)?.teams?.published === teams;
  });
}
