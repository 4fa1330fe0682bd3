import { describe, expect, it } from '@jest/globals';
import { azureIdentityTarget } from '../../../test/support/fakes/identities.ts';
import { scriptedNet, type Script } from '../../../test/support/fakes/scripted-net.ts';
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
  return { bucket, keysAsked, requests };
}

const url = { key: 'key', expiresInSeconds: 60 };

describe('a URL that an identity of Azure signs', () => {
  it.each(['a whole upload', 'a block'])('ends with its signal while the key is not given: %s', async (what) => {
    const { bucket, keysAsked } = open(() => undefined);
    const abort = new AbortController();
    const signed =
      what === 'a block'
        ? bucket.multipart.part({ ...url, upload: '', md5: '' }, abort.signal)
        : bucket.presign({ ...url, method: 'PUT' }, abort.signal);
    while (keysAsked() === 0) await new Promise(setImmediate);
    abort.abort();

    expect(await signed).toEqual({ ok: false, error: { kind: 'DeadlineExceeded' } });
  });

  it('asks again after a request for the key was cut short', async () => {
    let hangs = true;
    const { bucket, keysAsked } = open(() => (hangs ? undefined : KEY));
    const abort = new AbortController();
    const first = bucket.presign({ ...url, method: 'PUT' }, abort.signal);
    while (keysAsked() === 0) await new Promise(setImmediate);
    abort.abort();
    await first;
    hangs = false;

    expect(await bucket.presign({ ...url, method: 'DELETE' }, new AbortController().signal)).toMatchObject({
      ok: true,
    });
  });

  it('asks once for a key that is refused', async () => {
    const { bucket, keysAsked } = open(() => ({
      status: 403,
      headers: { 'x-ms-request-id': 'id', 'x-ms-error-code': 'AuthorizationPermissionMismatch' },
    }));
    const { signal } = new AbortController();
    for (const method of ['PUT', 'GET'] as const) {
      const signed = await bucket.presign({ ...url, method }, signal);
      expect(signed).toMatchObject({ ok: false, error: { kind: 'UrlSigningDenied' } });
    }
    expect(keysAsked()).toBe(1);
  });
});

describe('the folders of an account with a hierarchical namespace', () => {
  const PREFIX = 'teams/omega/.wandb-storage-probe';
  const OWN = `${PREFIX}/uid-1`;
  const { signal } = new AbortController();
  const blob = (name: string, isFolder: boolean): string =>
    `<Blob><Name>${name}</Name><Properties><Last-Modified>Thu, 01 Jan 2026 00:00:00 GMT</Last-Modified><Etag>0x1</Etag>` +
    `<Content-Length>0</Content-Length><BlobType>BlockBlob</BlobType></Properties>${isFolder ? '<Metadata><hdi_isfolder>true</hdi_isfolder></Metadata>' : ''}</Blob>`;

  async function remove(names: readonly (readonly [string, boolean])[]): Promise<readonly string[]> {
    const left = new Map(names);
    const deleted: string[] = [];
    const { bucket } = open(({ url, method }) => {
      const { pathname, searchParams } = new URL(url);
      const headers = { 'x-ms-request-id': 'id', 'content-type': 'application/xml' };
      if (method === 'DELETE') {
        const name = decodeURIComponent(pathname.slice('/omega-data/'.length));
        deleted.push(name);
        left.delete(name);
        return { status: 202, headers };
      }
      const prefix = searchParams.get('prefix') ?? '';
      const blobs = [...left].filter(([name]) => name.startsWith(prefix)).map(([name, is]) => blob(name, is));
      const body = `\ufeff<?xml version="1.0" encoding="utf-8"?><EnumerationResults ServiceEndpoint="https://acmewandb.blob.core.windows.net/" ContainerName="omega-data"><Blobs>${blobs.join('')}</Blobs><NextMarker /></EnumerationResults>`;
      return { status: 200, headers, body };
    });
    await bucket.removeFolders?.([OWN, PREFIX], signal);
    return deleted;
  }

  it.each<readonly [string, readonly (readonly [string, boolean])[], readonly string[]]>([
    [
      'both are gone when they are empty',
      [
        [PREFIX, true],
        [OWN, true],
      ],
      [OWN, PREFIX],
    ],
    [
      'one with an object of ours stays',
      [
        [PREFIX, true],
        [OWN, true],
        [`${OWN}/nonce`, false],
      ],
      [],
    ],
    [
      'one with the folder of another storage stays',
      [
        [PREFIX, true],
        [OWN, true],
        [`${PREFIX}/uid-2`, true],
      ],
      [OWN],
    ],
    ['a blob of that name stays', [[OWN, false]], []],
    ['nothing is there in a flat account', [], []],
  ])('%s', async (_, names, deleted) => {
    expect(await remove(names)).toEqual(deleted);
  });
});

it('commits blocks by a shared access signature, as W&B does, and not by the credential', async () => {
  const { bucket, requests } = open(({ url: asked }) =>
    asked.includes('userdelegationkey') ? KEY : { status: 201, headers: { etag: '"1"', 'x-ms-request-id': 'id' } },
  );
  const answer = { status: 201, headers: {}, body: new Uint8Array(), route: 'direct' };
  const done = await bucket.multipart.complete?.('key', { upload: '', answer }, new AbortController().signal);
  expect(done).toMatchObject({ ok: true, value: { revision: '"1"' } });
  const sent = requests.at(-1);
  expect(new URL(sent?.url ?? '').searchParams.get('comp')).toBe('blocklist');
  expect(new URL(sent?.url ?? '').searchParams.has('sig')).toBe(true);
  expect(sent?.headers).not.toHaveProperty('authorization');
});

it('reports the immutability of a blob that it reads', async () => {
  const headers = {
    'x-ms-request-id': 'id',
    etag: '"1"',
    'content-length': '6',
    'x-ms-immutability-policy-mode': 'unlocked',
    'x-ms-immutability-policy-until-date': 'Sat, 31 Jan 2026 00:00:00 GMT',
    'x-ms-legal-hold': 'true',
  };
  const { bucket } = open(() => ({ status: 200, headers, body: 'a body' }));
  const read = await bucket.read('key', new AbortController().signal);
  expect(read).toMatchObject({ ok: true });
  expect(read.ok && read.value.lock).toMatchObject({ until: '2026-01-31T00:00:00.000Z', legalHold: true });
});
