import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { auditMark, requestsSince, type AuditMark } from '../../servers/audit.ts';
import { startControlPlane, type ControlPlane } from '../../servers/control-plane.ts';
import { createDeployment, restartedFor } from '../../servers/deployments.ts';
import { publishedBuckets } from '../../servers/file-stores.ts';
import { startNodes } from '../../servers/nodes.ts';
import {
  applySecret,
  applyStorage,
  deleteStorage,
  getStorage,
  minioBucket,
  readSecret,
  rootKey,
  untilStorage,
} from '../../servers/objects.ts';
import { freePorts, startProcess, temporaryFolder, untilReady, type ServerProcess } from '../../servers/process.ts';
import { adminRequest, newBucket, sharedServers, useOwnBeds } from '../../servers/shared.ts';
import { until } from '../../servers/until.ts';
import { applyWandb, getWandb, installWeightsAndBiases, managersOf } from '../../servers/weights-and-biases.ts';
import { run, type Ended } from '../../charts/render.ts';

const NAMESPACE = 'wandb';
const USER = `system:serviceaccount:${NAMESPACE}:byob-operator`;
const SELECTOR = { matchLabels: { 'app.kubernetes.io/instance': 'wandb' } };
/** Everything that the chart can permit. */
const VALUES = {
  rbac: { delivery: true, rollout: true, tokenRequest: ['wandb-app'] },
  // Where nobody listens: what matters is that the operator asks for the token.
  operator: {
    allowedEndpoints: ['127.0.0.0/8'],
    endpoints: { aws: 'http://127.0.0.1:9', awsSts: 'http://127.0.0.1:9' },
    logLevel: 'debug',
  },
};

let plane: ControlPlane;
let nodes: Awaited<ReturnType<typeof startNodes>>;
let folder = '';
let operator: ServerProcess | undefined;
let mark: AuditMark;
let omega = '';

beforeAll(async () => {
  plane = await startControlPlane();
  const { serverUrl, folder: pki, kubeconfig, auditLog } = plane;
  useOwnBeds({ serverUrl, folder: pki, kubeconfig, auditLog });
  nodes = await startNodes(plane, ['one', 'two']);
  folder = temporaryFolder('byob-e2e-');
});

afterAll(async () => {
  await operator?.stop();
  await nodes.stop();
  await plane.stop();
});

function helm(args: readonly string[], values: unknown = VALUES): Promise<Ended> {
  const input = args[0] === 'install' || args[0] === 'upgrade' ? ['--values', '-'] : [];
  return run('helm', [`--kubeconfig=${plane.kubeconfig}`, ...args, '-n', NAMESPACE, ...input], stringify(values));
}

/** What the Deployment that Helm made would start: its arguments, its environment, the token of its ServiceAccount. */
async function startAsDeployed(): Promise<ServerProcess> {
  const { body } = await adminRequest('GET', `/apis/apps/v1/namespaces/${NAMESPACE}/deployments/byob-operator`);
  const { template } = body['spec'] as { readonly template: { readonly spec: PodSpec } };
  const [container] = template.spec.containers;
  const environment = (container?.env ?? []).flatMap(({ name, value, valueFrom }): readonly [string, string][] =>
    valueFrom?.fieldRef?.fieldPath === 'metadata.namespace'
      ? [[name, NAMESPACE]]
      : value === undefined
        ? []
        : [[name, value]],
  );
  const kubeconfig = await plane.kubeconfigFor({ namespace: NAMESPACE, name: template.spec.serviceAccountName });
  const [health = 0, metrics = 0] = await freePorts(2);
  const logFile = join(folder, `operator-${String(health)}.log`);
  const server = startProcess({
    name: 'byob operator as deployed',
    command: process.execPath,
    args: [
      sharedServers().bundle,
      ...(container?.args ?? []),
      // A pod has these from its surroundings: its own token, and ports of its own.
      `--kubeconfig=${kubeconfig}`,
      `--health-address=127.0.0.1:${String(health)}`,
      `--metrics-address=127.0.0.1:${String(metrics)}`,
    ],
    env: { PATH: process.env['PATH'], ...Object.fromEntries(environment) },
    logFile,
  });
  await untilReady(server, logFile, async () => (await fetch(`http://127.0.0.1:${String(health)}/readyz`)).ok);
  return server;
}

interface PodSpec {
  readonly serviceAccountName: string;
  readonly containers: readonly {
    readonly args?: readonly string[];
    readonly env?: readonly {
      readonly name: string;
      readonly value?: string;
      readonly valueFrom?: { readonly fieldRef?: { readonly fieldPath: string } };
    }[];
  }[];
}

const instance = { namespace: NAMESPACE, kind: 'InstanceStorage', name: 'wandb' } as const;
const team = (name: string) => ({ namespace: NAMESPACE, kind: 'TeamStorage', name }) as const;

describe('the chart end to end (real Helm, API server and stores; kwok in place of kubelets, the operator as a process)', () => {
  it('an earlier version is installed, and its operator runs with what the chart gives it', async () => {
    const packaged = await helm(['package', 'charts/byob-operator', '--version', '0.0.9', '-d', folder]);
    expect(packaged).toMatchObject({ code: 0 });
    await plane.kubectl(['create', 'namespace', NAMESPACE]);
    mark = auditMark(plane.auditLog);
    const archive = join(folder, 'byob-operator-0.0.9.tgz');
    expect(await helm(['install', 'byob-operator', archive, '--wait'])).toMatchObject({ code: 0, stderr: '' });
    operator = await startAsDeployed();
  });

  it('a release of storages is done when helm install --wait returns: each bucket proven and published', async () => {
    await installWeightsAndBiases();
    await applyWandb(NAMESPACE, { version: 'v1', name: 'wandb' }, { values: { global: { host: 'https://wandb' } } });
    await createDeployment(NAMESPACE, 'api');
    await applySecret(NAMESPACE, 'root', rootKey(sharedServers().minio));
    omega = await newBucket('omega');
    const values = {
      instances: {
        wandb: {
          deployment: { type: 'SelfManaged', cloud: 'OnPremises', url: 'https://wandb.example.com' },
          bucket: minioBucket(sharedServers().minio, await newBucket('instance'), 'root'),
          delivery: {
            weightsAndBiases: { name: 'wandb' },
            restart: { mode: 'Automatic', minInterval: '1s', selector: SELECTOR },
          },
        },
      },
      teams: { omega: { bucket: minioBucket(sharedServers().minio, omega, 'root') }, kappa: {} },
    };
    const installed = await helm(['install', 'storages', 'charts/byob-storages', '--wait', '--timeout=60s'], values);
    expect(installed).toMatchObject({ code: 0, stderr: '' });
    expect(await publishedBuckets(NAMESPACE)).toEqual([omega]);
    await untilStorage(instance, { ready: 'True' });
    await until('the server is told and restarted', async () => {
      const { status } = await getStorage(NAMESPACE, 'InstanceStorage', 'wandb');
      const rolled = status?.conditions?.some(({ type, reason }) => type === 'RolledOut' && reason === 'RolledOut');
      return rolled === true && managersOf(await getWandb(NAMESPACE, 'v1', 'wandb')).includes('byob-operator/wandb');
    });
    expect(await restartedFor(NAMESPACE, 'api')).toBeDefined();
  });

  it('an upgrade and a rollback leave storages and published config as they are', async () => {
    const before = await readSecret(NAMESPACE, 'wandb-storage');
    const team0 = await getStorage(NAMESPACE, 'TeamStorage', 'omega');

    expect(await helm(['upgrade', 'byob-operator', 'charts/byob-operator', '--wait'])).toMatchObject({ code: 0 });
    await operator?.stop();
    operator = await startAsDeployed();
    await untilStorage(team('omega'), { ready: 'True', published: 'True' });
    expect(await helm(['rollback', 'byob-operator', '1', '--wait'])).toMatchObject({ code: 0 });
    await operator.stop();
    operator = await startAsDeployed();
    await untilStorage(team('omega'), { ready: 'True', published: 'True' });
    expect(await helm(['upgrade', 'byob-operator', 'charts/byob-operator', '--wait'])).toMatchObject({ code: 0 });

    expect(await readSecret(NAMESPACE, 'wandb-storage')).toEqual(before);
    const after = await getStorage(NAMESPACE, 'TeamStorage', 'omega');
    expect([after.metadata.uid, after.metadata.generation, after.status]).toEqual([
      team0.metadata.uid,
      team0.metadata.generation,
      team0.status,
    ]);
  });

  it('what is left to ask for is asked for: a CA, a ServiceAccount, a token', async () => {
    const path = `/api/v1/namespaces/${NAMESPACE}`;
    const metadata = { name: 'wandb-app', labels: { 'storage.wandb.com/allow': 'true' } };
    await adminRequest('POST', `${path}/serviceaccounts`, { metadata });
    await applyStorage(NAMESPACE, 'TeamStorage', 'by-identity', {
      team: 'by-identity',
      bucket: {
        provider: 'S3',
        name: 'acme-wandb',
        s3: {
          region: 'eu-central-1',
          credentials: {
            webIdentity: { serviceAccountRef: { name: 'wandb-app' }, roleArn: 'arn:aws:iam::123456789012:role/wandb' },
          },
        },
      },
    });
    await untilStorage(team('by-identity'), { ready: 'False', reason: 'ConnectionRefused' });
    const ca = readFileSync(join(plane.folder, 'ca.crt'), 'utf8');
    await adminRequest('POST', `${path}/configmaps`, { metadata: { name: 'ca' }, data: { 'ca.crt': ca } });
    const bucket = minioBucket(sharedServers().minio, await newBucket('with-ca'), 'root');
    const caBundle = { configMapKeyRef: { name: 'ca', key: 'ca.crt' } };
    await applyStorage(NAMESPACE, 'TeamStorage', 'with-ca', {
      team: 'with-ca',
      bucket: { ...bucket, s3Compatible: { ...bucket.s3Compatible, caBundle } },
    });
    await untilStorage(team('with-ca'), { ready: 'True', published: 'True' });
  });

  it('before anything leaves, its object is asked for: a team that was deleted, an instance bucket that moved', async () => {
    const gone = await newBucket('gone');
    const bucket = minioBucket(sharedServers().minio, gone, 'root');
    await applyStorage(NAMESPACE, 'TeamStorage', 'gone', { team: 'gone', bucket, deletionPolicy: 'Remove' });
    await untilStorage(team('gone'), { ready: 'True', published: 'True' });
    await deleteStorage(NAMESPACE, 'TeamStorage', 'gone');
    await until('its entry has left', async () => !(await publishedBuckets(NAMESPACE)).includes(gone), 60);

    const other = await newBucket('other');
    const { spec } = await getStorage(NAMESPACE, 'InstanceStorage', 'wandb');
    await applyStorage(NAMESPACE, 'InstanceStorage', 'wandb', {
      ...spec,
      bucketChangePolicy: 'Allow',
      bucket: minioBucket(sharedServers().minio, other, 'root'),
    });
    await until('it has moved', async () => (await readSecret(NAMESPACE, 'wandb-storage'))?.['Bucket'] === other);
    await until('the old place has left the listing', async () => {
      const { body } = await adminRequest('GET', `/api/v1/namespaces/${NAMESPACE}/configmaps/wandb-storage`);
      const listing = (body['data'] as Readonly<Record<string, string>>)['stores.yaml'] ?? '';
      return listing.split('claim: InstanceStorage/').length === 2;
    });
  });
});

describe('the permissions of the operator', () => {
  const granted = async (): Promise<readonly Permission[]> => {
    const { body } = await adminRequest('GET', `/apis/rbac.authorization.k8s.io/v1/namespaces/${NAMESPACE}/roles`);
    const roles = body['items'] as readonly Role[];
    return roles.filter(({ metadata }) => metadata.name.startsWith('byob-operator')).flatMap(permissionsOf);
  };

  it('are those that it uses, and it uses each of them', async () => {
    const { asked, refused } = requestsSince(plane.auditLog, mark, USER);
    expect(refused).toEqual([]);
    const kinds = [...new Set((await granted()).map(({ text }) => text))].sort();
    expect(asked.filter((kind) => !kind.startsWith('create authentication'))).toEqual(kinds);
  });

  it('go one by one: what is taken out of its Role is refused, and nothing else', async () => {
    const all = await granted();
    for (const permission of all) {
      await withoutPermission(permission, async () => {
        await until(`${permission.text} is refused`, async () => !(await isAllowed(permission)));
        const others = all.filter(({ text }) => text !== permission.text);
        const kept = await Promise.all(others.map(async (other) => [other.text, await isAllowed(other)]));
        expect(kept.filter(([, allowed]) => allowed !== true)).toEqual([]);
      });
      await until(`${permission.text} is back`, () => isAllowed(permission));
    }
  });

  it.each([
    ['patch', 'weightsandbiases', 'DeliveryForbidden', 'rbac.delivery'],
    ['list', 'deployments', 'RestartForbidden', 'rbac.rollout'],
  ])('lacking %s on %s are told with the rule and the value that grant it', async (verb, resource, reason, value) => {
    const permission = (await granted()).find(
      ({ text }) => text.startsWith(`${verb} `) && text.endsWith(`/${resource}`),
    );
    if (permission === undefined) throw new Error(`${verb} ${resource} is not granted`);
    await withoutPermission(permission, async () => {
      // Something to deliver, and to restart for.
      const gone = resource === 'weightsandbiases' ? { values: { global: { bucket: { name: 'x' } } } } : undefined;
      if (gone !== undefined) await applyWandb(NAMESPACE, { version: 'v1', name: 'wandb' }, gone);
      await applyWandb(NAMESPACE, { version: 'v1', name: 'wandb' }, { values: { global: { host: 'https://wandb' } } });
      await until(`${reason} is told`, async () => {
        await adminRequest(
          'PATCH',
          `/apis/storage.wandb.com/v1alpha1/namespaces/${NAMESPACE}/instancestorages/wandb`,
          { metadata: { annotations: { 'storage.wandb.com/reconcile-requested-at': String(Date.now()) } } },
          'application/merge-patch+json',
        );
        const { status } = await getStorage(NAMESPACE, 'InstanceStorage', 'wandb');
        const condition = status?.conditions?.find((one) => one.reason === reason);
        return condition?.message.includes(value) === true && condition.message.includes(`resources: [${resource}]`);
      });
    });
  });
});

it('uninstalling keeps storages and everything that the server needs', async () => {
  const secret = await readSecret(NAMESPACE, 'wandb-storage');
  await operator?.stop();
  expect(await helm(['uninstall', 'byob-operator', '--wait'])).toMatchObject({ code: 0 });
  expect((await getStorage(NAMESPACE, 'TeamStorage', 'omega')).status?.conditions).toBeDefined();
  expect(await readSecret(NAMESPACE, 'wandb-storage')).toEqual(secret);
  expect(await plane.kubectl(['get', 'configmap', 'wandb-storage', '-n', NAMESPACE, '-o', 'name'])).toContain(
    'wandb-storage',
  );
});

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

interface Role {
  readonly metadata: { readonly name: string };
  readonly rules: readonly Rule[];
}

interface Permission {
  readonly role: string;
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly name?: string;
  /** As the audit log's requests are named. */
  readonly text: string;
}

function permissionsOf({ metadata, rules }: Role): readonly Permission[] {
  return rules.flatMap(({ apiGroups, resources, verbs, resourceNames = [] }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) =>
        verbs.map((verb) => ({
          role: metadata.name,
          verb,
          group,
          resource,
          ...(resourceNames[0] !== undefined && { name: resourceNames[0] }),
          text: `${verb} ${group}/${resource}`,
        })),
      ),
    ),
  );
}

/** Takes one verb on one resource out of the Role for as long as `then` runs. */
async function withoutPermission(permission: Permission, then: () => Promise<void>): Promise<void> {
  const path = `/apis/rbac.authorization.k8s.io/v1/namespaces/${NAMESPACE}/roles/${permission.role}`;
  const { body } = await adminRequest('GET', path);
  const { rules } = body as unknown as Role;
  const rest = rules.flatMap((rule): readonly Rule[] => {
    if (!rule.resources.includes(permission.resource) || !rule.verbs.includes(permission.verb)) return [rule];
    const others = rule.resources.filter((resource) => resource !== permission.resource);
    const verbs = rule.verbs.filter((verb) => verb !== permission.verb);
    return [
      ...(others.length > 0 ? [{ ...rule, resources: others }] : []),
      ...(verbs.length > 0 ? [{ ...rule, resources: [permission.resource], verbs }] : []),
    ];
  });
  await adminRequest('PATCH', path, { rules: rest }, 'application/merge-patch+json');
  try {
    await then();
  } finally {
    await adminRequest('PATCH', path, { rules }, 'application/merge-patch+json');
  }
}

async function isAllowed({ verb, group, resource: full, name }: Permission): Promise<boolean> {
  const [resource = '', subresource] = full.split('/');
  const resourceAttributes = {
    namespace: NAMESPACE,
    verb,
    group,
    resource,
    ...(subresource !== undefined && { subresource }),
    ...(name !== undefined && { name }),
  };
  const { body } = await adminRequest('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: { user: USER, groups: ['system:serviceaccounts', 'system:authenticated'], resourceAttributes },
  });
  return (body['status'] as { readonly allowed: boolean }).allowed;
}
