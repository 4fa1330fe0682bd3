import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { atLeast } from '../../../test/support/property-runs.ts';
import { stringify } from 'yaml';
import {
  anyAmbientBucket,
  anyBucket,
  anyFormat,
  SALT,
  type Bucket,
} from '../../../test/support/fakes/arbitrary-stores.ts';
import { bucket, evidence, instanceClaim, proofOf, team, update } from '../../../test/support/fakes/publication.ts';
import { bucketId } from '../bucket/bucket-id.ts';
import { credentialDigest, keyedDigest, revealCredential } from '../credentials/credential.ts';
import { chartEnvironment } from './server-config.ts';
import { Secret } from '../../base/secret.ts';
import type { Credential } from '../credentials/credential-types.ts';
import type { BucketStorage } from '../bucket/storage.ts';
import { fileStoreEntry, redactedAddress } from './file-store-address.ts';
import type { DeploymentCloud } from './file-stores.ts';
import type { FormerLedger, FormerRecord } from './former-ledger.ts';
import { chartBucket, instanceBucketVariables, instanceEnvironment, instanceSecretKeys } from './instance-keys.ts';
import { decodeLedger } from './ledger-format.ts';
import { placeOf, type FileStoresFormat, type Row } from './ledger.ts';
import { migrateLedger } from './migrate-ledger.ts';
import { renderOutputs, type OutputData } from './outputs.ts';

const NOW = Date.parse('2024-06-01T00:00:00Z');
const NAME = 'wandb-storage';
const NATIVE: Readonly<Record<string, DeploymentCloud>> = { S3: 'AWS', GCS: 'GCP', AzureBlob: 'Azure' };

const compare = (left: string, right: string): number => (left === right ? 0 : left < right ? -1 : 1);

function keyOf({ storage, claim }: FormerRecord): string {
  return [bucketId(storage), storage.path, claim.kind, claim.name, claim.uid].join('\n');
}

function hasEntry({ claim, storage }: FormerRecord, cloud: DeploymentCloud): boolean {
  return claim.kind === 'TeamStorage' && (storage.credentials.kind !== 'Ambient' || NATIVE[storage.provider] !== cloud);
}

/** Live before retained, then the newer proof, then the canonical order. */
function isPreferred(record: FormerRecord, other: FormerRecord): boolean {
  if (record.retained !== other.retained) return other.retained;
  if (record.provenAt !== other.provenAt) return record.provenAt > other.provenAt;
  return compare(keyOf(record), keyOf(other)) < 0;
}

function formerEntries(records: readonly FormerRecord[], cloud: DeploymentCloud): readonly string[] {
  const best = new Map<string, FormerRecord>();
  for (const record of records.filter((one) => hasEntry(one, cloud))) {
    const other = best.get(bucketId(record.storage));
    if (other === undefined || isPreferred(record, other)) best.set(bucketId(record.storage), record);
  }
  return [...new Set([...best.values()].map(({ storage, credential }) => fileStoreEntry(storage, credential)))].sort(
    compare,
  );
}

/** The outputs of version 0.1.0, as a simple and slow model of its `renderOutputs`, `FileStoreSet` and `listing`. */
function formerOutputs(
  { salt, records }: FormerLedger,
  { cloud, format }: { readonly cloud: DeploymentCloud; readonly format: FileStoresFormat },
): { readonly secret: OutputData; readonly configMap: OutputData } {
  const entries = formerEntries(records, cloud);
  const fileStores = entries.join(format.separator);
  const variables = entries.length === 0 ? [] : format.variables;
  const instance = records.find(({ claim }) => claim.kind === 'InstanceStorage');
  const slot: Row | undefined = instance && { ...instance, address: instance.storage, digest: '' };
  const keys = slot === undefined ? {} : instanceSecretKeys(slot);
  const environment = slot === undefined ? {} : instanceEnvironment(slot);
  const secret = sorted({ ...keys, ...Object.fromEntries(variables.map((name) => [name, fileStores])) });
  const hash = keyedDigest(salt, Object.entries(secret).flat());
  const chart = slot === undefined ? undefined : chartBucket(slot, NAME);
  const env = chartEnvironment({
    hash,
    name: NAME,
    ...(chart !== undefined && { chartBucket: chart }),
    bucketVariables: slot === undefined ? [] : instanceBucketVariables(slot),
    fileStoreVariables: variables,
    objectStoreKeys: Object.keys(keys).sort(compare),
    environmentKeys: Object.keys(environment).sort(compare),
  });
  const values = { ...(chart !== undefined && { bucket: chart }), ...(Object.keys(env).length > 0 && { env }) };
  const lines = records
    .toSorted((left, right) => compare(keyOf(left), keyOf(right)))
    .map((record) => ({
      claim: `${record.claim.kind}/${record.claim.name}`,
      ...(record.claim.team !== undefined && { team: record.claim.team }),
      address: redactedAddress(record.storage, record.storage.credentials.kind),
      entry: hasEntry(record, cloud),
      provenAt: record.provenAt,
      ...(record.retained && { retained: true }),
    }));
  const configMap = sorted({
    ...environment,
    'secret-hash': hash,
    'stores.yaml': stringify(lines),
    'values.yaml': stringify({ global: values }),
  });
  return { secret, configMap };
}

function sorted(data: OutputData): OutputData {
  return Object.fromEntries(Object.entries(data).sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** Another key for the same bucket. */
function another(credential: Credential): Credential {
  switch (credential.kind) {
    case 'AccessKey':
      return { ...credential, accessKeyId: `${credential.accessKeyId}2` };
    case 'ServiceAccountKey':
      return { ...credential, clientEmail: `${credential.clientEmail}2` };
    case 'AccountKey':
      return { ...credential, accountKey: new Secret(`${credential.accountKey.reveal()}2`) };
  }
}

interface Member {
  readonly at: number;
  readonly kind: 'InstanceStorage' | 'TeamStorage';
  readonly variant: 'as it is' | 'another key' | 'another region' | 'ambient';
  readonly path: string;
  readonly day: number;
  readonly retained: boolean;
  readonly deletionPolicy: 'Retain' | 'Remove';
}

const members: fc.Arbitrary<Member> = fc.record({
  at: fc.nat(),
  kind: fc.constantFrom('TeamStorage' as const, 'TeamStorage' as const, 'InstanceStorage' as const),
  variant: fc.constantFrom('as it is', 'as it is', 'another key', 'another region', 'ambient' as const),
  path: fc.constantFrom('', 'p', 'p/q'),
  day: fc.integer({ min: 1, max: 4 }),
  retained: fc.boolean(),
  deletionPolicy: fc.constantFrom('Retain' as const, 'Remove' as const),
});

function recordOf(
  base: Bucket,
  { kind, variant, path, day, retained, deletionPolicy }: Member,
  index: number,
): FormerRecord {
  const isAmbient = variant === 'ambient' || base.credential === undefined;
  const located = { ...base.storage, path } as BucketStorage;
  const moved = variant === 'another region' && 'region' in located ? { ...located, region: 'ap-south-1' } : located;
  const storage = isAmbient ? { ...moved, credentials: { kind: 'Ambient' as const } } : moved;
  const credential =
    variant === 'another key' && base.credential !== undefined ? another(base.credential) : base.credential;
  return {
    // The name of an instance is one; a team has one UID for each incarnation.
    claim:
      kind === 'InstanceStorage'
        ? { kind, name: 'wandb', uid: `uid-${String(index)}` }
        : { kind, name: `t${String(index)}`, uid: `uid-${String(index)}`, team: `team ${String(index)}` },
    storage,
    ...(!isAmbient && credential !== undefined && { credential }),
    provenAt: `2026-01-0${String(day)}T00:00:00Z`,
    deletionPolicy,
    retained,
  };
}

const formers: fc.Arbitrary<FormerLedger> = fc
  .record({
    buckets: fc.array(fc.oneof(anyBucket, anyAmbientBucket), { minLength: 1, maxLength: 3 }),
    all: fc.array(members, { maxLength: 6 }),
  })
  .map(({ buckets, all }): FormerLedger => {
    const records = all.map((member, index) => recordOf(buckets[member.at % buckets.length]!, member, index));
    const isIdentity = ({ claim, storage }: FormerRecord): boolean =>
      claim.kind === 'TeamStorage' && storage.provider === 'CoreWeave' && storage.credentials.kind === 'Ambient';
    // CoreWeave by identity stood alone; of one name there was one record at one place.
    const usable = records.some(isIdentity)
      ? records.filter((record) => record.claim.kind === 'InstanceStorage' || isIdentity(record))
      : records;
    return {
      salt: SALT,
      records: [
        ...new Map(usable.map((record) => [`${record.claim.name} ${placeOf(record.storage)}`, record])).values(),
      ],
    };
  });
const clouds = fc.constantFrom<DeploymentCloud>('AWS', 'GCP', 'Azure', 'CoreWeave', 'OnPremises');

describe('a ledger of format 1 or 2', () => {
  it('is taken over byte for byte, conflicts and former instance buckets included (property)', () => {
    fc.assert(
      fc.property(formers, clouds, anyFormat, fc.integer(), (former, cloud, format, seed) => {
        const before = formerOutputs(former, { cloud, format });
        // It was written from memory, and is read back in another order.
        const [records] = fc.sample(fc.shuffledSubarray([...former.records], { minLength: former.records.length }), {
          seed,
          numRuns: 1,
        });
        const ledger = migrateLedger({ ...former, records: records ?? [] }, before.secret, { cloud, format }, NOW);
        const after = renderOutputs(ledger, NAME);

        expect(after.secret).toEqual(before.secret);
        expect(after.configMap).toEqual(before.configMap);
        expect(ledger.salt.reveal()).toBe(former.salt.reveal());
      }),
      atLeast(500),
    );
  });

  it('is written as it stands, also where the spec asks for another format by now (property)', () => {
    fc.assert(
      fc.property(formers, clouds, anyFormat, anyFormat, (former, cloud, format, wanted) => {
        const before = formerOutputs(former, { cloud, format });
        const ledger = migrateLedger(former, before.secret, { cloud, format: wanted }, NOW);
        expect(renderOutputs(ledger, NAME).secret).toEqual(before.secret);
      }),
    );
  });

  it('that was never published is rendered in the format of the spec', () => {
    const records = [recordOf({ storage: bucket('b'), credential: KEY }, MEMBER, 0)];
    const ledger = migrateLedger(
      { salt: SALT, records },
      undefined,
      {
        cloud: 'OnPremises',
        format: { separator: ';', variables: ['X'] },
      },
      NOW,
    );
    expect(renderOutputs(ledger, NAME).secret['X']).toContain('id-one');
  });
});

const KEY: Credential = { kind: 'AccessKey', accessKeyId: 'id-one', secretAccessKey: new Secret('s') };
const MEMBER: Member = {
  at: 0,
  kind: 'TeamStorage',
  variant: 'as it is',
  path: '',
  day: 1,
  retained: false,
  deletionPolicy: 'Retain',
};
const SPEC = { cloud: 'OnPremises', format: { separator: ',', variables: ['STORES'] } } as const;

describe('a published credential conflict', () => {
  const base = { storage: bucket('b'), credential: KEY };
  const former: FormerLedger = {
    salt: SALT,
    records: [
      recordOf(base, { ...MEMBER, path: 'a', day: 1 }, 0),
      recordOf(base, { ...MEMBER, path: 'b', day: 2, variant: 'another key' }, 1),
    ],
  };
  const { secret } = formerOutputs(former, SPEC);
  const ledger = migrateLedger(former, secret, SPEC, NOW);

  it('stays as it is published, and shows in the record of the other', () => {
    expect(secret['STORES']).toContain('id-one2');
    expect(ledger.rows.map(({ digest }) => digest)).toEqual([credentialDigest(SALT, another(KEY))]);
    expect(ledger.claims.map(({ name, digest }) => [name, digest])).toEqual([
      ['t0', credentialDigest(SALT, KEY)],
      ['t1', credentialDigest(SALT, another(KEY))],
    ]);
  });

  it('ends when both prove the same', () => {
    const live = [0, 1].map((index) => {
      const claim = team(`t${String(index)}`, bucket('b', index === 0 ? 'a' : 'b'));
      return {
        ...claim,
        uid: `uid-${String(index)}`,
        proof: { ...proofOf(bucket('b', index === 0 ? 'a' : 'b'), 'both') },
      };
    });
    expect(update(ledger, live).ledger.rows.map(({ digest }) => digest)).toEqual(['both']);
  });
});

describe('a Secret that was edited before the upgrade', () => {
  const records = ['a', 'b'].map((name, index) =>
    recordOf({ storage: bucket(name), credential: { ...KEY, accessKeyId: `id-${name}` } }, MEMBER, index),
  );
  const former: FormerLedger = { salt: SALT, records };
  const published = formerOutputs(former, SPEC).secret;

  it.each<[string, OutputData]>([
    ['a key was added', { A_NOTE: 'do not touch', ...published }],
    ['the file stores were replaced', { STORES: 's3://other' }],
    ['it was emptied', {}],
  ])('%s: every key that was published stays published', (_, secret) => {
    const ledger = migrateLedger(former, secret, SPEC, NOW);
    expect(ledger.claims.map(({ hasRow }) => hasRow)).toEqual([true, true]);
    expect(renderOutputs(ledger, NAME).secret).toEqual(published);

    const { ledger: next } = update(ledger, [team('t0', bucket('a'))]);
    expect(renderOutputs(next, NAME).secret).toEqual(published);
  });
});

describe('a former ledger', () => {
  it('with a key that was edited by hand before the upgrade takes the key that is proven next', () => {
    const { credential, ...record } = recordOf({ storage: bucket('b'), credential: another(KEY) }, MEMBER, 0);
    const edited = {
      ...record,
      credential: revealCredential(credential ?? KEY),
      credentialDigest: credentialDigest(SALT, KEY),
    };
    const decoded = decodeLedger(JSON.stringify({ format: 1, salt: SALT.reveal(), stores: [edited] }));
    if (!decoded.ok || decoded.value.kind !== 'Former') throw new Error('it is no ledger of a former format');
    const ledger = migrateLedger(decoded.value.ledger, undefined, SPEC, NOW);
    const proof = { ...proofOf(bucket('b'), credentialDigest(SALT, KEY)), credential: KEY };
    const { rows } = update(ledger, [{ ...team('t0', bucket('b')), uid: 'uid-0', proof }]).ledger;

    expect(rows.map((row) => row.credential)).toEqual([KEY]);
  });
});

describe('an InstanceStorage that was recreated with another bucket', () => {
  const records = ['old', 'new'].map((name, index) =>
    recordOf(
      { storage: bucket(name), credential: KEY },
      { ...MEMBER, kind: 'InstanceStorage', retained: name === 'old' },
      index,
    ),
  );

  it.each([
    ['the retained one stands', records],
    ['the live one stands', records.toReversed()],
  ])('%s: it stays in the slot', (_, order) => {
    const { secret } = formerOutputs({ salt: SALT, records: order }, SPEC);
    const ledger = migrateLedger({ salt: SALT, records }, secret, SPEC, NOW);

    expect(ledger.slot?.address.name).toBe(order[0]?.storage.name);
    expect(renderOutputs(ledger, NAME).secret).toEqual(secret);
    expect(ledger.claims).toHaveLength(2);
  });

  it('whose former bucket is published gives its place to the proven one, and that is reported', () => {
    const { secret } = formerOutputs({ salt: SALT, records }, SPEC);
    const ledger = migrateLedger({ salt: SALT, records }, secret, SPEC, NOW);
    const claim = { ...instanceClaim(bucket('new')), uid: 'uid-1' };
    const { replacedSlot } = update(ledger, [{ ...claim, proof: proofOf(bucket('new'), 'k') }], {
      evidence: evidence.gone(claim),
    });

    expect([replacedSlot?.from.address.name, replacedSlot?.to.address.name]).toEqual(['old', 'new']);
  });
});
