import { expect, it } from '@jest/globals';
import { gcpIdentityTarget } from '../../../test/support/fakes/identities.ts';
import { scriptedNet, type ScriptedAnswer } from '../../../test/support/fakes/scripted-net.ts';
import { PUBLIC_CLOUDS } from '../../domain/bucket/store-endpoint.ts';
import { createGcsDriver } from './gcs-driver.ts';

const json = (document: unknown): ScriptedAnswer => ({ status: 200, body: JSON.stringify(document) });

it('ends a signature of IAM with the signal of the URL that needs it', async () => {
  const { net, requests } = scriptedNet(({ url }) => {
    if (url.endsWith('/v1/token')) return json({ access_token: 'federated', expires_in: 3600 });
    if (url.endsWith(':generateAccessToken')) return json({ accessToken: 'own', expireTime: '2026-01-01T00:00:00Z' });
    return undefined;
  });
  const bucket = createGcsDriver({ net, clouds: PUBLIC_CLOUDS }).open(gcpIdentityTarget);
  const abort = new AbortController();
  const signed = bucket.presign({ method: 'PUT', key: 'key', expiresInSeconds: 60 }, abort.signal);
  while (!requests.some(({ url }) => url.endsWith(':signBlob'))) await new Promise(setImmediate);
  abort.abort();

  expect(await signed).toMatchObject({ ok: false, error: { kind: 'IdentityServiceUnavailable' } });
});

it.each([
  ['both, where both are empty', [204, 204], 2],
  ['no other, where one is not empty', [409, 204], 1],
  ['no other, where the bucket has no folders', [400, 204], 1],
])('deletes folders of a bucket with a hierarchical namespace: %s', async (_, statuses, count) => {
  const answers = [...statuses];
  const { net, requests } = scriptedNet(({ url, method }) => {
    if (url.endsWith('/v1/token')) return json({ access_token: 'federated', expires_in: 3600 });
    if (url.endsWith(':generateAccessToken')) return json({ accessToken: 'own', expireTime: '2026-01-01T00:00:00Z' });
    return method === 'DELETE' ? { status: answers.shift() ?? 500 } : undefined;
  });
  const bucket = createGcsDriver({ net, clouds: PUBLIC_CLOUDS }).open(gcpIdentityTarget);
  await bucket.removeFolders?.(['probe/uid', 'probe'], new AbortController().signal);

  const folders = ['probe%2Fuid%2F', 'probe%2F'].map(
    (name) => `https://storage.googleapis.com/storage/v1/b/omega-data/folders/${name}`,
  );
  expect(requests.filter(({ method }) => method === 'DELETE').map(({ url }) => url)).toEqual(folders.slice(0, count));
});
