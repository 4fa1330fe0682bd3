import { APP, withEndpoint, withPlainHttp } from '../../../test/support/fakes/observations.ts';
import { describeCheck } from '../../../test/support/check-rows.ts';
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
