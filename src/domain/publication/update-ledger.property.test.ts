import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { atLeast } from '../../../test/support/property-runs.ts';
import { EMPTY, instanceClaim, proofOf, team, update, without } from '../../../test/support/fakes/publication.ts';
import { Secret } from '../../base/secret.ts';
import { bucketId } from '../bucket/bucket-id.ts';
import type { BucketStorage } from '../bucket/storage.ts';
import { bareAddress, COREWEAVE_IDENTITY_ENTRY } from './file-store-address.ts';
import { entryOf } from './file-stores.ts';
import { encodeLedger } from './ledger-format.ts';
import { claimId, placeOf, recordId, type ClaimRecord, type Ledger } from './ledger.ts';
import { renderOutputs } from './outputs.ts';
import type { LiveClaim } from './live-claim.ts';
import type { RemovalEvidence } from './removal-evidence.ts';

const credentials = (secretName: string) =>
  ({ kind: 'AccessKey', secretName, accessKeyIdKey: 'a', secretAccessKeyKey: 'b' }) as const;
const storages: fc.Arbitrary<BucketStorage> = fc
  .record({
    kind: fc.constantFrom('S3', 'Native', 'CoreWeave', 'Ambient'),
    name: fc.constantFrom('b1', 'b2'),
    path: fc.constantFrom('', 'p'),
    region: fc.constantFrom('eu-central-1', 'us-east-1'),
    secret: fc.constantFrom('s1', 's2'),
  })
  .map(({ kind, name, path, region, secret }): BucketStorage => {
    if (kind === 'CoreWeave') return { provider: 'CoreWeave', name, path, credentials: credentials(secret) };
    if (kind === 'Ambient') return { provider: 'CoreWeave', name, path, credentials: { kind: 'Ambient' } };
    const how = kind === 'S3' ? credentials(secret) : ({ kind: 'Ambient' } as const);
    return { provider: 'S3', name, path, region, credentials: how };
  });

const claims: fc.Arbitrary<LiveClaim> = fc
  .record({
    name: fc.constantFrom('wandb', 't1', 't2', 't3', 't4'),
    incarnation: fc.constantFrom('1', '2'),
    where: fc.oneof({ weight: 6, arbitrary: storages }, fc.constantFrom('None' as const, 'Unresolved' as const)),
    instance: fc.constantFrom('wandb', 'wandb', 'wandb', 'other'),
    bucketChangePolicy: fc.constantFrom('Forbid' as const, 'Allow' as const),
    deletionPolicy: fc.constantFrom('Retain' as const, 'Remove' as const),
    suspended: fc.boolean(),
    usesInstanceBucket: fc.boolean(),
    key: fc.option(fc.constantFrom('d1', 'd2', 'd3'), { nil: undefined }),
  })
  .map(({ name, incarnation, where, instance, key, ...rest }) => {
    const uid = `${name}-${incarnation}`;
    const at =
      typeof where === 'string'
        ? ({ provider: 'GCS', name, path: '', credentials: { kind: 'Ambient' } } as const)
        : where;
    const base = name === 'wandb' ? instanceClaim(at, { ...rest, uid }) : team(name, at, { ...rest, uid });
    if (typeof where === 'string') return { ...base, resolves: where };
    const placed = { ...base, resolves: { instance, storage: where } };
    // A proof that counts is for where it resolves, through this instance.
    return key === undefined || instance !== 'wandb' ? placed : { ...placed, proof: { ...proofOf(where, key), uid } };
  });

const NAMES = ['TeamStorage/t1', 'TeamStorage/t2', 'TeamStorage/t3', 'TeamStorage/t4', 'InstanceStorage/wandb'];
const steps = fc.record({
  live: fc.uniqueArray(claims, { selector: ({ name }) => name, maxLength: 5 }),
  gone: fc.subarray(NAMES),
  confirmed: fc.subarray(NAMES),
  state: fc.constantFrom('Live' as const, 'Live' as const, 'Frozen' as const),
  cloud: fc.constantFrom('AWS' as const, 'OnPremises' as const),
  separator: fc.constantFrom(',', '--'),
  refuses: fc.constantFrom('', 't1', 't2'),
});
type Step = typeof steps extends fc.Arbitrary<infer T> ? T : never;

function run(ledger: Ledger, step: Step, maxBytes: number) {
  const given: RemovalEvidence = {
    gone: new Set(step.gone),
    confirmed: new Set(step.confirmed),
    unserved: new Set(),
  };
  return update(ledger, step.live, {
    evidence: given,
    maxBytes,
    admit: ({ name }) => name !== step.refuses,
    instance: { state: step.state, cloud: step.cloud, format: { separator: step.separator, variables: ['STORES'] } },
  });
}

/** After every step of any history; `before` and `after` are the ledgers. */
function histories(check: (before: Ledger, after: Ledger, step: Step, maxBytes: number) => void): void {
  fc.assert(
    fc.property(fc.array(steps, { minLength: 1, maxLength: 7 }), fc.integer({ min: 60, max: 400 }), (history, max) => {
      let ledger = EMPTY;
      for (const step of history) {
        const next = run(ledger, step, max).ledger;
        check(ledger, next, step, max);
        ledger = next;
      }
    }),
    atLeast(400),
  );
}

const valueOf = (ledger: Ledger): string => renderOutputs(ledger, 's').secret['STORES'] ?? '';
const rowKey = (ledger: Ledger) =>
  new Map(ledger.rows.map((row) => [bucketId(row.address), `${bareAddress(row.address)} ${row.digest}`] as const));

it('publishes in a row only what was proven for a claim that the row serves', () => {
  histories((before, after, { live }) => {
    const old = rowKey(before);
    for (const [bucket, key] of rowKey(after)) {
      if (old.get(bucket) === key) continue;
      const members = after.claims.filter((record) => record.hasRow && bucketId(record.address) === bucket);
      const isAmbient = after.rows.some((row) => bucketId(row.address) === bucket && row.credential === undefined);
      const isProven = live.some(
        (claim) =>
          claim.proof !== undefined &&
          !claim.suspended &&
          members.some((record) => claimId(record) === claimId(claim) && record.uid === claim.uid) &&
          `${bareAddress(claim.proof.storage)} ${claim.proof.digest}` === key,
      );
      // An identity has no credential to prove: a record alone may get an entry when the cloud turns out to be another.
      expect(isProven || (isAmbient && members.length > 0)).toBe(true);
    }
    const [slot, now] = [before.slot, after.slot];
    if (now === undefined || now === slot) return;
    const instance = live.find(({ kind }) => kind === 'InstanceStorage');
    expect(instance?.proof?.digest).toBe(now.digest);
    expect(instance?.proof === undefined ? '' : placeOf(instance.proof.storage)).toBe(placeOf(now.address));
  });
});

it('lets a record leave only when it was asked to, or is gone for certain, and an heir may take its place', () => {
  histories((before, after, { live, gone, confirmed }) => {
    const now = new Map(after.claims.map((record) => [recordId(record), record]));
    for (const record of before.claims) {
      if (now.has(recordId(record))) continue;
      const object = live.find((claim) => claimId(claim) === claimId(record));
      const heir = after.claims.some(
        (other) =>
          other.kind === record.kind && other.policy === 'Retain' && placeOf(other.address) === placeOf(record.address),
      );
      expect({
        record: recordId(record),
        may: mayLeave(record, object, { gone, confirmed }) || (heir && !isHeld(record, object)),
      }).toMatchObject({
        may: true,
      });
    }
  });
});

it('keeps the rows exactly to the records that need one, one for each bucket, and CoreWeave by identity alone', () => {
  histories((_before, { rows, claims: records, slot }) => {
    const wanted = new Set(records.filter(({ hasRow }) => hasRow).map(({ address }) => bucketId(address)));
    expect(new Set(rows.map(({ address }) => bucketId(address)))).toEqual(wanted);
    expect(rows).toHaveLength(wanted.size);
    const entries = new Set(rows.map(entryOf));
    expect(entries.size <= 1 || !entries.has(COREWEAVE_IDENTITY_ENTRY)).toBe(true);
    if (slot !== undefined) {
      const isHeld = records.some(
        ({ kind, address }) => kind === 'InstanceStorage' && placeOf(address) === placeOf(slot.address),
      );
      expect(isHeld).toBe(true);
    }
  });
});

it('never grows over the limit, whatever order proofs come in', () => {
  histories((before, after, _step, maxBytes) => {
    const most = Math.max(maxBytes, Buffer.byteLength(valueOf(before)));
    expect(Buffer.byteLength(valueOf(after))).toBeLessThanOrEqual(most);
  });
});

it('is the very same ledger exactly when there is nothing to write, and counts revisions otherwise', () => {
  histories((before, after) => {
    expect(after === before).toBe(encodeLedger(after) === encodeLedger(before));
    expect(after.revision).toBe(after === before ? before.revision : before.revision + 1);
    expect(new Set(after.claims.map(recordId)).size).toBe(after.claims.length);
  });
});

it('changes nothing that is published for want of proofs and evidence', () => {
  histories((before, _after, step) => {
    const idle = {
      ...step,
      gone: [],
      confirmed: [],
      state: 'Frozen' as const,
      live: step.live.map(without),
    };
    const { ledger } = run(before, idle, 0);
    expect(renderOutputs(ledger, 's').secret).toEqual(renderOutputs(before, 's').secret);
  });
});

it('is stable: the same input a second time changes nothing', () => {
  histories((_before, after, step, maxBytes) => {
    const second = run(after, step, maxBytes).ledger;
    const third = run(second, step, maxBytes).ledger;
    expect(encodeLedger(third)).toBe(encodeLedger(second));
  });
});

/** The rules of the table of states. */
function mayLeave(
  record: ClaimRecord,
  object: LiveClaim | undefined,
  seen: { readonly gone: readonly string[]; readonly confirmed: readonly string[] },
): boolean {
  const id = claimId(record);
  if (object === undefined) return record.policy === 'Remove' && seen.gone.includes(id);
  const asksForNone = object.resolves === 'None';
  const isAway = typeof object.resolves === 'object' && !isHeld(record, object);
  if (object.uid === record.uid) {
    return object.bucketChangePolicy === 'Allow' && (asksForNone || isAway) && seen.confirmed.includes(id);
  }
  const wasSeen = (asksForNone && seen.gone.includes(id)) || (isAway && seen.confirmed.includes(id));
  return object.deletionPolicy === 'Remove' && wasSeen;
}

function isHeld(record: ClaimRecord, object: LiveClaim | undefined): boolean {
  if (object === undefined) return false;
  const { resolves } = object;
  if (resolves === 'Unresolved') return true;
  return (
    typeof resolves === 'object' &&
    resolves.instance === 'wandb' &&
    placeOf(resolves.storage) === placeOf(record.address)
  );
}

/** A copy of which nothing is the same object; a Secret holds a text only. */
function copyOf<T>(value: T): T {
  if (typeof value !== 'object' || value === null || value instanceof Secret) return value;
  if (Array.isArray(value)) return value.map(copyOf) as T;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, copyOf<unknown>(field)])) as T;
}

it('decides the same whether or not earlier runs have seen these claims, proofs and records', () => {
  // Each also without its proof: what a record says of its claim then follows from the claim alone.
  const pools = fc
    .array(claims, { minLength: 1, maxLength: 4 })
    .map((pool) => pool.flatMap((claim) => [claim, without(claim)]));
  // The same claims again and again, under other circumstances.
  const stepsOver = fc.array(fc.record({ step: steps, taken: fc.array(fc.nat(), { maxLength: 9 }) }), {
    minLength: 2,
    maxLength: 9,
  });
  fc.assert(
    fc.property(pools, stepsOver, fc.integer({ min: 60, max: 400 }), (pool, history, max) => {
      let ledger = EMPTY;
      for (const { step, taken } of history) {
        const chosen = taken.map((index) => pool[index % pool.length]).filter((claim) => claim !== undefined);
        const live = [...new Map(chosen.map((claim) => [claim.name, claim])).values()];
        const known = run(ledger, { ...step, live }, max);
        const anew = run(copyOf(ledger), { ...step, live: copyOf(live) }, max);

        expect({ ...known, ledger: encodeLedger(known.ledger) }).toEqual({
          ...anew,
          ledger: encodeLedger(anew.ledger),
        });
        ledger = known.ledger;
      }
    }),
    atLeast(400),
  );
});
