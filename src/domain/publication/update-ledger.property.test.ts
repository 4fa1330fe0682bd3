import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { bucketId } from '../bucket-identity.ts';
import { COREWEAVE_IDENTITY_ENTRY, fileStoreEntry, redactedAddress } from './file-store-address.ts';
import { fileStoreEntries, needsEntry } from './file-stores.ts';
import { byClaim, compare, emptyLedger, encodeLedger, inOrder, isSameLedger, type LedgerStore } from './ledger.ts';
import { renderOutputs } from './outputs.ts';
import { Secret } from '../secret.ts';
import type { BucketStorage } from '../storage.ts';
import { updateLedger, type LiveClaim, type Proof } from './update-ledger.ts';

/** The rules as one would write them down, whatever they cost: what the fast way must agree with. */
function plainEntries(stores: readonly LedgerStore[]): readonly string[] {
  const newest = new Map<string, LedgerStore>();
  for (const store of [...stores].sort(byClaim)) {
    if (store.claim.kind !== 'TeamStorage' || !needsEntry(store.storage, 'AWS')) continue;
    const other = newest.get(bucketId(store.storage));
    const newer =
      other === undefined ||
      (store.retained === other.retained ? compare(store.provenAt, other.provenAt) > 0 : other.retained);
    if (newer) newest.set(bucketId(store.storage), store);
  }
  return [...new Set([...newest.values()].map((store) => fileStoreEntry(store.storage, store.credential)))].sort(
    compare,
  );
}

/** Places the proofs one after the other into a copy of everything, and looks at the whole each time. */
function plainUpdate(before: readonly LedgerStore[], live: readonly LiveClaim[], maxBytes: number) {
  const byUid = new Map(live.map((claim) => [claim.claim.uid, claim]));
  const used = new Set(live.map((claim) => claim.usesBucketOf));
  let stores = before.flatMap((store): LedgerStore[] => {
    const claim = byUid.get(store.claim.uid);
    if (claim !== undefined) return [{ ...store, deletionPolicy: claim.deletionPolicy, retained: false }];
    return store.deletionPolicy === 'Remove' && !used.has(store.claim.name) ? [] : [{ ...store, retained: true }];
  });
  const refused = new Map<string, string>();
  const key = ({ claim, proof }: LiveClaim): string => `${proof?.provenAt ?? ''}|${claim.name}|${claim.uid}`;
  for (const claim of [...live].sort((left, right) => (key(left) < key(right) ? -1 : 1))) {
    const { proof } = claim;
    if (proof === undefined || claim.suspended) continue;
    const store = plainStore(
      claim,
      proof,
      stores.find((one) => one.claim.uid === claim.claim.uid),
    );
    const next = [
      ...stores.filter((one) => one.claim.uid !== claim.claim.uid && !(one.retained && samePlace(one, store))),
      store,
    ];
    const entries = plainEntries(next);
    if (entries.length > 1 && entries.includes(COREWEAVE_IDENTITY_ENTRY)) {
      refused.set(claim.claim.uid, 'CoreWeaveIdentityExclusive');
    } else if (Buffer.byteLength(entries.join('--')) > maxBytes) {
      refused.set(claim.claim.uid, 'FileStoresFull');
    } else {
      stores = next;
    }
  }
  return { stores, refused };
}

function plainStore(live: LiveClaim, proof: Proof, previous: LedgerStore | undefined): LedgerStore {
  const sameKey = previous?.credentialDigest === proof.credentialDigest;
  const unchanged = sameKey && JSON.stringify(previous.storage) === JSON.stringify(proof.storage);
  const rotatedAt = previous !== undefined && !sameKey ? proof.provenAt : previous?.rotatedAt;
  return {
    claim: live.claim,
    storage: proof.storage,
    ...(proof.credential !== undefined && { credential: proof.credential }),
    credentialDigest: proof.credentialDigest,
    provenAt: unchanged ? previous.provenAt : proof.provenAt,
    ...(rotatedAt !== undefined && { rotatedAt }),
    deletionPolicy: live.deletionPolicy,
    retained: false,
  };
}

function samePlace(left: LedgerStore, right: LedgerStore): boolean {
  return bucketId(left.storage) === bucketId(right.storage) && left.storage.path === right.storage.path;
}

const key = { kind: 'AccessKey', secretName: 's', accessKeyIdKey: 'a', secretAccessKeyKey: 'b' } as const;
const storages: fc.Arbitrary<BucketStorage> = fc
  .record({
    kind: fc.constantFrom('S3', 'Native', 'CoreWeave', 'Ambient'),
    name: fc.constantFrom('b1', 'b2', 'b3'),
    path: fc.constantFrom('', 'p'),
  })
  .map(({ kind, name, path }): BucketStorage => {
    if (kind === 'CoreWeave') return { provider: 'CoreWeave', name, path, credentials: key };
    if (kind === 'Ambient') return { provider: 'CoreWeave', name, path, credentials: { kind: 'Ambient' } };
    const credentials = kind === 'S3' ? key : ({ kind: 'Ambient' } as const);
    return { provider: 'S3', name, path, region: 'eu-central-1', credentials };
  });
const proofs: fc.Arbitrary<Proof> = fc
  .record({ storage: storages, digest: fc.constantFrom('d1', 'd2'), day: fc.integer({ min: 1, max: 4 }) })
  .map(({ storage, digest, day }) => ({
    storage,
    ...(storage.credentials.kind !== 'Ambient' && {
      credential: { kind: 'AccessKey' as const, accessKeyId: `id-${digest}`, secretAccessKey: new Secret(digest) },
    }),
    credentialDigest: storage.credentials.kind === 'Ambient' ? '' : digest,
    provenAt: `2026-01-0${String(day)}T00:00:00Z`,
  }));
const claims: fc.Arbitrary<LiveClaim> = fc
  .record({
    uid: fc.constantFrom('i', 't1', 't2', 't3', 't4'),
    deletionPolicy: fc.constantFrom('Retain' as const, 'Remove' as const),
    suspended: fc.boolean(),
    proof: fc.option(proofs, { nil: undefined }),
    usesBucketOf: fc.option(fc.constantFrom('t1', 't2'), { nil: undefined }),
  })
  .map(({ uid, deletionPolicy, suspended, proof, usesBucketOf }) => ({
    claim:
      uid === 'i'
        ? { kind: 'InstanceStorage' as const, name: uid, uid }
        : { kind: 'TeamStorage' as const, name: uid, uid, team: uid },
    deletionPolicy,
    suspended,
    ...(proof !== undefined && { proof }),
    ...(usesBucketOf !== undefined && { usesBucketOf }),
  }));
const worlds = fc.uniqueArray(claims, { selector: (claim) => claim.claim.uid, maxLength: 5 });

it('agrees with the plain rules over any history of claims and proofs', () => {
  fc.assert(
    fc.property(fc.array(worlds, { minLength: 1, maxLength: 6 }), fc.integer({ min: 60, max: 200 }), (history, max) => {
      let ledger = emptyLedger('00112233445566778899aabbccddeeff');
      let plain: readonly LedgerStore[] = [];
      for (const live of history) {
        const fast = updateLedger(ledger, live, { cloud: 'AWS', separator: '--', maxBytes: max });
        const slow = plainUpdate(plain, live, max);

        expect(encodeLedger(fast.ledger)).toBe(encodeLedger({ salt: ledger.salt, stores: slow.stores }));
        expect(fileStoreEntries(fast.ledger.stores, 'AWS')).toEqual(plainEntries(slow.stores));
        for (const [uid, publication] of fast.publications) {
          const reason = publication.state === 'Refused' ? publication.problem.reason : undefined;
          expect(reason).toBe(slow.refused.get(uid));
        }
        // The very same stores exactly when there is nothing to write.
        expect(isSameLedger(fast.ledger, ledger)).toBe(encodeLedger(fast.ledger) === encodeLedger(ledger));
        expect(inOrder(fast.ledger.stores)).toEqual([...fast.ledger.stores].sort(byClaim));
        ledger = fast.ledger;
        plain = slow.stores;
      }
    }),
    { numRuns: 300 },
  );
});

it('lists the stores as the YAML of the whole list', () => {
  fc.assert(
    fc.property(worlds, (live) => {
      const { ledger } = updateLedger(emptyLedger('00'), live, { cloud: 'AWS', separator: ',' });
      const format = { separator: ',', variables: ['STORES'] };
      const outputs = renderOutputs(ledger, { secretName: 's', cloud: 'AWS', format });

      expect(outputs.configMap['stores.yaml']).toBe(
        stringify(
          [...ledger.stores].sort(byClaim).map((store) => ({
            claim: `${store.claim.kind}/${store.claim.name}`,
            ...(store.claim.team !== undefined && { team: store.claim.team }),
            address: redactedAddress(store.storage),
            entry: store.claim.kind === 'TeamStorage' && needsEntry(store.storage, 'AWS'),
            provenAt: store.provenAt,
            ...(store.retained && { retained: true }),
          })),
        ),
      );
    }),
  );
});
