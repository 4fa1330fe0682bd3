import { expect, it } from '@jest/globals';
import { onMinio, withEndpoint } from '../../../test/support/fakes/observations.ts';
import { describeCheck } from '../../../test/support/check-rows.ts';
import { judgeAll } from '../judge.ts';
import { endpointPublic } from './endpoint-public.ts';

describeCheck(endpointPublic, [
  {
    reason: 'EndpointNotPublic',
    seen: withEndpoint({ isPublic: false }),
    context: onMinio,
    says: ['has a private address', 'spec.deployment.proxiesFileStore'],
  },
  {
    reason: 'EndpointNotPublic',
    seen: withEndpoint({}),
    context: { ...onMinio, endpointUrl: 'http://minio.storage.svc:9000' },
    says: ['known only inside its network'],
  },
  {
    reason: 'EndpointNotPublic',
    seen: withEndpoint({}),
    context: { ...onMinio, endpointUrl: 'https://[fd00::1]:9000' },
    says: ['private address'],
  },
  {
    reason: 'NotApplicable',
    seen: withEndpoint({ isPublic: false }),
    context: { ...onMinio, proxiesFileStore: true },
    says: ['spec.deployment.proxiesFileStore'],
  },
]);

it.each<readonly [url: string, why: string | undefined]>([
  ['https://minio', 'has a name that is known only inside its network'],
  ['https://minio.storage.svc', 'has a name that is known only inside its network'],
  ['https://minio.storage.svc.cluster.local', 'has a name that is known only inside its network'],
  ['https://nas.internal', 'has a name that is known only inside its network'],
  ['https://nas.localhost', 'has a name that is known only inside its network'],
  ['https://nas.localdomain', 'has a name that is known only inside its network'],
  ['https://nas.home.arpa', 'has a name that is known only inside its network'],
  ['https://10.0.0.1:9000', 'has a private address'],
  ['https://[::ffff:10.0.0.1]', 'has a private address'],
  ['https://8.8.8.8', undefined],
  ['https://[2001:4860:4860::8888]', undefined],
  ['https://svc.acme.example', undefined],
  ['https://mylocal', 'has a name that is known only inside its network'],
  ['https://s3.notlocal', undefined],
])('is decided by the host of %s', (endpointUrl, why) => {
  const { result, message } = judgeAll(withEndpoint({}), { ...onMinio, endpointUrl }, { ignore: [] }).find(
    ({ name }) => name === 'EndpointPublic',
  )!;
  const says = `The store at ${endpointUrl} ${why ?? ''}: browsers and clients outside its network cannot use the pre-signed URLs of W&B.`;
  expect({ result, message }).toEqual(why === undefined ? { result: 'Pass' } : { result: 'Warn', message: says });
});
