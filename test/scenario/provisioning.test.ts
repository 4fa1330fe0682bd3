import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findCondition } from '../../src/domain/conditions/conditions.ts';
import { auditMark, writesSince } from '../servers/audit.ts';
import { createDeployment } from '../servers/deployments.ts';
import {
  applySecret,
  applyStorage,
  deleteStorage,
  eventsOf,
  getStorage,
  minioBucket,
  requestValidation,
  rootKey,
  untilStorage,
} from '../servers/objects.ts';
import { startOperator, type OperatorProcess } from '../servers/operator.ts';
import { adminRequest, newBucket, newNamespace, sharedServers } from '../servers/shared.ts';
import { until } from '../servers/until.ts';
import { startWandbStandIn, type WandbStandIn } from '../servers/wandb-server.ts';

const KEY = 'canary-key-of-the-administrator';
const SELECTOR = { matchLabels: { 'app.kubernetes.io/instance': 'wandb' } };
let namespace = '';
let operator: OperatorProcess;
let wandb: WandbStandIn;
let bucket = '';

beforeAll(async () => {
  namespace = await newNamespace('provision');
  bucket = await newBucket('instance');
  wandb = await startWandbStandIn(KEY);
  await applySecret(namespace, 'root', rootKey(sharedServers().minio));
  operator = await startOperator(namespace);
  await configure({});
});

afterAll(async () => {
  await operator.stop();
  await wandb.close();
});

function configure(extra: object, deployment: object = {}): Promise<void> {
  return applyStorage(namespace, 'InstanceStorage', 'wandb', {
    deployment: {
      type: 'SelfManaged',
      cloud: 'OnPremises',
      url: wandb.url,
      apiKeySecretRef: { name: 'wandb-api-key' },
      ...deployment,
    },
    bucket: minioBucket(sharedServers().minio, bucket, 'root'),
    ...extra,
  });
}

async function addTeam(name: string, provision: object | undefined): Promise<string> {
  const teamBucket = await newBucket(name);
  await applyStorage(namespace, 'TeamStorage', name, {
    team: name,
    bucket: minioBucket(sharedServers().minio, teamBucket, 'root'),
    ...(provision !== undefined && { provision }),
  });
  return teamBucket;
}

async function untilProvisioned(name: string, reason: string | undefined): Promise<string> {
  let said = '';
  await until(`Provisioned of ${name} is ${String(reason)}`, async () => {
    const { status } = await untilStorage({ namespace, kind: 'TeamStorage', name }, {});
    const condition = findCondition(status?.conditions ?? [], 'Provisioned');
    said = condition?.message ?? '';
    return condition?.reason === reason;
  }).catch((error: unknown) => {
    throw new Error(`Provisioned of ${name} is not ${String(reason)}: ${said}`, { cause: error });
  });
  return said;
}

async function untilMessage(name: string, words: string): Promise<string> {
  let said = '';
  await until(`Provisioned of ${name} says "${words}"`, async () => {
    const { status } = await getStorage(namespace, 'TeamStorage', name);
    said = findCondition(status?.conditions ?? [], 'Provisioned')?.message ?? '';
    return said.includes(words);
  });
  return said;
}

const posted = (): number => wandb.requests.filter((request) => request === 'POST /scim/Groups').length;

describe('a team of spec.provision, with a stand-in for the W&B server', () => {
  it('waits for the API key, and gates nothing', async () => {
    const omega = await addTeam('omega', { admin: 'ada', members: ['grace@example.com'] });
    expect(await untilProvisioned('omega', 'ApiKeyUnreadable')).toContain('wandb-api-key, which holds');
    await untilStorage({ namespace, kind: 'TeamStorage', name: 'omega' }, { ready: 'True', published: 'True' });
    expect(wandb.requests).toEqual([]);

    await applySecret(namespace, 'wandb-api-key', { WANDB_API_KEY: KEY });
    const message = await untilMessage('omega', 'does not say that its API key is for');
    expect(wandb.requests).toEqual([]);

    // The very command that the message gives.
    const [, annotation = '', url = ''] = /--overwrite (storage\.wandb\.com\/server)=(\S+?)\.?$/.exec(message) ?? [];
    await adminRequest(
      'PATCH',
      `/api/v1/namespaces/${namespace}/secrets/wandb-api-key`,
      { metadata: { annotations: { [annotation]: url } } },
      'application/merge-patch+json',
    );
    await untilProvisioned('omega', 'TeamCreated');
    expect(wandb.teams.get('omega')).toMatchObject({
      members: ['ada', 'grace@example.com'],
      storageBucket: { name: omega, provider: 'MINIO' },
    });
    expect(await eventsOf(namespace, 'omega')).toContain('TeamCreated');
  });

  it('is asked for once: later looks, edits and a restart ask W&B nothing and write nothing', async () => {
    const mark = auditMark(sharedServers().auditLog);
    const asked = wandb.requests.length;
    const before = await getStorage(namespace, 'TeamStorage', 'omega');
    await operator.restart('SIGKILL');
    const token = await requestValidation(namespace, 'TeamStorage', 'omega');
    await until('omega is looked at', async () => {
      const { status } = await getStorage(namespace, 'TeamStorage', 'omega');
      return status?.lastHandledReconcileAt === token;
    });
    await untilProvisioned('omega', 'TeamCreated');
    expect(wandb.requests.length).toBe(asked);
    const after = await getStorage(namespace, 'TeamStorage', 'omega');
    expect(findCondition(after.status?.conditions ?? [], 'Provisioned')).toEqual(
      findCondition(before.status?.conditions ?? [], 'Provisioned'),
    );
    // The validation that was asked for, and nothing else.
    const writes = writesSince(sharedServers().auditLog, mark, { user: operator.user, namespace });
    expect(writes.filter(({ resource }) => resource === 'teamstorages/status')).toHaveLength(1);
  });

  it('that W&B has on another bucket is a conflict, and stays as it is', async () => {
    wandb.teams.set('kappa', { id: 'team-k', members: ['eve'], storageBucket: { name: 'elsewhere', provider: 'AWS' } });
    await addTeam('kappa', {});
    expect(await untilProvisioned('kappa', 'TeamConflict')).toContain('Team kappa exists in W&B on AWS elsewhere');
    expect(wandb.teams.get('kappa')?.members).toEqual(['eve']);
    await untilStorage({ namespace, kind: 'TeamStorage', name: 'kappa' }, { ready: 'True' });
  });

  it('is not touched when its TeamStorage goes away', async () => {
    await deleteStorage(namespace, 'TeamStorage', 'omega');
    await addTeam('sigma', undefined);
    await untilStorage({ namespace, kind: 'TeamStorage', name: 'sigma' }, { ready: 'True' });
    await untilProvisioned('sigma', undefined);
    expect([...wandb.teams.keys()]).toEqual(['omega', 'kappa']);
  });

  it('waits until the restarted server runs with its entry', async () => {
    await createDeployment(namespace, 'api', undefined, { replicas: 1, progressDeadlineSeconds: 600 });
    await configure({ delivery: { restart: { mode: 'Automatic', minInterval: '1s', selector: SELECTOR } } });
    await until('the Deployment is known', async () => {
      const { status } = (await getStorage(namespace, 'InstanceStorage', 'wandb')) as {
        readonly status?: { readonly rollout?: { readonly workloads?: readonly unknown[] } };
      };
      return (status?.rollout?.workloads ?? []).length === 1;
    });
    await addTeam('theta', {});
    await untilProvisioned('theta', 'WaitingForRollout');
    const before = posted();
    // Without pods it is complete at once.
    await createDeployment(namespace, 'api', undefined, { replicas: 0, progressDeadlineSeconds: 600 });
    await untilProvisioned('theta', 'TeamCreated');
    expect(posted()).toBe(before + 1);
  });
});

it('the API key is in no log, status or event', async () => {
  const events = await Promise.all(['omega', 'kappa', 'theta', 'wandb'].map((name) => eventsOf(namespace, name)));
  const objects = await Promise.all(['kappa', 'theta'].map((name) => getStorage(namespace, 'TeamStorage', name)));
  const text = operator.rawLog() + JSON.stringify([events, objects]);
  expect(text).not.toContain(KEY);
  expect(text).not.toContain(Buffer.from(`:${KEY}`).toString('base64'));
});
