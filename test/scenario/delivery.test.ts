import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import { weightsAndBiases } from '../../src/api/resources.ts';
import { findCondition } from '../../src/domain/conditions/conditions.ts';
import { auditMark, writesSince } from '../servers/audit.ts';
import {
  applySecret,
  applyStorage,
  asker,
  deleteStorage,
  eventsOf,
  getStorage,
  minioBucket,
  requestValidation,
  rootKey,
  untilStorage,
} from '../servers/objects.ts';
import { startOperator, type OperatorProcess } from '../servers/operator.ts';
import { newBucket, newNamespace, sharedServers } from '../servers/shared.ts';
import { until } from '../servers/until.ts';
import { watchVersions } from '../servers/versions.ts';
import {
  applyWandb,
  getWandb,
  installWeightsAndBiases,
  managersOf,
  type WandbResource,
} from '../servers/weights-and-biases.ts';

const DEPLOYMENT = { type: 'SelfManaged', cloud: 'OnPremises', url: 'https://wandb.example.com' };
/** A GitOps tool applies its manifest again each second for so long. */
const WRITER_SECONDS = process.env['BYOB_SOAK'] === undefined ? 10 : 60;
const VARIABLES = ['GORILLA_SUPPORTED_FILE_STORES', 'SUPPORTED_FILE_STORES'];
let namespace = '';
let operator: OperatorProcess;
let bucket = '';

beforeAll(async () => {
  await installWeightsAndBiases();
  namespace = await newNamespace('delivery');
  bucket = await newBucket('instance');
  await applySecret(namespace, 'root', rootKey(sharedServers().minio));
  operator = await startOperator(namespace);
  await applyStorage(namespace, 'InstanceStorage', 'wandb', instanceSpec(undefined));
  await applyStorage(namespace, 'TeamStorage', 'omega', {
    team: 'omega',
    instanceRef: { name: 'wandb' },
    bucket: minioBucket(sharedServers().minio, await newBucket('omega'), 'root'),
    deletionPolicy: 'Remove',
  });
  await untilStorage({ namespace, kind: 'TeamStorage', name: 'omega' }, { ready: 'True' });
});

afterAll(async () => {
  await operator.stop();
});

function instanceSpec(target: string | undefined): object {
  return {
    deployment: DEPLOYMENT,
    bucket: minioBucket(sharedServers().minio, bucket, 'root'),
    ...(target !== undefined && { delivery: { weightsAndBiases: { name: target } } }),
  };
}

const deliverTo = (target: string | undefined): Promise<void> =>
  applyStorage(namespace, 'InstanceStorage', 'wandb', instanceSpec(target));

/** Waits for a reason of Delivered, asking for a look now and then: the operator polls its target only twice a minute. */
async function untilDelivered(reason: string | undefined, name = 'wandb'): Promise<string> {
  let said = '';
  let looks = 0;
  const ask = asker(namespace, 'InstanceStorage', name);
  const holds = async (): Promise<boolean> => {
    if (looks++ % 20 === 19) await ask();
    const { status } = await untilStorage({ namespace, kind: 'InstanceStorage', name }, {});
    const condition = findCondition(status?.conditions ?? [], 'Delivered');
    said = condition?.message ?? '';
    return condition?.reason === reason;
  };
  await until(`Delivered is ${String(reason)}`, holds).catch((error: unknown) => {
    throw new Error(`Delivered is not ${String(reason)}: ${said}`, { cause: error });
  });
  return said;
}

/** Waits until the delivery has looked so often since the operator's start. */
async function untilLooks(count: number): Promise<void> {
  await until(`the delivery has looked ${String(count)} times`, async () => {
    const text = await (await fetch(operator.metricsUrl)).text();
    const looks = [...text.matchAll(/^controller_runtime_reconcile_total\{controller="delivery",.*\} (\d+)$/gm)];
    return looks.reduce((sum, [, value]) => sum + Number(value), 0) >= count;
  });
}

function ownFields(object: WandbResource): Readonly<Record<string, unknown>> {
  return (object.spec?.['values'] as { readonly global: Readonly<Record<string, unknown>> }).global;
}

describe('a WeightsAndBiases of v1', () => {
  const theirs = {
    chart: { version: '0.1' },
    values: { global: { host: 'https://wandb.example.com', env: { HTTP_PROXY: 'http://proxy' } } },
  };

  it('is not there yet: Unknown, and Ready all the same', async () => {
    await deliverTo('first');
    const message = await untilDelivered('TargetNotFound');
    expect(message).toContain(`WeightsAndBiases first does not exist in namespace ${namespace}`);
    await untilStorage({ namespace, kind: 'InstanceStorage', name: 'wandb' }, { ready: 'True' });
  });

  it('takes bucket and file stores from the Secret, beside what its owner sets', async () => {
    await applyWandb(namespace, { version: 'v1', name: 'first' }, theirs);
    await untilDelivered('Delivered');
    const object = await getWandb(namespace, 'v1', 'first');
    const reference = (key: string) => ({ valueFrom: { secretKeyRef: { name: 'wandb-storage', key } } });
    expect(object.spec).toMatchObject({
      chart: { version: '0.1' },
      values: {
        global: {
          host: 'https://wandb.example.com',
          bucket: { provider: 's3', region: 'us-east-1', secret: { secretName: 'wandb-storage' } },
          env: {
            HTTP_PROXY: 'http://proxy',
            ...Object.fromEntries(VARIABLES.map((name) => [name, reference(name)])),
          },
        },
      },
    });
    expect(managersOf(object)).toEqual(['byob-operator/wandb', 'gitops']);
    expect(await eventsOf(namespace, 'wandb')).toContain('Delivered');
  });

  it('is not written while nothing changes, neither by looks nor after a restart', async () => {
    const before = await getWandb(namespace, 'v1', 'first');
    const mark = auditMark(sharedServers().auditLog);
    await operator.restart('SIGKILL');
    await untilLooks(2);
    await requestValidation(namespace, 'InstanceStorage', 'wandb');
    await untilLooks(3);
    await untilDelivered('Delivered');
    const writes = writesSince(sharedServers().auditLog, mark, { user: operator.user, namespace });
    expect(writes.filter(({ resource }) => resource === 'weightsandbiases')).toEqual([]);
    expect(await getWandb(namespace, 'v1', 'first')).toEqual(before);
  });

  it('is left as it is where another manager owns a field, and the condition says what to set there', async () => {
    const other = { ...theirs.values.global, bucket: { name: 'another.example.com' } };
    await applyWandb(namespace, { version: 'v1', name: 'first' }, { ...theirs, values: { global: other } });
    const message = await untilDelivered('FieldConflict');
    expect(message).toContain('spec.values.global.bucket.name belongs to gitops: there, set ');
    expect(ownFields(await getWandb(namespace, 'v1', 'first'))['bucket']).toMatchObject({
      name: 'another.example.com',
    });
    await applyWandb(namespace, { version: 'v1', name: 'first' }, theirs);
    await untilDelivered('Delivered');
  });

  it('is given back as it was when the delivery is switched off', async () => {
    await deliverTo(undefined);
    await untilDelivered(undefined);
    await until('our fields are gone', async () => {
      const object = await getWandb(namespace, 'v1', 'first');
      return managersOf(object).length === 1;
    });
    expect((await getWandb(namespace, 'v1', 'first')).spec).toEqual(theirs);
  });

  it('belongs to the InstanceStorage that was there first; the other is told of it', async () => {
    await deliverTo('first');
    await untilDelivered('Delivered');
    const second = await newBucket('second');
    await applyStorage(namespace, 'InstanceStorage', 'another', {
      deployment: DEPLOYMENT,
      bucket: minioBucket(sharedServers().minio, second, 'root'),
      delivery: { weightsAndBiases: { name: 'first' } },
    });
    const message = await untilDelivered('TargetClaimed', 'another');
    expect(message).toContain('InstanceStorage wandb configures WeightsAndBiases first already');
    expect(managersOf(await getWandb(namespace, 'v1', 'first'))).toEqual(['byob-operator/wandb', 'gitops']);

    await deleteStorage(namespace, 'InstanceStorage', 'another');
  });

  it(`meets a tool that applies its manifest each second for ${String(WRITER_SECONDS)} s, while it is switched on and off`, async () => {
    const versions = await watchVersions(weightsAndBiases('v1'), namespace, 'first');
    const mark = auditMark(sharedServers().auditLog);
    const began = performance.now();
    const seconds = (): number => (performance.now() - began) / 1000;
    const statuses: number[] = [];
    const writer = (async () => {
      for (let tick = 1; seconds() < WRITER_SECONDS; tick += 1) {
        // Its manifest differs each time, so that each apply is a new version to race with.
        const values = { global: { ...theirs.values.global, tick: String(tick) } };
        const at = { version: 'v1', name: 'first', force: true } as const;
        statuses.push(await applyWandb(namespace, at, { ...theirs, values }));
        await sleep(Math.max(0, tick * 1000 - (performance.now() - began)));
      }
    })();
    let toggles = 0;
    for (; seconds() < WRITER_SECONDS - 2; toggles += 1) {
      const on = toggles % 2 === 1;
      await deliverTo(on ? 'first' : undefined);
      await until(`delivery is ${on ? 'on' : 'off'}`, async () => {
        const managers = managersOf(await getWandb(namespace, 'v1', 'first'));
        return managers.includes('byob-operator/wandb') === on;
      });
      await sleep(700);
    }
    await writer;
    await versions.stop();

    expect(new Set(statuses)).toEqual(new Set([200]));
    const seen = versions.seen.map((object) => ownFields(object as unknown as WandbResource));
    // No field of theirs is ever lost.
    for (const global of seen) expect(global).toMatchObject(theirs.values.global);
    const held = seen.map((global) => 'bucket' in global);
    const flips = held.filter((has, index) => index > 0 && has !== held[index - 1]).length;
    expect(flips).toBe(toggles);
    // All of ours, or nothing.
    const whole = seen.map((global) => VARIABLES.every((name) => name in (global['env'] as object)));
    expect(whole).toEqual(held);
    const writes = writesSince(sharedServers().auditLog, mark, { user: operator.user, namespace });
    const ours = writes.filter(({ resource }) => resource === 'weightsandbiases');
    expect(ours.filter(({ code }) => code === 200)).toHaveLength(toggles);
    // A lost race is tried again, and not in a loop.
    expect(ours.length).toBeLessThanOrEqual(toggles * 3);
  });
});

describe('a WeightsAndBiases of v2', () => {
  const path = (object: WandbResource) => {
    const spec = object.spec as {
      readonly objectStore?: { readonly default?: { readonly externalObjectStore?: unknown } };
      readonly wandb?: {
        readonly legacyOverrides?: { readonly global?: { readonly env?: readonly { name: string }[] } };
      };
    };
    return {
      store: spec.objectStore?.default?.externalObjectStore,
      env: spec.wandb?.legacyOverrides?.global?.env?.map(({ name }) => name),
    };
  };
  const proxy = { name: 'HTTP_PROXY', value: 'http://proxy' };
  const listed = (...env: readonly unknown[]) => ({
    wandb: { hostname: 'https://wandb.example.com', legacyOverrides: { global: { env } } },
  });

  it('takes the object store and the variables by reference', async () => {
    await applyWandb(
      namespace,
      { version: 'v2', name: 'second' },
      { wandb: { hostname: 'https://wandb.example.com' } },
    );
    await deliverTo('second');
    await untilDelivered('Delivered');
    const object = await getWandb(namespace, 'v2', 'second');
    expect(path(object).store).toMatchObject({
      provider: { name: 'wandb-storage', key: 'Provider' },
      endpoint: { name: 'wandb-storage', key: 'Host' },
      accessKey: { name: 'wandb-storage', key: 'AccessKey' },
      bucket: { name: 'wandb-storage', key: 'Bucket' },
    });
    expect(path(object).env).toEqual(VARIABLES);
    // The target before is given up.
    expect(managersOf(await getWandb(namespace, 'v1', 'first'))).toEqual(['gitops']);
  });

  it('is given back when the delivery is switched off', async () => {
    await deliverTo(undefined);
    await until('our fields are gone', async () => managersOf(await getWandb(namespace, 'v2', 'second')).length === 1);
    const object = await getWandb(namespace, 'v2', 'second');
    expect(path(object)).toEqual({ store: undefined, env: undefined });
    expect(object.spec).toMatchObject({ wandb: { hostname: 'https://wandb.example.com' } });
  });

  it('keeps its list of variables where another manager owns it, until what the condition prints is pasted there', async () => {
    await applyWandb(namespace, { version: 'v2', name: 'second' }, listed(proxy));
    await deliverTo('second');
    const message = await untilDelivered('FieldConflict');
    expect(path(await getWandb(namespace, 'v2', 'second'))).toEqual({ store: undefined, env: ['HTTP_PROXY'] });

    const [, pasted = ''] = /belongs to gitops: there, set (\[.*\])\. Or/.exec(message) ?? [];
    const entries = parse(pasted) as readonly unknown[];
    expect(entries).toHaveLength(2);
    await applyWandb(namespace, { version: 'v2', name: 'second' }, listed(proxy, ...entries));
    await untilDelivered('Delivered');
    const object = await getWandb(namespace, 'v2', 'second');
    expect(path(object).env).toEqual(['HTTP_PROXY', ...VARIABLES]);
    expect(path(object).store).toBeDefined();
  });

  it('is left to its owner with what was pasted when the delivery is switched off', async () => {
    await deliverTo(undefined);
    await until('our fields are gone', async () => managersOf(await getWandb(namespace, 'v2', 'second')).length === 1);
    expect(path(await getWandb(namespace, 'v2', 'second'))).toEqual({
      store: undefined,
      env: ['HTTP_PROXY', ...VARIABLES],
    });
  });
});

it('a wrong instance bucket never reaches the server', async () => {
  await applyWandb(namespace, { version: 'v1', name: 'third' }, { values: { global: { host: 'https://third' } } });
  await applySecret(namespace, 'wrong', { ACCESS_KEY: 'nobody', SECRET_KEY: 'knows-this-key' });
  await applyStorage(namespace, 'InstanceStorage', 'wrong', {
    deployment: DEPLOYMENT,
    bucket: minioBucket(sharedServers().minio, bucket, 'wrong'),
    delivery: { weightsAndBiases: { name: 'third' } },
  });
  await untilStorage({ namespace, kind: 'InstanceStorage', name: 'wrong' }, { reason: 'AccessKeyUnknown' });
  await untilDelivered('NothingPublished', 'wrong');
  expect((await getWandb(namespace, 'v1', 'third')).spec).toEqual({ values: { global: { host: 'https://third' } } });
  await deleteStorage(namespace, 'InstanceStorage', 'wrong');
});

it('an InstanceStorage that goes away leaves the server with what is retained', async () => {
  await deliverTo('first');
  await untilDelivered('Delivered');
  const before = await getWandb(namespace, 'v1', 'first');
  await deleteStorage(namespace, 'InstanceStorage', 'wandb');
  await until('it is gone', async () =>
    getStorage(namespace, 'InstanceStorage', 'wandb').then(
      () => false,
      () => true,
    ),
  );
  await operator.restart('SIGKILL');
  await deleteStorage(namespace, 'TeamStorage', 'omega');
  // The last entry has gone, and its variables with it: a pod that asked for them could not start.
  await until('the variables are gone', async () => {
    const { env } = ownFields(await getWandb(namespace, 'v1', 'first'));
    return !VARIABLES.some((name) => name in (env as object));
  });
  expect(ownFields(await getWandb(namespace, 'v1', 'first'))['bucket']).toEqual(ownFields(before)['bucket']);
});
