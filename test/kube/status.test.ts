import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import { TEAM_STORAGES, type TeamStorage } from '../../src/api/resources.ts';
import { createStatusWriter } from '../../src/controllers/storage/status-writer.ts';
import { findCondition, type Condition } from '../../src/domain/conditions/conditions.ts';
import { createKubeClient } from '../../src/kube/client.ts';
import { createKubeConnection, type KubeConnection } from '../../src/kube/connection.ts';
import { loadKubeConfig } from '../../src/kube/kube-config.ts';
import type { KubeClient } from '../../src/ports/kube.ts';
import { startControlPlane, type ControlPlane } from '../servers/control-plane.ts';
import { createFakeLog } from '../support/fakes/log.ts';
import { installCrds } from '../servers/install-crds.ts';

const NAMESPACE = 'default';
let plane: ControlPlane;
let connection: KubeConnection;
let kube: KubeClient;

/** The CRD as an older release may have had it: without `status.region`, and with less room for `status.bucket`. */
function olderCrd(): string {
  const crd = parse(readFileSync('crds/storage.wandb.com_teamstorages.yaml', 'utf8')) as {
    spec: {
      versions: { schema: { openAPIV3Schema: { properties: { status: { properties: Record<string, unknown> } } } } }[];
    };
  };
  for (const { schema } of crd.spec.versions) {
    const { properties } = schema.openAPIV3Schema.properties.status;
    delete properties['region'];
    properties['bucket'] = { type: 'string', maxLength: 5 };
  }
  return stringify(crd);
}

beforeAll(async () => {
  plane = await startControlPlane();
  await installCrds(plane, olderCrd());
  connection = createKubeConnection(loadKubeConfig({ file: plane.kubeconfig }));
  kube = createKubeClient(connection);
}, 60_000);

afterAll(async () => {
  await connection.close();
  await plane.stop();
});

const ready: Condition = {
  type: 'Ready',
  status: 'True',
  reason: 'Valid',
  message: 'good',
  observedGeneration: 1,
  lastTransitionTime: '2026-01-01T00:00:00Z',
};

async function create(name: string): Promise<TeamStorage> {
  const made = await kube.create(TEAM_STORAGES, {
    apiVersion: 'storage.wandb.com/v1alpha1',
    kind: 'TeamStorage',
    metadata: { name, namespace: NAMESPACE },
    spec: { team: name },
  });
  if (!made.ok) throw new Error(made.error.message);
  return made.value;
}

async function stored(name: string): Promise<TeamStorage> {
  const found = await kube.get(TEAM_STORAGES, { namespace: NAMESPACE, name });
  if (!found.ok) throw new Error(found.error.message);
  return found.value;
}

/** With a cache that shows what was looked at, and no more. */
const writerOf = (object: TeamStorage) =>
  createStatusWriter<TeamStorage>({
    kube,
    type: TEAM_STORAGES,
    cache: { get: () => object },
    events: { record: () => undefined },
    log: createFakeLog(),
  });

it('a real API server never takes a status for the successor of the object that it was found for', async () => {
  const first = await create('twice');
  await kube.delete(TEAM_STORAGES, { namespace: NAMESPACE, name: 'twice' });
  const second = await create('twice');
  const boundBucket = { provider: 'S3', name: 'old' };
  const written = await writerOf(first).write(first, { observedGeneration: 1, conditions: [ready], boundBucket });
  expect(written).toMatchObject({ ok: false, error: { kind: 'Moved' } });
  expect((await stored('twice')).status).toEqual(second.status);
});

it.each([
  ['region', { region: 'eu-central-1' }],
  ['bucket', { bucket: 'longer' }],
])('a real API server whose CRD is older gets the generation acknowledged, and %s is named', async (field, extra) => {
  const object = await create(`older-${field}`);
  const written = await writerOf(object).write(object, { observedGeneration: 1, conditions: [ready], ...extra });
  expect(written).toMatchObject({ ok: true });
  const { status } = await stored(`older-${field}`);
  expect(status?.observedGeneration).toBe(1);
  expect(findCondition(status?.conditions ?? [], 'Ready')).toMatchObject({
    status: 'Unknown',
    reason: 'StatusRefused',
  });
  expect(findCondition(status?.conditions ?? [], 'Ready')?.message).toContain(`status.${field}`);
});
