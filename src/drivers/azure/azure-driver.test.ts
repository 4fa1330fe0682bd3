import { describe, expect, it } from '@jest/globals';
import { azureIdentityTarget } from '../../../test/fakes/identities.ts';
import { scriptedNet, type Script } from '../../../test/fakes/scripted-net.ts';
import { PUBLIC_CLOUDS } from '../../domain/bucket/store-endpoint.ts';
import { createAzureDriver } from './azure-driver.ts';

const TOKEN = { status: 200, body: JSON.stringify({ access_token: 'token', expires_in: 3600 }) };
const KEY = {
  status: 200,
  headers: { 'x-ms-request-id': 'id', 'content-type': 'application/xml' },
  body:
    '<?xml version="1.0" encoding="utf-8"?><UserDelegationKey><SignedOid>oid</SignedOid><SignedTid>tid</SignedTid>' +
    '<SignedStart>2026-01-01T00:00:00Z</SignedStart><SignedExpiry>2026-01-03T00:00:00Z</SignedExpiry>' +
    '<SignedService>b</SignedService><SignedVersion>2024-11-04</SignedVersion><Value>a2V5</Value></UserDelegationKey>',
};

function open(script: Script) {
  const { net, requests } = scriptedNet(({ url, ...request }) =>
    url.includes('/oauth2/') ? TOKEN : script({ url, ...request }),
  );
  const bucket = createAzureDriver({ net, clouds: PUBLIC_CLOUDS }).open(azureIdentityTarget);
  const keysAsked = (): number => requests.filter(({ url }) => url.includes('userdelegationkey')).length;
  return { bucket, keysAsked };
}

describe('a URL that an identity of Azure signs', () => {
  it.each(['a whole upload', 'a block'])('ends with its signal while the key is not given: %s', async (what) => {
    const { bucket, keysAsked } = open(() => undefined);
    const abort = new AbortController();
    const signed =
      what === 'a block'
        ? bucket.multipart.part('key', '', 60, abort.signal)
        : bucket.presign('PUT', 'key', 60, abort.signal);
    while (keysAsked() === 0) await new Promise(setImmediate);
    abort.abort();

    expect(await signed).toEqual({ ok: false, error: { kind: 'DeadlineExceeded' } });
  });

  it('asks again after a request for the key was cut short', async () => {
    let hangs = true;
    const { bucket, keysAsked } = open(() => (hangs ? undefined : KEY));
    const abort = new AbortController();
    const first = bucket.presign('PUT', 'key', 60, abort.signal);
    while (keysAsked() === 0) await new Promise(setImmediate);
    abort.abort();
    await first;
    hangs = false;

    expect(await bucket.presign('DELETE', 'key', 60, new AbortController().signal)).toMatchObject({ ok: true });
  });

  it('asks once for a key that is refused', async () => {
    const { bucket, keysAsked } = open(() => ({
      status: 403,
      headers: { 'x-ms-request-id': 'id', 'x-ms-error-code': 'AuthorizationPermissionMismatch' },
    }));
    const { signal } = new AbortController();
    for (const method of ['PUT', 'GET'] as const) {
      const signed = await bucket.presign(method, 'key', 60, signal);
      expect(signed).toMatchObject({ ok: false, error: { kind: 'UrlSigningDenied' } });
    }
    expect(keysAsked()).toBe(1);
  });
});
