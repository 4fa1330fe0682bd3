import { beforeAll, describe, expect, it } from '@jest/globals';
import type { CheckName } from '../../src/checks/catalogue.ts';
import { CATALOGUE } from '../../src/checks/catalogue.ts';
import { answers, echoes, html } from '../servers/fault-server/acts.ts';
import type { FaultBehaviour } from '../servers/fault-server/fault.ts';
import type { Certificate } from '../servers/fault-server/server.ts';
import { createPki } from '../net/servers.ts';
import { BUCKET, PROVIDERS, type Provider } from './failure-catalogue/places.ts';
import { startScriptedStore, type ScriptedStore } from './failure-catalogue/scripted-store.ts';
import type { FaultCase } from './failure-catalogue/fault-case.ts';
import { TABLE } from './failure-catalogue/table.ts';

/** What says that somebody is there, and nothing of a store. */
const REACHABILITY: readonly CheckName[] = [
  'NameValid',
  'EndpointAllowed',
  'EndpointReachable',
  'TlsTrusted',
  'ClockInSync',
  // These judge the way and the spec.
  'MixedContent',
  'EndpointPublic',
  'CredentialLifetime',
  'CaKnownToServer',
  'TlsExpiry',
];

async function withStore<T>(store: ScriptedStore, use: (store: ScriptedStore) => Promise<T>): Promise<T> {
  try {
    return await use(store);
  } finally {
    await store.stop();
  }
}

function says(contentType: string, body: string, more: Readonly<Record<string, string>> = {}): FaultBehaviour {
  return answers({ status: 200, headers: { 'content-type': contentType, ...more }, body });
}

/** Listings that are not of this bucket, or of no bucket at all. */
const YEA_SAYERS: readonly (readonly [string, FaultBehaviour])[] = [
  ['nothing', answers({ status: 200 })],
  ['nothing, with an ETag', answers({ status: 200, headers: { etag: '"1"' } })],
  ['a page', html(200)],
  ['what it was asked', echoes],
  [
    'a listing of another bucket of S3',
    says('application/xml', '<ListBucketResult><Name>other</Name></ListBucketResult>'),
  ],
  [
    'a listing of another container of Azure',
    says(
      'application/xml',
      '<EnumerationResults ServiceEndpoint="https://x/" ContainerName="other"><Blobs/></EnumerationResults>',
      { 'x-ms-request-id': '1' },
    ),
  ],
  ['a listing in JSON', says('application/json', '{"kind":"listing","items":[]}')],
  [
    'an object of another bucket of GCS',
    says('application/json', '{"kind":"storage#objects","items":[{"bucket":"other","name":"a"}]}'),
  ],
];

/** Listings of this bucket, for every request: as good a lie as a fixed answer can be. */
const BEST_LIES: Readonly<Record<Provider, FaultBehaviour>> = (() => {
  const headers = { etag: '"1"', 'x-goog-generation': '1', 'x-ms-request-id': '1', 'access-control-allow-origin': '*' };
  const s3 = says('application/xml', `<ListBucketResult><Name>${BUCKET}</Name></ListBucketResult>`, headers);
  const gcs = says('application/json', '{"kind":"storage#objects"}', headers);
  const azure = says(
    'application/xml',
    `<EnumerationResults ServiceEndpoint="https://x/" ContainerName="${BUCKET}"><Blobs/></EnumerationResults>`,
    headers,
  );
  return { S3: s3, S3Compatible: s3, CoreWeave: s3, GCS: gcs, AzureBlob: azure };
})();

const crossed = <T>(rows: readonly T[]) => PROVIDERS.flatMap((provider) => rows.map((row) => ({ provider, row })));

describe('a store that says yes to everything (scripted fault server)', () => {
  it.each(crossed(YEA_SAYERS).map(({ provider, row: [name, act] }) => ({ provider, name, act })))(
    'in place of $provider, with $name, passes nothing beyond reachability',
    async ({ provider, act }) => {
      await withStore(await startScriptedStore(provider), async (store) => {
        store.breakWith({ meets: 'everything', does: act });
        for (const mode of ['Full', 'Light'] as const) {
          const { results, isProven } = await store.probe({}, mode);
          const passed = results.filter(({ result }) => result === 'Pass' || result === 'Warn').map(({ name }) => name);
          expect(passed.filter((name) => !REACHABILITY.some((one) => one === name))).toEqual([]);
          expect(isProven).toBe(false);
        }
      });
    },
  );

  it.each(PROVIDERS)(
    'in place of %s, with a perfect listing each time, can neither keep nor lose an object',
    async (provider) => {
      await withStore(await startScriptedStore(provider), async (store) => {
        store.breakWith({ meets: 'everything', does: BEST_LIES[provider] });
        const { results, isProven } = await store.probe();
        const isPassed = (name: string) => results.find((one) => one.name === name)?.result === 'Pass';
        expect(['CanRead', 'CanDelete', 'PresignedUrls', 'NotPublic', 'CorsAllowsApp'].filter(isPassed)).toEqual([]);
        expect(isProven).toBe(false);
      });
    },
  );
});

/** A situation that breaks a check and nothing but a store, a name or an address. */
function breaking(check: string, provider: Provider): FaultCase | undefined {
  return TABLE.find(
    (row) =>
      row.check === check &&
      row.providers.includes(provider) &&
      row.result !== 'Warn' &&
      row.way?.port === undefined &&
      row.way?.proxy === undefined,
  );
}

/** Required checks that have no meaning for a provider. */
const MEANINGLESS: Partial<Readonly<Record<CheckName, readonly Provider[]>>> = {
  OwnerMatches: ['S3Compatible', 'CoreWeave', 'GCS', 'AzureBlob'],
  RegionMatches: ['GCS', 'AzureBlob'],
  // Only GCS is asked for it by W&B; elsewhere it is a warning.
  VersioningEnabled: ['S3', 'S3Compatible', 'CoreWeave', 'AzureBlob'],
  // Of the spec and the front end: `test/contract/settings-*.test.ts` and the table of rules.
  MixedContent: PROVIDERS,
  EncryptionMatches: PROVIDERS,
  KmsUsable: ['CoreWeave'],
  // Stores that speak S3 answer it as any other refusal.
  RequesterPaysOff: ['S3', 'S3Compatible', 'CoreWeave', 'AzureBlob'],
};

describe('a store that is broken in one respect (scripted fault server)', () => {
  let untrusted: Certificate;
  beforeAll(async () => {
    const pki = await createPki();
    pki.ca();
    untrusted = pki.issue({ hosts: 'store.test' });
  });

  const required = CATALOGUE.filter((check) => check.required).map(({ name }) => name);
  const rows = crossed(required).filter(({ provider, row }) => MEANINGLESS[row]?.includes(provider) !== true);

  it.each(rows)('of $provider, $row, is never proven', async ({ provider, row: check }) => {
    const situation = breaking(check, provider);
    if (situation === undefined) throw new Error(`the table of situations breaks ${check} of ${provider} nowhere`);
    const certificate = situation.certificate === undefined ? undefined : untrusted;
    await withStore(await startScriptedStore(provider, certificate), async (store) => {
      store.breakWith(situation.fault);
      const { results, isProven } = await store.probe(situation.way);
      expect(results.find(({ name }) => name === check)?.result).not.toBe('Pass');
      expect(isProven).toBe(false);
    });
  });

  it.each(PROVIDERS)('of %s and that is in order is proven by a full probe, and by no light one', async (provider) => {
    await withStore(await startScriptedStore(provider), async (store) => {
      const full = await store.probe();
      expect(full.isProven).toBe(true);
      expect(full.seen.requests).toBeLessThanOrEqual(30);
      expect(store.operations.filter((name) => name.startsWith('?'))).toEqual([]);
      expect((await store.probe({}, 'Light')).isProven).toBe(false);
      expect(store.keys()).toEqual([]);
    });
  });
});
