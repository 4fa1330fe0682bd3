import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
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
import type { FormerLedger, FormerStore } from './former-ledger.ts';
import { chartBucket, instanceBucketVariables, instanceEnvironment, instanceSecretKeys } from './instance-keys.ts';
import { decodeLedger } from './ledger-format.ts';
import { placeOf, type FileStoresFormat, type Row } from './ledger.ts';
import { migrateLedger } from './migrate-ledger.ts';
import { renderOutputs, type OutputData } from './outputs.ts';

const NAME = 'wandb-storage';
const NATIVE: Readonly<Record<string, DeploymentCloud>> = { S3: 'AWS', GCS: 'GCP', AzureBlob: 'Azure' };

const compare = (left: string, right: string): number => (left === right ? 0 : left < right ? -1 : 1);

function keyOf({ storage, claim }: FormerStore): string {
  return [bucketId(storage), storage.path, claim.kind, claim.name, claim.uid].join('\n');
}

function hasEntry({ claim, storage }: FormerStore, cloud: DeploymentCloud): boolean {
  return claim.kind === 'TeamStorage' && (storage.credentials.kind !== 'Ambient' || NATIVE[storage.provider] !== cloud);
}

/** Live before retained, then the newer proof, then the canonical order. */
function isPreferred(store: FormerStore, other: FormerStore): boolean {
  if (store.retained !== other.retained) return other.retained;
  if (store.provenAt !== other.provenAt) return store.provenAt > other.provenAt;
  return compare(keyOf(store), keyOf(other)) < 0;
}

function formerEntries(stores: readonly FormerStore[], cloud: DeploymentCloud): readonly string[] {
  const best = new Map<string, FormerStore>();
  for (const store of stores.filter((one) => hasEntry(one, cloud))) {
    const other = best.get(bucketId(store.storage));
    if (other === undefined || isPreferred(store, other)) best.set(bucketId(store.storage), store);
  }
  return [...new Set([...best.values()].map(({ storage, credential }) => fileStoreEntry(storage, credential)))].sort(
    compare,
  );
}

/** The outputs of version 0.1.0, as a simple and slow model of its `renderOutputs`, `FileStoreSet` and `listing`. */
function formerOutputs(
  { salt, stores }: FormerLedger,
  { cloud, format }: { readonly cloud: DeploymentCloud; readonly format: FileStoresFormat },
): { readonly secret: OutputData; readonly configMap: OutputData } {
  const entries = formerEntries(stores, cloud);
  const fileStores = entries.join(format.separator);
  const variables = entries.length === 0 ? [] : format.variables;
  const instance = stores.find(({ claim }) => claim.kind === 'InstanceStorage');
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
  const lines = stores
    .toSorted((left, right) => compare(keyOf(left), keyOf(right)))
    .map((store) => ({
      claim: `${store.claim.kind}/${store.claim.name}`,
      ...(store.claim.team !== undefined && { team: store.claim.team }),
      address: redactedAddress(store.storage, store.storage.credentials.kind),
      entry: hasEntry(store, cloud),
      provenAt: store.provenAt,
      ...(store.retained && { retained: true }),
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

function storeOf(
  base: Bucket,
  { kind, variant, path, day, retained, deletionPolicy }: Member,
  index: number,
): FormerStore {
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
    const stores = all.map((member, index) => storeOf(buckets[member.at % buckets.length]!, member, index));
    const isIdentity = ({ claim, storage }: FormerStore): boolean =>
      claim.kind === 'TeamStorage' && storage.provider === 'CoreWeave' && storage.credentials.kind === 'Ambient';
    // CoreWeave by identity stood alone; of one name there was one store at one place.
    const usable = stores.some(isIdentity)
      ? stores.filter((store) => store.claim.kind === 'InstanceStorage' || isIdentity(store))
      : stores;
    return {
      salt: SALT,
      stores: [...new Map(usable.map((store) => [`${store.claim.name} ${placeOf(store.storage)}`, store])).values()],
    };
  });
const clouds = fc.constantFrom<DeploymentCloud>('AWS', 'GCP', 'Azure', 'CoreWeave', 'OnPremises');

describe('a ledger of format 1 or 2', () => {
  it('is taken over byte for byte, conflicts and former instance buckets included (property)', () => {
    fc.assert(
      fc.property(formers, clouds, anyFormat, fc.integer(), (former, cloud, format, seed) => {
        const before = formerOutputs(former, { cloud, format });
        // It was written from memory, and is read back in another order.
        const [stores] = fc.sample(fc.shuffledSubarray([...former.stores], { minLength: former.stores.length }), {
          seed,
          numRuns: 1,
        });
        const ledger = migrateLedger({ ...former, stores: stores ?? [] }, before.secret, { cloud, format });
        const after = renderOutputs(ledger, NAME);

        expect(after.secret).toEqual(before.secret);
        expect(after.configMap).toEqual(before.configMap);
        expect(ledger.salt.reveal()).toBe(former.salt.reveal());
      }),
      { numRuns: 500 },
    );
  });

  it('is written as it stands, also where the spec asks for another format by now (property)', () => {
    fc.assert(
      fc.property(formers, clouds, anyFormat, anyFormat, (former, cloud, format, wanted) => {
        const before = formerOutputs(former, { cloud, format });
        const ledger = migrateLedger(former, before.secret, { cloud, format: wanted });
        expect(renderOutputs(ledger, NAME).secret).toEqual(before.secret);
      }),
    );
  });

  it('that was never published is rendered in the format of the spec', () => {
    const stores = [storeOf({ storage: bucket('b'), credential: KEY }, MEMBER, 0)];
    const ledger = migrateLedger({ salt: SALT, stores }, undefined, {
      cloud: 'OnPremises',
      format: { separator: ';', variables: ['X'] },
    });
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
    stores: [
      storeOf(base, { ...MEMBER, path: 'a', day: 1 }, 0),
      storeOf(base, { ...MEMBER, path: 'b', day: 2, variant: 'another key' }, 1),
    ],
  };
  const { secret } = formerOutputs(former, SPEC);
  const ledger = migrateLedger(former, secret, SPEC);

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
  const stores = ['a', 'b'].map((name, index) =>
    storeOf({ storage: bucket(name), credential: { ...KEY, accessKeyId: `id-${name}` } }, MEMBER, index),
  );
  const former: FormerLedger = { salt: SALT, stores };
  const published = formerOutputs(former, SPEC).secret;

  it.each<[string, OutputData]>([
    ['a key was added', { A_NOTE: 'do not touch', ...published }],
    ['the file stores were replaced', { STORES: 's3://other' }],
    ['it was emptied', {}],
  ])('%s: every key that was published stays published', (_, secret) => {
    const ledger = migrateLedger(former, secret, SPEC);
    expect(ledger.claims.map(({ hasRow }) => hasRow)).toEqual([true, true]);
    expect(renderOutputs(ledger, NAME).secret).toEqual(published);

    const { ledger: next } = update(ledger, [team('t0', bucket('a'))]);
    expect(renderOutputs(next, NAME).secret).toEqual(published);
  });
});

describe('a former ledger', () => {
  it('with a key that was edited by hand before the upgrade takes the key that is proven next', () => {
    const { credential, ...store } = storeOf({ storage: bucket('b'), credential: another(KEY) }, MEMBER, 0);
    const edited = {
      ...store,
      credential: revealCredential(credential ?? KEY),
      credentialDigest: credentialDigest(SALT, KEY),
    };
    const decoded = decodeLedger(JSON.stringify({ format: 1, salt: SALT.reveal(), stores: [edited] }));
    if (!decoded.ok || decoded.value.kind !== 'Former') throw new Error('it is no ledger of a former format');
    const ledger = migrateLedger(decoded.value.ledger, undefined, SPEC);
    const proof = { ...proofOf(bucket('b'), credentialDigest(SALT, KEY)), credential: KEY };
    const { rows } = update(ledger, [{ ...team('t0', bucket('b')), uid: 'uid-0', proof }]).ledger;

    expect(rows.map((row) => row.credential)).toEqual([KEY]);
  });
});

describe('an InstanceStorage that was recreated with another bucket', () => {
  const stores = ['old', 'new'].map((name, index) =>
    storeOf(
      { storage: bucket(name), credential: KEY },
      { ...MEMBER, kind: 'InstanceStorage', retained: name === 'old' },
      index,
    ),
  );

  it.each([
    ['the retained one stands', stores],
    ['the live one stands', stores.toReversed()],
  ])('%s: it stays in the slot', (_, order) => {
    const { secret } = formerOutputs({ salt: SALT, stores: order }, SPEC);
    const ledger = migrateLedger({ salt: SALT, stores }, secret, SPEC);

    expect(ledger.slot?.address.name).toBe(order[0]?.storage.name);
    expect(renderOutputs(ledger, NAME).secret).toEqual(secret);
    expect(ledger.claims).toHaveLength(2);
  });

  it('whose former bucket is published gives its place to the proven one, and that is reported', () => {
    const { secret } = formerOutputs({ salt: SALT, stores }, SPEC);
    const ledger = migrateLedger({ salt: SALT, stores }, secret, SPEC);
    const claim = { ...instanceClaim(bucket('new')), uid: 'uid-1' };
    const { replacedSlot } = update(ledger, [{ ...claim, proof: proofOf(bucket('new'), 'k') }], {
      evidence: evidence.gone(claim),
    });

    expect([replacedSlot?.from.address.name, replacedSlot?.to.address.name]).toEqual(['old', 'new']);
  });
});
