import { afterEach, describe, expect, it } from '@jest/globals';
import { answers, withHeaders } from '../servers/fault-server/acts.ts';
import { deepJson, deepXml, gzipBomb, xmlBomb } from '../servers/fault-server/bombs.ts';
import type { FaultBehaviour } from '../servers/fault-server/fault.ts';
import { drips, dripsHeaders, endless, endlessHeaders } from '../servers/fault-server/wire.ts';
import { SECRETS } from '../contract/failure-catalogue/places.ts';
import { startScriptedStore, type ScriptedStore } from '../contract/failure-catalogue/scripted-store.ts';
import { startProxy } from './connect-proxy.ts';
import { answering, cleanUp, OK, startServer } from './servers.ts';

const PROVIDERS = ['S3Compatible', 'GCS', 'AzureBlob'] as const;
type Provider = (typeof PROVIDERS)[number];

const stores: ScriptedStore[] = [];
afterEach(async () => {
  for (const store of stores.splice(0)) await store.stop();
  await cleanUp();
});

async function open(provider: Provider): Promise<ScriptedStore> {
  const store = await startScriptedStore(provider);
  stores.push(store);
  return store;
}

const WAYS = ['directly', 'through a proxy'] as const;

async function wayBy(way: (typeof WAYS)[number]): Promise<{ readonly proxy?: string }> {
  return way === 'directly' ? {} : { proxy: (await startProxy()).host };
}

const everyWay = PROVIDERS.flatMap((provider) => WAYS.map((way) => ({ provider, way })));

const ATTACKS: readonly (readonly [string, FaultBehaviour])[] = [
  ['headers a byte at a time', dripsHeaders],
  ['a body a byte at a time', drips],
  ['an endless body', endless(200)],
  ['an endless error', endless(403)],
  ['endless headers', endlessHeaders],
  ['a gzip bomb', gzipBomb(200)],
  ['a gzip bomb as an error', gzipBomb(403)],
  ['an XML bomb', xmlBomb(200, 'ListBucketResult')],
  ['an XML bomb as an error', xmlBomb(403, 'Error')],
  ['XML of great depth', deepXml(403, 'Error')],
  ['JSON of great depth', deepJson(403)],
];

describe('a probe of a hostile store (scripted fault server)', () => {
  it.each(everyWay.flatMap((row) => ATTACKS.map(([attack, act]) => ({ ...row, attack, act }))))(
    'of $provider, reached $way, ends with a reason for $attack',
    async ({ provider, way, act }) => {
      const store = await open(provider);
      store.breakWith({ meets: 'everything', does: act });
      const began = performance.now();
      const { isProven, results } = await store.probe(await wayBy(way));
      expect(isProven).toBe(false);
      expect(results.filter(({ result }) => result === 'Fail')).not.toEqual([]);
      expect(performance.now() - began).toBeLessThan(10_000);
    },
  );

  it.each(everyWay)(
    'of $provider, reached $way, follows no redirect to a metadata service',
    async ({ provider, way }) => {
      const metadata = await startServer(answering(OK));
      const store = await open(provider);
      const location = `http://${metadata.host}/latest/meta-data/iam/security-credentials/`;
      for (const status of [301, 302, 303, 307, 308]) {
        store.breakWith({ meets: 'everything', does: answers({ status, headers: { location } }) });
        const { isProven } = await store.probe(await wayBy(way));
        expect(isProven).toBe(false);
      }
      expect(metadata.connections).toBe(0);
    },
  );

  it.each(everyWay)(
    'of $provider, reached $way, stops when its name turns to a metadata service',
    async ({ provider, way }) => {
      const store = await open(provider);
      store.breakWith({ meets: 'everything', does: withHeaders({ connection: 'close' }) });
      let questions = 0;
      const resolve = () => Promise.resolve([questions++ === 0 ? '127.0.0.1' : '169.254.169.254']);
      const outcome = await store.probe({ ...(await wayBy(way)), resolve });
      expect(outcome.results.find(({ name }) => name === 'EndpointAllowed')?.reason).toBe('EndpointForbidden');
      expect(store.operations).toEqual(['anonymous list']);
    },
  );

  it.each(PROVIDERS)('of %s never hears the key that signs', async (provider) => {
    const store = await open(provider);
    const heard: string[] = [];
    store.breakWith({
      meets: 'everything',
      does: ({ asked, serve }) => {
        heard.push(JSON.stringify([asked.path, asked.query.toString(), asked.headers, asked.body.toString('latin1')]));
        return serve();
      },
    });
    expect((await store.probe()).isProven).toBe(true);
    expect(heard.length).toBeGreaterThan(10);
    for (const secret of SECRETS.slice(0, 3)) expect(heard.join('\n')).not.toContain(secret);
  });
});
