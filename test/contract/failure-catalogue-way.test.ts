import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { answering, cleanUp, createPki, startServer, type Pki } from '../net/servers.ts';
import { freePorts } from '../servers/process.ts';
import type { Certificate } from '../servers/fault-server/server.ts';
import { PROVIDERS } from './failure-catalogue/places.ts';
import { prove } from './failure-catalogue/prove.ts';
import { startScriptedStore, type ScriptedStore } from './failure-catalogue/scripted-store.ts';
import { ALL, type Shown, type FaultCase } from './failure-catalogue/fault-case.ts';
import { DOTTED_NAME, tlsSituations, waySituations } from './failure-catalogue/way-situations.ts';

const systemCas = getCACertificates('default');
const ids = (situations: readonly FaultCase[]) =>
  situations.flatMap((row) => row.providers.map((provider) => ({ provider, ...row })));

/** Ports are known when the test runs; the rows are written before. */
const NOWHERE = { nobody: 0, plainHttp: 0, silent: 0, refusingProxy: () => '' };
/** Of each status: `host:port` of a proxy that answers everything with it, marked as Squid does. */
const refusingProxies = new Map<number, string>();
const refusingProxy = (status: number): string => refusingProxies.get(status) ?? '';

let pki: Pki;
beforeAll(async () => {
  pki = await createPki();
  setDefaultCACertificates([...systemCas, pki.ca()]);
  for (const status of [403, 407, 502]) {
    const answer = `HTTP/1.1 ${status} CANARY\r\nX-Squid-Error: CANARY\r\nContent-Length: 0\r\n\r\n`;
    const { host } = await startServer(answering(answer));
    refusingProxies.set(status, host);
  }
});
afterAll(async () => {
  setDefaultCACertificates(systemCas);
  await cleanUp();
});

async function atStore(
  store: ScriptedStore,
  row: FaultCase | undefined,
  lift: () => void = () => undefined,
): Promise<void> {
  try {
    if (row === undefined) throw new Error('no such situation');
    await prove(store, row, lift);
  } finally {
    await store.stop();
  }
}

describe('the way to a store (scripted fault server)', () => {
  let situations: readonly FaultCase[] = [];
  beforeAll(async () => {
    const [nobody = 0] = await freePorts(1);
    situations = waySituations({ nobody, refusingProxy });
  });

  it.each(ids(waySituations(NOWHERE)))('$provider, $id: $check is $reason', async ({ provider, id }) => {
    const row = situations.find((one) => one.id === id);
    await atStore(await startScriptedStore(provider), row);
  });
});

describe('a store with TLS (scripted fault server)', () => {
  let situations: readonly FaultCase[] = [];
  let certificates: Readonly<Record<Shown, Certificate>>;
  beforeAll(async () => {
    const plain = await startServer((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    );
    const silent = await startServer(() => undefined);
    situations = tlsSituations({ plainHttp: plain.port, silent: silent.port, refusingProxy });
    const hosts = ['*.s3.us-east-1.aws.test', 's3.us-east-1.aws.test', 'store.test', '*.cw.test', 'cw.test', 'gcs.test']
      .concat('acmewandb.blob.test')
      .join(',');
    pki.ca('nobody-knows');
    pki.issuingCa('issuing');
    certificates = {
      good: pki.issue({ hosts }),
      'of an unknown CA': pki.issue({ hosts, ca: 'nobody-knows' }),
      expired: pki.issue({ hosts, from: -7200, until: -3600 }),
      'not yet valid': pki.issue({ hosts, from: 3600, until: 7200 }),
      'without its intermediate': pki.issue({ hosts, ca: 'issuing' }),
      'without names': pki.issue({ commonName: 'store.test' }),
      weak: pki.issue({ hosts, rsa: 1024 }),
      'of another host': pki.issue({ hosts: 'other.test' }),
    };
  });

  it.each(ids([...tlsSituations(NOWHERE), DOTTED_NAME]))(
    '$provider, $id: $check is $reason',
    async ({ provider, id }) => {
      const row = [...situations, DOTTED_NAME].find((one) => one.id === id);
      const store = await startScriptedStore(provider, certificates[row?.certificate ?? 'good']);
      await atStore(store, row, () => store.present(certificates.good));
    },
  );

  it.each(PROVIDERS)('of %s, each check of which passes, is proven', async (provider) => {
    const store = await startScriptedStore(provider, certificates.good);
    await atStore(store, { id: 'nothing', providers: ALL, check: 'NameValid', result: 'Pass', reason: 'Passed' });
  });
});
