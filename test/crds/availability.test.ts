import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createKubeConnection, type KubeConnection } from '../../src/kube/connection.ts';
import { loadKubeConfig } from '../../src/kube/kube-config.ts';
import { startControlPlane, type ControlPlane } from '../servers/control-plane.ts';
import { until } from '../servers/until.ts';
import { OFFERS, type Offer } from '../support/fakes/availability-table.ts';
import { requestJson } from '../kube/cluster.ts';
import { installCrds } from '../servers/install-crds.ts';

const API = 'storage.wandb.com/v1alpha1';
const PATH = `/apis/${API}/namespaces/default`;

let plane: ControlPlane;
let connection: KubeConnection;

beforeAll(async () => {
  plane = await startControlPlane();
  connection = createKubeConnection(loadKubeConfig({ file: plane.kubeconfig }));
  await installCrds(plane);
  for (const name of new Set(OFFERS.map(deploymentName))) await create('InstanceStorage', name, instanceSpec(name));
  // The same spec as it was before the policy came: a new version of a matrix finds such objects.
  await create('TeamStorage', 'older', teamSpec('older', 'CoreWeave', deploymentName(SELF_2024)));
  await plane.kubectl(['apply', '-f', 'config/admission/availability.yaml']);
  await until('the policies are in force', async () => {
    const refused = await tryCreate({ ...SELF_2024, level: 'team', provider: 'CoreWeave' });
    const other = await tryCreate({ ...SELF_2024, level: 'instance', provider: 'CoreWeave' });
    return refused.status === 403 && other.status === 403;
  });
});

afterAll(async () => {
  await connection.close();
  await plane.stop();
});

const SELF_2024 = { matrix: 'byob-2024', type: 'SelfManaged', cloud: 'AWS' } as const;
type Deployment = Pick<Offer, 'matrix' | 'type' | 'cloud'>;

/** One InstanceStorage for each deployment, all in one namespace: each team has its own for a parameter, among thirty. */
function deploymentName({ matrix, type, cloud }: Deployment): string {
  return `${matrix}.${type}.${cloud}`.toLowerCase();
}

function instanceSpec(name: string): unknown {
  const deployment = OFFERS.find((offer) => deploymentName(offer) === name);
  if (deployment === undefined) throw new Error(name);
  const { matrix: availability, type, cloud } = deployment;
  // A self-managed deployment needs a bucket; this one is offered by both matrices.
  const bucket = type === 'SelfManaged' ? { bucket: bucketOf('S3') } : {};
  return { deployment: { availability, type, cloud }, ...bucket };
}

function bucketOf(provider: Offer['provider']): unknown {
  switch (provider) {
    case 'S3':
      return { provider, name: 'acme', s3: { region: 'eu-central-1' } };
    case 'S3Compatible':
      return {
        provider,
        name: 'acme',
        s3Compatible: { endpoint: 'https://store.example', region: 'us-east-1', credentials: key },
      };
    case 'GCS':
      return { provider, name: 'acme' };
    case 'AzureBlob':
      return { provider, name: 'acme', azureBlob: { storageAccount: 'acmewandb' } };
    case 'CoreWeave':
      return { provider, name: 'acme' };
  }
}

const key = { accessKey: { secretRef: { name: 'key' } } };

function teamSpec(team: string, provider: Offer['provider'], instance: string) {
  return { team, instanceRef: { name: instance }, bucket: bucketOf(provider) };
}

async function create(kind: 'InstanceStorage' | 'TeamStorage', name: string, spec: unknown, dryRun = false) {
  const path = `${PATH}/${kind.toLowerCase()}s${dryRun ? '?dryRun=All' : ''}`;
  const answer = await requestJson(connection, 'POST', path, { apiVersion: API, kind, metadata: { name }, spec });
  const { message = '' } = answer.body as { readonly message?: string };
  if (!dryRun && answer.status !== 201) throw new Error(`${kind} ${name}: ${message}`);
  return { status: answer.status, message };
}

function tryCreate({ level, provider, ...deployment }: Omit<Offer, 'offered'>) {
  if (level === 'team') {
    return create('TeamStorage', 'trial', teamSpec('trial', provider, deploymentName(deployment)), true);
  }
  const { matrix: availability, type, cloud } = deployment;
  const spec = { deployment: { availability, type, cloud }, bucket: bucketOf(provider) };
  return create('InstanceStorage', 'trial', spec, true);
}

async function patch(path: string, body: unknown) {
  const answer = await requestJson(connection, 'PATCH', `${PATH}/${path}`, body);
  return { status: answer.status };
}

describe('the availability policy on a real API server', () => {
  it.each(OFFERS)('$matrix, $type on $cloud, $level level, $provider: $offered', async (offer) => {
    const { status, message } = await tryCreate(offer);
    expect({ status, message }).toMatchObject({ status: offer.offered ? 201 : 403 });
    if (offer.offered) return;
    expect(message).toContain(
      `W&B does not offer ${offer.provider} at ${offer.level} level for ${offer.type} on ${offer.cloud}`,
    );
    expect(message).toContain(`by ${offer.matrix}; it offers `);
  });

  it('lets an object that it would refuse get labels, finalizers and another Secret, and go', async () => {
    const at = 'teamstorages/older';
    expect(await patch(at, { metadata: { labels: { team: 'older' } } })).toMatchObject({ status: 200 });
    expect(await patch(at, { metadata: { finalizers: ['example.com/hold'] } })).toMatchObject({ status: 200 });
    const credentials = { accessKey: { secretRef: { name: 'rotated' } } };
    expect(await patch(at, { spec: { bucket: { coreWeave: { credentials } } } })).toMatchObject({ status: 200 });
    expect(await patch(at, { spec: { suspend: true } })).toMatchObject({ status: 200 });
    await requestJson(connection, 'DELETE', `${PATH}/${at}`);
    expect(await patch(at, { metadata: { finalizers: null } })).toMatchObject({ status: 200 });
    expect((await requestJson(connection, 'GET', `${PATH}/${at}`)).status).toBe(404);
  });

  it('refuses the step to a provider or an instance that does not offer it', async () => {
    const good = teamSpec('moving', 'S3', deploymentName(SELF_2024));
    await create('TeamStorage', 'moving', good);
    const coreWeave = { provider: 'CoreWeave', name: 'acme', s3: null };
    expect(await patch('teamstorages/moving', { spec: { bucket: coreWeave } })).toMatchObject({ status: 403 });
    const azure = deploymentName({ matrix: 'byob-2024', type: 'SaaSCloud', cloud: 'Azure' });
    expect(await patch('teamstorages/moving', { spec: { instanceRef: { name: azure } } })).toMatchObject({
      status: 403,
    });
  });

  it('holds for a team that names no instance, by the only one of its namespace', async () => {
    const path = '/apis/storage.wandb.com/v1alpha1/namespaces/kube-public';
    const post = (kind: string, name: string, spec: unknown) =>
      requestJson(connection, 'POST', `${path}/${kind.toLowerCase()}s`, {
        apiVersion: API,
        kind,
        metadata: { name },
        spec,
      });
    // Nothing is there to judge by yet: the operator does it once there is.
    const early = { team: 'early', bucket: bucketOf('CoreWeave') };
    expect((await post('TeamStorage', 'early', early)).status).toBe(201);
    const deployment = { type: 'SaaSCloud', cloud: 'AWS' };
    expect((await post('InstanceStorage', 'wandb', { deployment })).status).toBe(201);
    await until('the parameter is known', async () => {
      return (await post('TeamStorage', 'late', { team: 'late', bucket: bucketOf('AzureBlob') })).status === 403;
    });
    expect((await post('TeamStorage', 'good', { team: 'good', bucket: bucketOf('GCS') })).status).toBe(201);
  });
});
