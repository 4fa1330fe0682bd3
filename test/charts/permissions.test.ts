import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { adminRequest, newNamespace } from '../servers/shared.ts';
import { until } from '../servers/until.ts';
import { rendered, type Manifest, type Values } from './render.ts';

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

const CORE = [
  'instancestorages.storage.wandb.com: get list watch',
  'teamstorages.storage.wandb.com: get list watch',
  'instancestorages/status.storage.wandb.com: patch',
  'teamstorages/status.storage.wandb.com: patch',
  'secrets: get list watch create update patch',
  'configmaps: get list watch create patch',
  'events.events.k8s.io: create',
];
const LEASE = ['leases.coordination.k8s.io: create', 'leases.coordination.k8s.io [byob-operator]: get update'];
const DELIVERY = ['weightsandbiases.apps.wandb.com: list patch'];
const ROLLOUT = ['deployments.apps: list patch'];
const TOKENS = ['serviceaccounts/token [wandb-app]: create', 'serviceaccounts [wandb-app]: get'];

const RBAC = '/apis/rbac.authorization.k8s.io/v1';

interface Row {
  readonly name: string;
  readonly values: Values;
  /** What the operator's ServiceAccount may do, by namespace; `*` is everywhere. */
  readonly grants: Readonly<Record<string, readonly string[]>>;
}

const ROWS: readonly Row[] = [
  { name: 'by default: its own namespace', values: {}, grants: { wandb: [...CORE, ...LEASE] } },
  {
    name: 'with delivery',
    values: { rbac: { delivery: true } },
    grants: { wandb: [...CORE, ...LEASE, ...DELIVERY] },
  },
  { name: 'with rollout', values: { rbac: { rollout: true } }, grants: { wandb: [...CORE, ...LEASE, ...ROLLOUT] } },
  {
    name: 'with tokens of one ServiceAccount',
    values: { rbac: { tokenRequest: ['wandb-app'] } },
    grants: { wandb: [...CORE, ...LEASE, ...TOKENS] },
  },
  {
    name: 'in the namespaces that it watches, and only its Lease in its own',
    values: { watch: { namespaces: ['one', 'two'] }, rbac: { rollout: true } },
    grants: { one: [...CORE, ...ROLLOUT], two: [...CORE, ...ROLLOUT], wandb: LEASE },
  },
  {
    name: 'everywhere, and only its Lease in its own',
    values: { watch: { allNamespaces: true }, rbac: { delivery: true, rollout: true, tokenRequest: ['wandb-app'] } },
    grants: { '*': [...CORE, ...DELIVERY, ...ROLLOUT, ...TOKENS], wandb: LEASE },
  },
];

describe('what the operator may do (real Helm)', () => {
  it.each(ROWS)('$name', async ({ values, grants }) => {
    const found = grantsOf(await rendered('byob-operator', values), 'ServiceAccount wandb/byob-operator');

    const inOrder = (of: Readonly<Record<string, readonly string[]>>): unknown =>
      Object.fromEntries(Object.entries(of).map(([where, rules]) => [where, rules.toSorted()]));
    expect(inOrder(found)).toEqual(inOrder(grants));
  });

  it('is granted to the ServiceAccount that was given, and to nobody else', async () => {
    const manifests = await rendered('byob-operator', { serviceAccount: { create: false, name: 'given' } });

    expect(Object.keys(grantsOf(manifests, 'ServiceAccount wandb/given'))).toEqual(['wandb']);
    const subjects = manifests.filter(({ kind }) => kind.endsWith('Binding') && !kind.startsWith('Validating'));
    expect(new Set(subjects.map((binding) => JSON.stringify(binding['subjects'])))).toEqual(
      new Set(['[{"kind":"ServiceAccount","name":"given","namespace":"wandb"}]']),
    );
  });
});

describe('what people may do (real Helm)', () => {
  it('is to view storages with the role view, and to change them only where that is bound on purpose', async () => {
    const roles = (await rendered('byob-operator', {})).filter(({ kind }) => kind === 'ClusterRole');

    const said = roles.map((role) => ({
      name: role.metadata.name,
      aggregated: Object.keys(role.metadata.labels ?? {}).filter((label) => label.includes('aggregate-to-')),
      rules: rulesOf(role),
    }));
    expect(said).toEqual([
      {
        name: 'wandb-storage-admin',
        aggregated: [],
        rules: ['instancestorages', 'teamstorages'].map(
          (kind) => `${kind}.storage.wandb.com: get list watch create update patch delete`,
        ),
      },
      {
        name: 'wandb-storage-viewer',
        aggregated: ['rbac.authorization.k8s.io/aggregate-to-view'],
        rules: ['instancestorages', 'teamstorages'].map((kind) => `${kind}.storage.wandb.com: get list watch`),
      },
    ]);
  });
});

describe('people on the real API server', () => {
  const may = async (user: string, verb: string): Promise<boolean> => {
    const { body } = await adminRequest('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      spec: { user, resourceAttributes: { namespace, verb, group: 'storage.wandb.com', resource: 'teamstorages' } },
    });
    return (body['status'] as { readonly allowed: boolean }).allowed;
  };
  let namespace: string;
  let roles: readonly Manifest[];

  beforeAll(async () => {
    namespace = await newNamespace('people');
    roles = (await rendered('byob-operator', {}, { namespace })).filter(({ kind }) => kind === 'ClusterRole');
    for (const role of roles) await adminRequest('POST', `${RBAC}/clusterroles`, role);
    for (const [user, role] of Object.entries({ viewer: 'view', editor: 'admin', storage: 'wandb-storage-admin' })) {
      await adminRequest('POST', `${RBAC}/namespaces/${namespace}/rolebindings`, {
        metadata: { name: user },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
        subjects: [{ kind: 'User', name: user }],
      });
    }
  });

  afterAll(async () => {
    for (const { metadata } of roles) await adminRequest('DELETE', `${RBAC}/clusterroles/${metadata.name}`);
  });

  it('may look at storages wherever they may look at anything', async () => {
    await until('the role is aggregated', () => may('viewer', 'list'));

    expect(await may('viewer', 'create')).toBe(false);
  });

  it('may not configure storage, though they administer the namespace', async () => {
    await until('the role is aggregated', () => may('editor', 'list'));

    for (const verb of ['create', 'update', 'patch', 'delete']) expect(await may('editor', verb)).toBe(false);
  });

  it('may configure storage where that is bound to them', async () => {
    await until('the binding is known', () => may('storage', 'create'));

    for (const verb of ['get', 'update', 'patch', 'delete']) expect(await may('storage', verb)).toBe(true);
  });
});

/** Follows the bindings of a subject to the rules of their roles. */
function grantsOf(manifests: readonly Manifest[], subject: string): Readonly<Record<string, readonly string[]>> {
  const grants: Record<string, string[]> = {};
  for (const binding of manifests) {
    if (!['RoleBinding', 'ClusterRoleBinding'].includes(binding.kind)) continue;
    const subjects = binding['subjects'] as readonly { kind: string; namespace: string; name: string }[];
    if (!subjects.some(({ kind, namespace, name }) => `${kind} ${namespace}/${name}` === subject)) continue;
    const { kind, name } = binding['roleRef'] as { readonly kind: string; readonly name: string };
    const { namespace } = binding.metadata;
    const role = manifests.find(
      (one) =>
        one.kind === kind &&
        one.metadata.name === name &&
        (kind === 'ClusterRole' || one.metadata.namespace === namespace),
    );
    if (role === undefined) throw new Error(`${binding.kind} ${binding.metadata.name} refers to nothing`);
    (grants[namespace ?? '*'] ??= []).push(...rulesOf(role));
  }
  return grants;
}

function rulesOf(role: Manifest): readonly string[] {
  return (role['rules'] as readonly Rule[]).flatMap(({ apiGroups, resources, verbs, resourceNames }) =>
    apiGroups.flatMap((group) =>
      resources.map((resource) => {
        const names = resourceNames === undefined ? '' : ` [${resourceNames.join(' ')}]`;
        return `${resource}${group === '' ? '' : `.${group}`}${names}: ${verbs.join(' ')}`;
      }),
    ),
  );
}
