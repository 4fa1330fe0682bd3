import { adminRequest } from './shared.ts';
import { until } from './until.ts';

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

const ROLE = 'byob-operator';

/** Takes one verb on one core resource from the operator of a namespace; what it gives back is the way to return it. */
export async function withhold(namespace: string, verb: string, resource: string): Promise<() => Promise<void>> {
  const path = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/roles/${ROLE}`;
  const { body } = await adminRequest('GET', path);
  const rules = body['rules'] as readonly Rule[];
  const without = rules.map((rule) =>
    rule.resources.includes(resource) ? { ...rule, verbs: rule.verbs.filter((one) => one !== verb) } : rule,
  );
  const put = async (wanted: readonly Rule[], allowed: boolean): Promise<void> => {
    const patch = [{ op: 'replace', path: '/rules', value: wanted }];
    const answer = await adminRequest('PATCH', path, patch, 'application/json-patch+json');
    if (answer.status !== 200) throw new Error(`Role ${ROLE}: ${JSON.stringify(answer.body['message'])}`);
    await until(`${verb} ${resource} is ${allowed ? 'allowed' : 'forbidden'}`, async () => {
      return (await mayDo(namespace, verb, resource)) === allowed;
    });
  };
  await put(without, false);
  return () => put(rules, true);
}

/** What the API server's authorizer says: it learns of a changed Role by a watch. */
async function mayDo(namespace: string, verb: string, resource: string): Promise<boolean> {
  const { body } = await adminRequest('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: {
      user: `system:serviceaccount:${namespace}:byob-operator`,
      groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
      resourceAttributes: { namespace, verb, resource },
    },
  });
  return (body['status'] as { readonly allowed: boolean }).allowed;
}
