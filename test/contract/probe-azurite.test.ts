import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { getLogLevel, setLogLevel } from '@azure/logger';
import { createOpenBucket } from '../../src/drivers/registry.ts';
import { createAddressPolicy } from '../../src/net/address-policy.ts';
import { createGuardedHttp } from '../../src/net/guarded-http.ts';
import type { BucketClient } from '../../src/ports/bucket.ts';
import {
  azuriteTarget,
  corsRule,
  createContainer,
  listEverything,
  serviceClient,
  setCors,
  setPublic,
  setSoftDelete,
  startAzurite,
  type Azurite,
  type AzuriteAddress,
} from '../servers/azurite.ts';
import { freePorts } from '../servers/process.ts';
import { newContainer, sharedServers } from '../servers/shared.ts';

import { APP, failedChecks, probeBucket, textsOf, type Outcome } from './probe-outcome.ts';

const OTHER_KEY = Buffer.alloc(64, 7).toString('base64');

const net = createGuardedHttp({
  policy: createAddressPolicy({ allowedEndpoints: ['127.0.0.0/8'], deniedCidrs: [], apiServerAddresses: [] }),
  proxy: {},
  // Only for names: the bed is dialled by its address.
  resolve: (host) => Promise.reject(Object.assign(new Error(`no ${host}`), { code: 'ENOTFOUND' })),
});
afterAll(() => net.close());

interface Case {
  readonly at?: AzuriteAddress;
  /** Where the cloud is, if not where `at` says. */
  readonly endpoint?: string;
  readonly container: string;
  readonly path?: string;
  readonly account?: string;
  readonly accountKey?: string;
  readonly mode?: 'Full' | 'Light';
}

function probe(situation: Case): Promise<Outcome> {
  const at = situation.at ?? sharedServers().azurite;
  const place = azuriteTarget({ ...at, endpoint: situation.endpoint ?? at.endpoint }, situation.container, situation);
  return probeBucket(place, { net, ...(situation.mode !== undefined && { mode: situation.mode }) });
}

/** Azurite on loopback has no TLS and no soft delete, and no account key reads lifecycle rules: all that a good container there has not passed. */
const GOOD = {
  TlsTrusted: 'PlainHttp',
  VersioningEnabled: 'VersioningDisabled',
  LifecycleSafe: 'SettingNotReadable',
  EndpointPublic: 'EndpointNotPublic',
};

describe('a probe of a real Azurite', () => {
  it('passes every check on a good container and leaves it as it was', async () => {
    const container = await newContainer('good');
    const { azurite } = sharedServers();
    const client = serviceClient(azurite).getContainerClient(container);
    await client.uploadBlockBlob('teams/omega/model.bin', 'a model', 7);
    await client.getBlobClient('teams/omega/model.bin').createSnapshot();
    await client.getBlockBlobClient('teams/omega/half').stageBlock('AAAA', 'half', 4);
    const before = await listEverything(azurite, container);
    expect(before).toHaveLength(3);
    const full = await probe({ container, path: 'teams/omega' });
    expect(full.reasons).toEqual(GOOD);
    expect(full.seen.requests).toBe(22);
    expect(await listEverything(azurite, container)).toEqual(before);
  });

  it('works under a path that needs escaping', async () => {
    const container = await newContainer('escaped');
    const { reasons } = await probe({ container, path: "tëam one/50% of #1?/it's%2F日本 +&=" });
    expect(reasons).toEqual(GOOD);
    expect(await listEverything(sharedServers().azurite, container)).toEqual([]);
  });

  it('sends two requests for a light probe', async () => {
    const container = await newContainer('light');
    const { seen } = await probe({ container, mode: 'Light' });
    expect(seen).toMatchObject({
      mode: 'Light',
      list: { ok: true, value: { keys: 0 } },
      presigned: { GET: { ok: true, value: { httpStatus: 404 } } },
      crossOrigin: { GET: { ok: true } },
      requests: 2,
    });
  });

  it.each<[string, Partial<Case>, Readonly<Record<string, string>>, readonly string[]]>([
    [
      'a container that is not there',
      { container: 'nobody-made-this' },
      { BucketExists: 'BucketNotFound' },
      ['(404 ContainerNotFound)', 'az storage container create --account-name {account} --name nobody-made-this'],
    ],
    [
      'a wrong account key',
      { accountKey: OTHER_KEY },
      { Authenticated: 'SecretKeyWrong' },
      [
        'does not accept the account key of Secret omega',
        'az storage account keys list --account-name {account}',
        'AZURE_STORAGE_KEY of Secret omega',
      ],
    ],
    [
      'an account that an emulator does not have',
      { account: 'nobodyhasthis' },
      { BucketExists: 'BucketNotFound' },
      ['storage account nobodyhasthis (404 ResourceNotFound)'],
    ],
    [
      'an account whose name does not resolve',
      { account: 'nobodyhasthis', endpoint: 'https://{account}.blob.core.windows.net' },
      { EndpointReachable: 'EndpointNotResolved' },
      ['https://nobodyhasthis.blob.core.windows.net', 'spec.bucket.azureBlob.storageAccount'],
    ],
  ])('names %s', async (_name, change, expected, says) => {
    const container = await newContainer('named');
    const outcome = await probe({ container, ...change });
    expect(outcome.reasons).toMatchObject(expected);
    expect(failedChecks(outcome)).toEqual(Object.keys(expected));
    const { azurite } = sharedServers();
    for (const part of says) expect(textsOf(outcome)).toContain(part.replace('{account}', azurite.account));
    expect(JSON.stringify(outcome)).not.toContain(change.accountKey ?? azurite.accountKey);
    expect(await listEverything(azurite, container)).toEqual([]);
  });

  it('names a port at which nobody listens', async () => {
    const [port = 0] = await freePorts(1);
    const { reasons } = await probe({ container: 'any', endpoint: `http://127.0.0.1:${port}/{account}` });
    expect(reasons).toEqual({ EndpointReachable: 'ConnectionRefused' });
  });

  it.each<['container' | 'blob', string]>([
    ['container', 'Everyone can read objects of and list container'],
    ['blob', 'Everyone can read objects of container'],
  ])('finds a container with public access at the level "%s"', async (level, says) => {
    const container = await newContainer('public');
    const { azurite } = sharedServers();
    await setPublic(azurite, container, level);
    const outcome = await probe({ container });
    expect(outcome.reasons).toEqual({ ...GOOD, NotPublic: 'BucketPublic' });
    expect(textsOf(outcome)).toContain(says);
    expect(textsOf(outcome)).toContain(
      `az storage container set-permission --account-name ${azurite.account} --name ${container} --public-access off`,
    );
    await setPublic(azurite, container, undefined);
    expect((await probe({ container, path: 'again' })).reasons).toEqual(GOOD);
    expect(await listEverything(azurite, container)).toEqual([]);
  });
});

describe('a probe of an account with CORS rules of its own', () => {
  let azurite: Azurite | undefined;
  beforeAll(async () => {
    azurite = await startAzurite();
    await createContainer(azurite, 'omega-data');
  });
  afterAll(() => azurite?.stop());

  it.each<[string, ReturnType<typeof corsRule>[], string | undefined]>([
    ['the rule that W&B asks for', [corsRule(APP)], undefined],
    ['only the headers that an upload needs', [needs('content-type,content-md5,x-ms-blob-type')], undefined],
    ['no rule', [], 'CorsMissing'],
    // Azure answers a preflight by a rule that fits it as a whole, or not at all; one more preflight tells which part does not fit.
    ['another origin', [corsRule('https://other.example')], 'CorsMissing'],
    ['no method to upload by', [corsRule(APP, { allowedMethods: 'GET,HEAD' })], 'CorsMethodNotAllowed'],
    ['no header of Azure', [needs('content-type,content-md5')], 'CorsHeaderNotAllowed'],
    ['no header at all', [needs('')], 'CorsHeaderNotAllowed'],
  ])('judges %s', async (_name, rules, reason) => {
    if (azurite === undefined) throw new Error('not started');
    await setCors(azurite, rules);
    const outcome = await probe({ at: azurite, container: 'omega-data' });
    expect(outcome.reasons).toEqual({ ...GOOD, ...(reason !== undefined && { CorsAllowsApp: reason }) });
    if (reason !== undefined) {
      expect(textsOf(outcome)).toContain(
        `(uploads send x-ms-blob-type as well). az storage cors add --account-name ${azurite.account} --services b --origins ${APP}`,
      );
    }
    expect(await listEverything(azurite, 'omega-data')).toEqual([]);
  });

  it('sees soft delete once it is on', async () => {
    if (azurite === undefined) throw new Error('not started');
    await setSoftDelete(azurite, true);
    const { results } = await probe({ at: azurite, container: 'omega-data' });
    await setSoftDelete(azurite, false);
    expect(results.find(({ name }) => name === 'VersioningEnabled')?.result).toBe('Pass');
  });

  it('finds its data again after a restart, and so does the operator', async () => {
    if (azurite === undefined) throw new Error('not started');
    await setCors(azurite, [corsRule(APP)]);
    await serviceClient(azurite).getContainerClient('omega-data').uploadBlockBlob('model.bin', 'a model', 7);
    const before = await listEverything(azurite, 'omega-data');
    await azurite.restart();
    expect((await probe({ at: azurite, container: 'omega-data' })).reasons).toEqual(GOOD);
    expect(await listEverything(azurite, 'omega-data')).toEqual(before);
  });

  function needs(allowedHeaders: string) {
    return corsRule(APP, { allowedHeaders });
  }
});

describe('what is no Blob service', () => {
  let server: Server | undefined;
  let requests: string[] = [];
  beforeEach(() => {
    requests = [];
  });
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  async function serve(answer: RequestListener): Promise<string> {
    server = createServer((request, response) => {
      requests.push(`${request.method ?? ''} ${(request.url ?? '').split('?')[0] ?? ''}`);
      answer(request, response);
    });
    const listening = server;
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(listening.address() as AddressInfo).port}/{account}`;
  }

  it.each<[string, RequestListener]>([
    [
      'a login page with 200',
      (_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sign in</html>'),
    ],
    [
      'a page with the headers of Azure',
      (_request, response) =>
        response.writeHead(200, { 'content-type': 'text/html', 'x-ms-request-id': 'r', etag: '"e"' }).end('<html>'),
    ],
    [
      'the listing of another container',
      (_request, response) =>
        response
          .writeHead(200, { 'content-type': 'application/xml', 'x-ms-request-id': 'r' })
          .end('<EnumerationResults ServiceEndpoint="http://x/" ContainerName="other"><Blobs /></EnumerationResults>'),
    ],
    [
      'a redirect, which is not followed',
      (_request, response) => response.writeHead(307, { location: '/elsewhere' }).end(),
    ],
  ])('names %s', async (_name, answer) => {
    const endpoint = await serve(answer);
    const outcome = await probe({ container: 'omega-data', endpoint });
    expect(failedChecks(outcome)).toEqual(['BucketExists']);
    expect(outcome.reasons['BucketExists']).toBe('NotAnObjectStore');
    expect(textsOf(outcome)).toContain('does not answer as the Blob service does');
    const place = `GET /${sharedServers().azurite.account}/omega-data`;
    // Unsigned, then signed.
    expect(requests).toEqual([place, place]);
  });

  it('tries a store in trouble once and no more', async () => {
    const endpoint = await serve((_request, response) =>
      response.writeHead(503, { 'x-ms-error-code': 'ServerBusy', 'x-ms-request-id': 'r' }).end(),
    );
    const outcome = await probe({ container: 'omega-data', endpoint });
    expect(failedChecks(outcome)).toEqual(['CanList']);
    expect(outcome.reasons['CanList']).toBe('Throttled');
    expect(requests).toHaveLength(2);
  });

  it.each([
    ['x-ms-has-legal-hold', 'a legal hold'],
    ['x-ms-has-immutability-policy', 'an immutability policy'],
  ])('writes nothing to a container with %s (scripted)', async (header, says) => {
    const { account } = sharedServers().azurite;
    let origin = '';
    const endpoint = await serve((request, response) => {
      const isSigned = request.headers.authorization !== undefined;
      const common = { 'content-type': 'application/xml', 'x-ms-request-id': 'r', etag: '"e"' };
      const isListing = request.url?.includes('comp=list') === true;
      if (!isSigned) return response.writeHead(403, { 'x-ms-error-code': 'NoAuthenticationInformation' }).end();
      if (!isListing) return response.writeHead(200, { ...common, [header]: 'true' }).end();
      const list = `<EnumerationResults ServiceEndpoint="${origin}" ContainerName="omega-data"><Blobs/><NextMarker/></EnumerationResults>`;
      return response.writeHead(200, common).end(list);
    });
    origin = endpoint.replace('{account}', account);
    const outcome = await probe({ container: 'omega-data', endpoint });
    expect(failedChecks(outcome)).toEqual(['ObjectsDeletable']);
    expect(textsOf(outcome)).toContain(says);
    expect(requests.filter((request) => !request.startsWith('GET '))).toEqual([]);
  });

  it('says where to let account keys be used', async () => {
    const endpoint = await serve((_request, response) =>
      response.writeHead(403, { 'x-ms-error-code': 'KeyBasedAuthenticationNotPermitted' }).end(),
    );
    const outcome = await probe({ container: 'omega-data', endpoint });
    expect(outcome.reasons['Authenticated']).toBe('SharedKeyDisabled');
    expect(textsOf(outcome)).toContain(`az storage account update --name ${sharedServers().azurite.account}`);
  });
});

describe('the Azure driver', () => {
  const signal = AbortSignal.timeout(60_000);

  async function open(container: string): Promise<BucketClient> {
    const { target, clouds } = azuriteTarget(sharedServers().azurite, container);
    return createOpenBucket({ net, clouds })(target);
  }

  it('removes a blob only while it is the one that it knows', async () => {
    const bucket = await open(await newContainer('stale'));
    const created = await bucket.create('one', Buffer.from('a body'), signal);
    expect(created).toMatchObject({ ok: true, value: { conditional: true } });
    expect(await bucket.remove('one', '"0x1"', signal)).toMatchObject({
      ok: false,
      error: { kind: 'PreconditionFailed', httpStatus: 412, providerCode: 'ConditionNotMet' },
    });
    expect((await bucket.remove('one', created.ok ? created.value.revision : '', signal)).ok).toBe(true);
  });

  it('signs for one method, one blob and a time, and demands the type of blob of an upload', async () => {
    const bucket = await open(await newContainer('sas'));
    const put = await bucket.presign({ method: 'PUT', key: 'one', expiresInSeconds: 60 }, AbortSignal.timeout(20_000));
    if (!put.ok) throw new Error('not signed');
    expect(put.value.headers).toEqual({ 'x-ms-blob-type': 'BlockBlob' });
    const url = new URL(put.value.url);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({ sp: 'cw', sr: 'b', spr: 'https,http' });
    expect(url.searchParams.has('st')).toBe(false);
    const sent = await net.http.send({ ...put.value, method: 'GET' }, signal);
    if (!sent.ok) throw new Error('not answered');
    expect(bucket.explain(sent.value)).toMatchObject({
      kind: 'AccessDenied',
      httpStatus: 403,
      providerCode: 'AuthorizationPermissionMismatch',
    });
    const elsewhere = await net.http.send({ ...put.value, url: put.value.url.replace('/one?', '/two?') }, signal);
    expect(elsewhere.ok && bucket.explain(elsewhere.value).kind).toBe('SignatureMismatch');
  });

  it('signs for https alone where the cloud has it', async () => {
    const { target, clouds } = azuriteTarget(sharedServers().azurite, 'omega');
    const azureBlob = 'https://{account}.blob.core.windows.net';
    const bucket = await createOpenBucket({ net, clouds: { ...clouds, azureBlob } })(target);
    const signed = await bucket.presign(
      { method: 'GET', key: 'a b', expiresInSeconds: 60 },
      AbortSignal.timeout(20_000),
    );
    if (!signed.ok) throw new Error('not signed');
    const url = new URL(signed.value.url);
    expect(url.origin + url.pathname).toBe(
      `https://${target.storage.storageAccount}.blob.core.windows.net/omega/a%20b`,
    );
    expect(url.searchParams.get('spr')).toBe('https');
    expect(bucket.endpointUrl).toBe(url.origin);
  });

  it('takes no more than it needs of a body', async () => {
    const container = await newContainer('large');
    const bucket = await open(container);
    const client = serviceClient(sharedServers().azurite).getContainerClient(container);
    await client.uploadBlockBlob('large', Buffer.alloc(70_000), 70_000);
    expect(await bucket.read('large', signal)).toMatchObject({ ok: false, error: { kind: 'ResponseTooLarge' } });
  });

  it('reads neither proxies nor a log level from the environment', async () => {
    const container = await newContainer('environment');
    const before = process.env['HTTP_PROXY'];
    process.env['HTTP_PROXY'] = '10.0.0.1:3128';
    setLogLevel('verbose');
    try {
      const bucket = await open(container);
      expect(await bucket.list('', 1, signal)).toEqual({ ok: true, value: { keys: [], truncated: false } });
      expect(getLogLevel()).toBeUndefined();
    } finally {
      if (before === undefined) delete process.env['HTTP_PROXY'];
      else process.env['HTTP_PROXY'] = before;
    }
  });

  it('dials only what the policy allows', async () => {
    const closed = createGuardedHttp({
      policy: createAddressPolicy({ allowedEndpoints: [], deniedCidrs: [], apiServerAddresses: [] }),
      proxy: {},
    });
    const { target, clouds } = azuriteTarget(sharedServers().azurite, 'omega');
    const bucket = await createOpenBucket({ net: closed, clouds })(target);
    expect(await bucket.list('', 1, signal)).toMatchObject({ ok: false, error: { kind: 'EndpointForbidden' } });
    await closed.close();
  });
});
