import { beforeAll, describe, expect, it } from '@jest/globals';
import { adminRequest, newNamespace } from '../servers/shared.ts';
import { only, rendered } from './render.ts';
import { VALUE_SETS } from './value-sets.ts';

interface PodSpec {
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly containers: readonly [{ readonly securityContext: Readonly<Record<string, unknown>> }];
}

let namespace: string;

beforeAll(async () => {
  namespace = await newNamespace('restricted');
  const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
  await adminRequest(
    'PATCH',
    `/api/v1/namespaces/${namespace}`,
    { metadata: { labels } },
    'application/merge-patch+json',
  );
  for (const name of ['byob-operator', 'byob-operator-storage', 'byob', 'given']) {
    await adminRequest('POST', `/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name } });
  }
});

async function podSpec(values: Readonly<Record<string, unknown>>): Promise<PodSpec> {
  const deployment = only(await rendered('byob-operator', values, { namespace }), 'Deployment');
  return (deployment['spec'] as { readonly template: { readonly spec: PodSpec } }).template.spec;
}

async function create(spec: PodSpec): Promise<{ readonly status: number; readonly message: unknown }> {
  const { status, body } = await adminRequest('POST', `/api/v1/namespaces/${namespace}/pods?dryRun=All`, {
    metadata: { name: 'operator' },
    spec,
  });
  return { status, message: body['message'] };
}

describe('a namespace that enforces pod security "restricted" (real API server)', () => {
  it.each(Object.entries(VALUE_SETS))('admits the pod for %s', async (_name, values) => {
    expect(await create(await podSpec(values))).toEqual({ status: 201, message: undefined });
  });

  it('would refuse it without any of the settings that it asks for', async () => {
    const spec = await podSpec({});
    const [container] = spec.containers;
    const without = (name: string): PodSpec => ({
      ...spec,
      containers: [{ ...container, securityContext: { ...container.securityContext, [name]: undefined } }],
    });

    expect((await create({ ...spec, securityContext: {} })).message).toContain('runAsNonRoot');
    expect((await create({ ...spec, securityContext: {} })).message).toContain('seccompProfile');
    expect((await create(without('allowPrivilegeEscalation'))).message).toContain('allowPrivilegeEscalation');
    expect((await create(without('capabilities'))).message).toContain('capabilities');
  });

  it('gets a root file system that nothing can write to', async () => {
    const { containers } = await podSpec({});

    expect(containers[0].securityContext['readOnlyRootFilesystem']).toBe(true);
  });
});
