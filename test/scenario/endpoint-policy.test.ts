import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { applySecret, applyStorage, minioBucket, rootKey, untilStorage } from '../servers/objects.ts';
import { startOperator, type OperatorProcess } from '../servers/operator.ts';
import { newBucket, newNamespace, sharedServers } from '../servers/shared.ts';

let namespace = '';
let operator: OperatorProcess;

beforeAll(async () => {
  namespace = await newNamespace('policy');
  await applySecret(namespace, 'root', rootKey(sharedServers().minio));
  await applyStorage(namespace, 'InstanceStorage', 'wandb', {
    deployment: { type: 'SelfManaged', cloud: 'OnPremises', url: 'https://wandb.example.com' },
    bucket: minioBucket(atHost('localhost'), await newBucket('instance'), 'root'),
  });
  operator = await startOperator(namespace, {
    args: ['--allowed-endpoints=.localhost', '--denied-cidrs=10.0.0.0/8,fd00::/8'],
  });
});
afterAll(() => operator.stop());

/** The shared MinIO by another of its names, or a place that is none of ours. */
function atHost(host: string): { readonly endpoint: string } {
  return { endpoint: `http://${host}:${new URL(sharedServers().minio.endpoint).port}` };
}

async function team(name: string, host: string): Promise<void> {
  const bucket = minioBucket(atHost(host), await newBucket(name), 'root');
  await applyStorage(namespace, 'TeamStorage', name, { team: name, bucket });
}

describe('an operator with --allowed-endpoints and --denied-cidrs', () => {
  it('dials loopback by the name whose suffix is allowed', async () => {
    await team('by-suffix', 'localhost');
    await untilStorage({ namespace, kind: 'TeamStorage', name: 'by-suffix' }, { ready: 'True' }, 20);
  });

  it.each([
    ['loopback by its address, which no entry names', 'by-address', '127.0.0.1'],
    ['an address of a denied range', 'denied', '10.1.2.3'],
    ['an address of a denied range in disguise', 'disguised', '[::ffff:10.1.2.3]'],
    ['a denied IPv6 address', 'denied-six', '[fd00::1]'],
    ['the metadata address', 'metadata', '169.254.169.254'],
  ])('refuses %s, and says by which flag it could be allowed', async (_what, name, host) => {
    await team(name, host);
    const at = { namespace, kind: 'TeamStorage', name } as const;
    const refused = await untilStorage(at, { ready: 'False', reason: 'EndpointForbidden', published: 'False' }, 20);
    const message = refused.status?.conditions?.find(({ type }) => type === 'Ready')?.message;
    expect(message).toContain('--allowed-endpoints');
  });
});
