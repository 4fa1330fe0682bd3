import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { adminRequest, newNamespace } from '../../servers/shared.ts';
import { createFleet, probeObjects, requestAll, untilFleetReady, type Fleet } from '../../servers/fleet.ts';
import { getStorage, readSecret } from '../../servers/objects.ts';
import { startOperator, type OperatorProcess } from '../../servers/operator.ts';
import { randomFrom, SEED } from '../../servers/random.ts';
import { until } from '../../servers/until.ts';

const TEAMS = 20;
const KILLS = process.env['BYOB_SOAK'] === '1' ? 20 : 3;

let fleet: Fleet;
let before: Awaited<ReturnType<Fleet['contents']>>;
let operator: OperatorProcess | undefined;

beforeAll(async () => {
  fleet = await createFleet(TEAMS);
  await fleet.putUserObjects();
  before = await fleet.contents();
});

afterAll(async () => {
  await operator?.stop('SIGKILL');
});

/** The outputs without what differs from ledger to ledger: the salted hash, and the times of the proofs. */
async function outputs(namespace: string) {
  const { body } = await adminRequest('GET', `/api/v1/namespaces/${namespace}/configmaps/wandb-storage`);
  const data = body['data'] as Readonly<Record<string, string>>;
  const configMap = JSON.stringify({ ...data, 'secret-hash': '' }).replaceAll(
    /provenAt: [0-9TZ:.-]+/g,
    'provenAt: then',
  );
  return { secret: await readSecret(namespace, 'wandb-storage'), configMap };
}

async function untilAllHandled(namespace: string): Promise<void> {
  for (const [name, token] of await requestAll(namespace, fleet)) {
    const kind = name === 'wandb' ? 'InstanceStorage' : 'TeamStorage';
    await until(
      `${name} was validated`,
      async () => (await getStorage(namespace, kind, name)).status?.lastHandledReconcileAt === token,
      60,
    );
  }
}

/** When nobody disturbs: what the outputs must come to. */
async function undisturbed() {
  const namespace = await newNamespace('calm');
  const calm = await startOperator(namespace);
  await fleet.apply(namespace);
  await untilFleetReady(namespace, fleet);
  const wanted = await outputs(namespace);
  await calm.stop();
  return wanted;
}

it(`comes to the same outputs after ${KILLS} kills at random moments, and leaves nothing behind (seed ${SEED})`, async () => {
  const wanted = await undisturbed();
  const random = randomFrom(SEED);
  const namespace = await newNamespace('kills');
  operator = await startOperator(namespace);
  await fleet.apply(namespace);

  for (let kill = 0; kill < KILLS; kill += 1) {
    // Later kills find the fleet in the middle of validations that were asked for.
    if (kill > 2) await requestAll(namespace, fleet);
    await new Promise((resolve) => setTimeout(resolve, 50 + random() * 1200));
    await operator.restart('SIGKILL');
  }
  await untilFleetReady(namespace, fleet);
  await untilAllHandled(namespace);

  expect(await outputs(namespace)).toEqual(wanted);
  const after = await fleet.contents();
  expect(probeObjects(after)).toEqual([]);
  expect(after).toEqual(before);
}, 300_000);

it('ends in good order in the middle of probes, and leaves nothing in any store', async () => {
  if (operator === undefined) throw new Error('the test before this one did not start the operator');
  const namespace = operator.user.split(':')[2] ?? '';
  await requestAll(namespace, fleet);
  // Seen in a store, so that it is surely in the middle.
  await until('a probe has an object in a store', async () => probeObjects(await fleet.contents()).length > 0);
  operator.signal('SIGTERM');

  await operator.untilEnded(15);
  expect(operator.exitCode).toBe(0);
  expect(await fleet.contents()).toEqual(before);
});
