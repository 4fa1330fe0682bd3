import { expect, it } from '@jest/globals';
import { gcpIdentityTarget } from '../../../test/fakes/identities.ts';
import { scriptedNet, type ScriptedAnswer } from '../../../test/fakes/scripted-net.ts';
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
  const signed = bucket.presign('PUT', 'key', 60, abort.signal);
  while (!requests.some(({ url }) => url.endsWith(':signBlob'))) await new Promise(setImmediate);
  abort.abort();

  expect(await signed).toMatchObject({ ok: false, error: { kind: 'IdentityServiceUnavailable' } });
});
