import { describe, expect, it } from '@jest/globals';
import { fileStoreEntries } from './file-stores.ts';
import { decodeLedger, emptyLedger, encodeLedger, type Ledger } from './ledger.ts';
import { renderOutputs } from './outputs.ts';
import { Secret } from '../secret.ts';
import type { S3CompatibleStorage } from '../storage.ts';
import { updateLedger, type LiveClaim, type Proof } from './update-ledger.ts';

const RULES = { cloud: 'OnPremises', separator: ',' } as const;
const EMPTY = emptyLedger('00112233445566778899aabbccddeeff');

function storage(name: string, path = ''): S3CompatibleStorage {
  return {
    provider: 'S3Compatible',
    name,
    path,
    endpoint: { scheme: 'https', host: 'minio.example', port: 443 },
    region: 'us-east-1',
    addressing: 'Path',
    credentials: { kind: 'AccessKey', secretName: 's', accessKeyIdKey: 'a', secretAccessKeyKey: 'b' },
  };
}

function proof(bucket: string, digest = 'd1', provenAt = '2026-01-01T00:00:00Z', path = ''): Proof {
  return {
    storage: storage(bucket, path),
    credential: { kind: 'AccessKey', accessKeyId: `id-${digest}`, secretAccessKey: new Secret(`secret-${digest}`) },
    credentialDigest: digest,
    provenAt,
  };
}

function team(name: string, rest: Partial<LiveClaim> = {}): LiveClaim {
  return {
    claim: { kind: 'TeamStorage', name, uid: `uid-${name}`, team: name },
    deletionPolicy: 'Retain',
    suspended: false,
    ...rest,
  };
}

function entries(ledger: Ledger): readonly string[] {
  return fileStoreEntries(ledger.stores, RULES.cloud);
}

const published = updateLedger(EMPTY, [team('omega', { proof: proof('b') })], RULES).ledger;

describe('updateLedger', () => {
  it('never publishes what was not proven', () => {
    const { ledger, publications } = updateLedger(EMPTY, [team('omega')], RULES);

    expect(entries(ledger)).toEqual([]);
    expect(publications.get('uid-omega')).toEqual({ state: 'AwaitingProof' });
  });

  it.each<[string, readonly LiveClaim[]]>([
    ['fails its validation', [team('omega')]],
    ['is suspended', [team('omega', { suspended: true, proof: proof('b', 'd2') })]],
    ['is deleted with Retain', []],
  ])('keeps the proven entry when the claim %s', (_, live) => {
    const { ledger } = updateLedger(published, live, RULES);

    expect(entries(ledger)).toEqual(entries(published));
  });

  it('takes an entry away by deletionPolicy Remove alone', () => {
    const removable = updateLedger(published, [team('omega', { deletionPolicy: 'Remove' })], RULES).ledger;

    expect(entries(updateLedger(removable, [], RULES).ledger)).toEqual([]);
  });

  it('keeps a removed entry while another claim still uses its bucket', () => {
    const removable = updateLedger(published, [team('omega', { deletionPolicy: 'Remove' })], RULES).ledger;

    const { ledger } = updateLedger(removable, [team('kappa', { usesBucketOf: 'omega' })], RULES);

    expect(entries(ledger)).toEqual(entries(published));
  });

  it('replaces an entry when another credential was proven, and says when that was', () => {
    const live = [team('omega', { proof: proof('b', 'd2', '2026-02-01T00:00:00Z') })];

    const { ledger } = updateLedger(published, live, RULES);

    expect(entries(ledger)).toEqual([expect.stringContaining('id-d2')]);
    expect(ledger.stores[0]?.rotatedAt).toBe('2026-02-01T00:00:00Z');
  });

  it('does not change when the same is proven again', () => {
    const live = [team('omega', { proof: proof('b', 'd1', '2026-03-01T00:00:00Z') })];

    expect(encodeLedger(updateLedger(published, live, RULES).ledger)).toBe(encodeLedger(published));
  });

  it('lets a later claim on the same bucket adopt what was retained', () => {
    const retained = updateLedger(published, [], RULES).ledger;

    const { ledger } = updateLedger(retained, [team('next', { proof: proof('b') })], RULES);

    expect(ledger.stores.map((store) => [store.claim.name, store.retained])).toEqual([['next', false]]);
  });

  it('shares one entry among teams on one bucket, and takes the newer key while it rotates', () => {
    const live = [
      team('kappa', { proof: proof('b', 'd1', '2026-01-01T00:00:00Z', 'teams/kappa') }),
      team('omega', { proof: proof('b', 'd2', '2026-02-01T00:00:00Z', 'teams/omega') }),
    ];

    const { ledger } = updateLedger(EMPTY, live, RULES);

    expect(entries(ledger)).toEqual([expect.stringContaining('id-d2')]);
  });

  it('refuses the newcomer that does not fit and keeps the incumbent', () => {
    const limit = Buffer.byteLength(entries(published).join(',')) + 10;
    const live = [
      team('omega', { proof: proof('b') }),
      team('late', { proof: proof('c', 'd3', '2026-02-01T00:00:00Z') }),
    ];

    const { ledger, publications } = updateLedger(published, live, { ...RULES, maxBytes: limit });

    expect(entries(ledger)).toEqual(entries(published));
    expect(publications.get('uid-late')).toMatchObject({ state: 'Refused', problem: { reason: 'FileStoresFull' } });
    expect(publications.get('uid-omega')).toMatchObject({ state: 'Published' });
  });
});

describe('the ledger', () => {
  it('comes back from its encoding unchanged', () => {
    const decoded = decodeLedger(encodeLedger(published));

    expect(decoded).toBeDefined();
    expect(encodeLedger(decoded ?? EMPTY)).toBe(encodeLedger(published));
  });

  it.each([
    '',
    'null',
    '{}',
    '{"format":3,"salt":"x","stores":[]}',
    '{"format":1,"salt":"x"}',
    '{"format":1,"salt":"x","stores":[{}]}',
  ])('is not read from %j', (text) => {
    expect(decodeLedger(text)).toBeUndefined();
  });
});

describe('renderOutputs', () => {
  const context = {
    secretName: 'wandb-storage',
    cloud: 'OnPremises',
    format: { separator: ',', variables: ['FILE_STORES'] },
  } as const;

  it('gives the same bytes whatever the order of the claims', () => {
    const claims = [
      team('a', { proof: proof('b1') }),
      team('b', { proof: proof('b2') }),
      team('c', { proof: proof('b3') }),
    ];

    const forth = renderOutputs(updateLedger(EMPTY, claims, RULES).ledger, context);
    const back = renderOutputs(updateLedger(EMPTY, [...claims].reverse(), RULES).ledger, context);

    expect(back).toEqual(forth);
  });

  it('leaves the variable out when there is no entry', () => {
    expect(renderOutputs(EMPTY, context).secret).toEqual({});
  });

  it('puts no secret into the ConfigMap', () => {
    const instance = { ...team('wandb', { proof: proof('i', 'd9') }) };
    const live: LiveClaim = { ...instance, claim: { kind: 'InstanceStorage', name: 'wandb', uid: 'u' } };
    const { ledger } = updateLedger(EMPTY, [live, team('omega', { proof: proof('b') })], RULES);

    const { configMap, secret } = renderOutputs(ledger, context);

    expect(JSON.stringify(configMap)).not.toContain('secret-d');
    expect(secret['BUCKET']).toContain('secret-d9');
    expect(secret['FILE_STORES']).toContain('secret-d1');
    expect(configMap['values.yaml']).toMatchInlineSnapshot(`
     "global:
       bucket:
         provider: s3
         name: minio.example
         path: i?region=us-east-1&tls=true
         region: us-east-1
         kmsKey: null
         secret:
           secretName: wandb-storage
           accessKeyName: ACCESS_KEY
           secretKeyName: SECRET_KEY
       env:
         FILE_STORES:
           valueFrom:
             secretKeyRef:
               name: wandb-storage
               key: FILE_STORES
     "
    `);
  });
});
