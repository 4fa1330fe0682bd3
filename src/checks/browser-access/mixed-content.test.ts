import { expect, it } from '@jest/globals';
import { APP, withEndpoint, withPlainHttp } from '../../../test/support/fakes/observations.ts';
import { describeCheck } from '../../../test/support/check-rows.ts';
import { judgeAll } from '../judge.ts';
import { mixedContent } from './mixed-content.ts';

describeCheck(mixedContent, [
  {
    reason: 'MixedContentBlocked',
    seen: withEndpoint({ tls: false }),
    context: withPlainHttp,
    says: [`front end ${APP}`, 'http://minio.acme.example:9000', 'spec.bucket.s3Compatible.endpoint'],
  },
  {
    reason: 'Passed',
    seen: withEndpoint({ tls: false }),
    context: { ...withPlainHttp, appOrigin: 'http://wandb.acme.example' },
    says: [],
  },
  {
    reason: 'Passed',
    seen: withEndpoint({ tls: false }),
    context: { ...withPlainHttp, endpointUrl: 'http://127.0.0.1:9000' },
    says: ['browsers trust its loopback address'],
  },
  {
    reason: 'NotApplicable',
    seen: withEndpoint({ tls: false }),
    context: { ...withPlainHttp, proxiesFileStore: true },
    says: ['spec.deployment.proxiesFileStore'],
  },
]);

it.each<readonly [url: string, result: string]>([
  ['https://minio.acme.example', 'Pass'],
  ['http://127.1.2.3', 'Pass'],
  ['http://127.0.0.10', 'Pass'],
  ['http://[::1]', 'Pass'],
  ['http://localhost', 'Pass'],
  ['http://s3.localhost', 'Pass'],
  ['http://127.0.0.1.acme.example', 'Fail'],
  ['http://s3.127.0.0.1.nip.io', 'Fail'],
  ['http://notlocalhost', 'Fail'],
  ['http://localhost.acme.example', 'Fail'],
  ['http://[::2]', 'Fail'],
])('lets a front end with https use %s: %s', (endpointUrl, result) => {
  const verdicts = judgeAll(withEndpoint({ tls: false }), { ...withPlainHttp, endpointUrl }, { ignore: [] });
  expect(verdicts.find(({ name }) => name === 'MixedContent')?.result).toBe(result);
});
