import { expect, it } from '@jest/globals';
import { scriptedNet } from '../../../test/support/fakes/scripted-net.ts';
import { Secret } from '../../base/secret.ts';
import { PUBLIC_CLOUDS } from '../../domain/bucket/store-endpoint.ts';
import { createS3Driver } from './s3-driver.ts';

const policy = (isPublic: boolean): string => `<PolicyStatus><IsPublic>${String(isPublic)}</IsPublic></PolicyStatus>`;
const acl = (uri: string): string =>
  '<AccessControlPolicy><AccessControlList><Grant><Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="Group">' +
  `<URI>${uri}</URI></Grantee><Permission>READ</Permission></Grant></AccessControlList></AccessControlPolicy>`;

it.each([
  ['a policy for one network is not', policy(false), acl('http://acs.amazonaws.com/groups/s3/LogDelivery'), false],
  ['a policy for everybody is', policy(true), '', true],
  ['an ACL for everybody is', policy(false), acl('http://acs.amazonaws.com/groups/global/AllUsers'), true],
])('what AWS calls public: %s', async (_, status, list, isPublic) => {
  const { net } = scriptedNet(({ url }) => ({
    status: 200,
    headers: { 'content-type': 'application/xml' },
    body: url.includes('policyStatus') ? status : list,
  }));
  const bucket = createS3Driver({ net, clouds: PUBLIC_CLOUDS }).open({
    storage: {
      provider: 'S3',
      name: 'omega-data',
      path: '',
      region: 'us-east-1',
      credentials: { kind: 'AccessKey', secretName: 's', accessKeyIdKey: 'a', secretAccessKeyKey: 'b' },
    },
    credential: { kind: 'AccessKey', accessKeyId: 'AKIA', secretAccessKey: new Secret('secret') },
  });

  expect(await bucket.isPublicByRules?.(new AbortController().signal)).toEqual({ ok: true, value: { isPublic } });
});
