import { expect, it } from '@jest/globals';
import type { IdentityRef } from '../../domain/credentials/refs.ts';
import { err, ok } from '../../base/result.ts';
import { Secret } from '../../base/secret.ts';
import type { Problem } from '../../domain/conditions/problem.ts';
import { createIdentityReader } from './identity-reader.ts';

const POOL = '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/k';
const ROLE = 'arn:aws:iam::123456789012:role/wandb';
const serviceAccount = 'wandb-app';
const webIdentity = { kind: 'WebIdentity', serviceAccount, roleArn: ROLE } as const;
const keyRef = { kind: 'AccessKey', secretName: 'omega', accessKeyIdKey: 'ID', secretAccessKeyKey: 'KEY' } as const;
const key = { kind: 'AccessKey', accessKeyId: 'AKIA', secretAccessKey: new Secret('secret') } as const;
const missing: Problem = { reason: 'SecretNotFound', message: 'gone', failureClass: 'reference' };

function readerOf(hasKey = true) {
  const opened: string[] = [];
  const reader = createIdentityReader({
    keyOf: () => Promise.resolve(hasKey ? ok(key) : err(missing)),
    tokens: {
      open: ({ namespace, name }, audience) => {
        opened.push(`${namespace}/${name} for ${audience}`);
        return Promise.resolve(ok({ name: 'wandb-app', token: () => Promise.resolve(ok(new Secret('token'))) }));
      },
    },
  });
  return { opened, read: (ref: IdentityRef) => reader.read('wandb', ref) };
}

it.each<readonly [IdentityRef, readonly string[], object]>([
  [webIdentity, ['wandb/wandb-app for sts.amazonaws.com'], { kind: 'WebIdentity', roleArn: ROLE }],
  [
    { kind: 'AssumedRole', from: webIdentity, roleArn: ROLE, externalId: 'acme-1' },
    ['wandb/wandb-app for sts.amazonaws.com'],
    { kind: 'AssumedRole', externalId: 'acme-1', from: { kind: 'WebIdentity' } },
  ],
  [{ kind: 'AssumedRole', from: keyRef, roleArn: ROLE }, [], { kind: 'AssumedRole', from: key }],
  [
    { kind: 'GcpWorkloadIdentity', serviceAccount, audience: POOL },
    [`wandb/wandb-app for https:${POOL}`],
    { kind: 'GcpWorkloadIdentity', audience: POOL },
  ],
  [
    { kind: 'AzureWorkloadIdentity', serviceAccount, clientId: 'client', tenantId: 'tenant' },
    ['wandb/wandb-app for api://AzureADTokenExchange'],
    { kind: 'AzureWorkloadIdentity', clientId: 'client', tenantId: 'tenant' },
  ],
])('%j takes tokens for the audience of its cloud only', async (ref, audiences, expected) => {
  const { read, opened } = readerOf();

  expect(await read(ref)).toMatchObject({ ok: true, value: expected });
  expect(opened).toEqual(audiences);
});

it('reports a missing key', async () => {
  const read = await readerOf(false).read({ kind: 'AssumedRole', from: keyRef, roleArn: ROLE });
  expect(read).toEqual({ ok: false, error: missing });
});
