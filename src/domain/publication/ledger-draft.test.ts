import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { COMMA, SALT_TEXT, bucket } from '../../../test/support/fakes/publication.ts';
import { atLeast } from '../../../test/support/property-runs.ts';
import { bucketId } from '../bucket/bucket-id.ts';
import type { BucketAddress } from '../bucket/storage.ts';
import { entryOf } from './file-stores.ts';
import { LedgerDraft } from './ledger-draft.ts';
import {
  emptyLedger,
  placeOf,
  recordId,
  rowAddress,
  slotAddress,
  type ClaimRecord,
  type Ledger,
  type Row,
} from './ledger.ts';

/** Two of them are CoreWeave by identity, which is one entry for all buckets. */
const places: readonly BucketAddress[] = [
  ...['b', 'c'].flatMap((name) => ['', 'p'].map((path) => slotAddress(bucket(name, path)))),
  ...['w', 'x'].map((name): BucketAddress => ({ provider: 'CoreWeave', name, path: '' })),
];

const records: fc.Arbitrary<ClaimRecord> = fc
  .record({
    name: fc.constantFrom('omega', 'kappa', 'lambda'),
    kind: fc.constantFrom('TeamStorage' as const, 'TeamStorage' as const, 'InstanceStorage' as const),
    address: fc.constantFrom(...places),
    hasRow: fc.boolean(),
    uid: fc.constantFrom('1', '2'),
  })
  .map(({ kind, hasRow, ...rest }) => ({
    ...rest,
    kind,
    mode: rest.address.provider === 'CoreWeave' ? 'Ambient' : 'AccessKey',
    hasRow: kind === 'TeamStorage' && hasRow,
    ...{ boundRevision: 1, boundAt: '2026-01-01T00:00:00Z', provenAt: '2026-01-01T00:00:00Z' },
  }));

const rows: fc.Arbitrary<Row> = fc
  .record({ address: fc.constantFrom(...places), digest: fc.constantFrom('d1', 'd2') })
  .map(({ address, digest }) => ({ address: rowAddress(address), digest, provenAt: '2026-01-01T00:00:00Z' }));

const ledgers: fc.Arbitrary<Ledger> = fc
  .record({
    claims: fc.uniqueArray(records, { maxLength: 4, selector: recordId }),
    rows: fc.uniqueArray(rows, { maxLength: 4, selector: ({ address }) => bucketId(address) }),
    slot: fc.option(rows, { nil: undefined }),
  })
  .map(({ slot, ...rest }) => ({ ...emptyLedger(SALT_TEXT, COMMA), ...rest, ...(slot !== undefined && { slot }) }));

const changes = fc.array(
  fc.oneof(
    fc.record({ what: fc.constant('put' as const), record: records }),
    fc.record({ what: fc.constant('remove' as const), record: records }),
    fc.record({ what: fc.constant('row' as const), row: rows }),
    fc.record({ what: fc.constant('no row' as const), address: fc.constantFrom(...places) }),
    fc.record({ what: fc.constant('drop unused' as const) }),
    // Places are indexed from when they are first asked for.
    fc.record({ what: fc.constant('look' as const) }),
  ),
  { maxLength: 12 },
);
type Change = typeof changes extends fc.Arbitrary<readonly (infer T)[]> ? T : never;

/** The same without an index. */
class PlainDraft {
  claims: ClaimRecord[];
  rows: Row[];
  slot: Row | undefined;

  constructor({ claims, rows: given, slot }: Ledger) {
    [this.claims, this.rows, this.slot] = [[...claims], [...given], slot];
  }

  play(change: Change): void {
    if (change.what === 'put') {
      const at = this.claims.findIndex((one) => recordId(one) === recordId(change.record));
      if (at < 0) this.claims.push(change.record);
      else this.claims[at] = change.record;
    } else if (change.what === 'remove') {
      this.claims = this.claims.filter((one) => recordId(one) !== recordId(change.record));
    } else if (change.what === 'row') {
      const at = this.rows.findIndex((one) => bucketId(one.address) === bucketId(change.row.address));
      if (at < 0) this.rows.push(change.row);
      else this.rows[at] = change.row;
    } else if (change.what === 'no row') {
      this.rows = this.rows.filter((one) => bucketId(one.address) !== bucketId(change.address));
    } else if (change.what === 'drop unused') {
      this.rows = this.rows.filter((row) =>
        this.claims.some((one) => one.hasRow && bucketId(one.address) === bucketId(row.address)),
      );
      const { slot } = this;
      const isHeld = this.claims.some(
        (one) => one.kind === 'InstanceStorage' && slot !== undefined && placeOf(one.address) === placeOf(slot.address),
      );
      if (!isHeld) this.slot = undefined;
    }
  }

  get entries(): readonly string[] {
    return [...new Set(this.rows.map(entryOf))];
  }
}

function play(draft: LedgerDraft, change: Change): void {
  if (change.what === 'put') draft.put(change.record);
  else if (change.what === 'remove') draft.remove(change.record);
  else if (change.what === 'row') draft.setRow(bucketId(change.row.address), change.row);
  else if (change.what === 'no row') draft.setRow(bucketId(change.address), undefined);
  else if (change.what === 'drop unused') draft.dropUnused();
  else draft.recordsAt('nowhere');
}

const byId = (found: readonly ClaimRecord[]): readonly ClaimRecord[] =>
  found.toSorted((left, right) => (recordId(left) < recordId(right) ? -1 : 1));

it('shows the same as a ledger without indexes, after any changes, and leaves other drafts alone', () => {
  fc.assert(
    fc.property(ledgers, changes, (ledger, played) => {
      const [draft, untouched, plain] = [new LedgerDraft(ledger), new LedgerDraft(ledger), new PlainDraft(ledger)];
      for (const change of played) {
        play(draft, change);
        plain.play(change);
      }
      for (const address of places) {
        const on = ({ address: one }: ClaimRecord): boolean => bucketId(one) === bucketId(address);
        const at = ({ address: one }: ClaimRecord): boolean => placeOf(one) === placeOf(address);
        expect(byId(draft.recordsOn(bucketId(address)))).toEqual(byId(plain.claims.filter(on)));
        expect(byId(draft.recordsAt(placeOf(address)))).toEqual(byId(plain.claims.filter(at)));
        expect(byId(untouched.recordsOn(bucketId(address)))).toEqual(byId(ledger.claims.filter(on)));
        expect(draft.hasRecordOn(bucketId(address), () => true)).toBe(plain.claims.some(on));
        expect(draft.row(bucketId(address))).toEqual(
          plain.rows.find((row) => bucketId(row.address) === bucketId(address)),
        );
      }
      for (const record of plain.claims) {
        const isServed =
          record.kind === 'InstanceStorage'
            ? plain.slot !== undefined && placeOf(plain.slot.address) === placeOf(record.address)
            : !record.hasRow || plain.rows.some((row) => bucketId(row.address) === bucketId(record.address));
        expect(draft.isServed(record)).toBe(isServed);
      }
      expect(draft.entryCount).toBe(plain.entries.length);
      for (const row of plain.rows) expect(draft.hasEntry(entryOf(row))).toBe(true);
      expect(draft.bytes(', ')).toBe(Buffer.byteLength(plain.entries.join(', ')));
      expect(draft.slot).toEqual(plain.slot);
    }),
    atLeast(300),
  );
});

it('ends with what was put, as the next revision, and as the very same ledger where nothing was', () => {
  fc.assert(
    fc.property(ledgers, changes, (ledger, played) => {
      const [draft, plain] = [new LedgerDraft(ledger), new PlainDraft(ledger)];
      for (const change of played) {
        play(draft, change);
        plain.play(change);
      }
      const next = draft.finish();
      expect(byId(next.claims)).toEqual(byId(plain.claims));
      expect(next.slot).toEqual(plain.slot);
      expect([...next.rows].map(entryOf).sort()).toEqual([...plain.rows].map(entryOf).sort());
      if (next !== ledger) expect(next.revision).toBe(ledger.revision + 1);
      if (played.every(({ what }) => what === 'look')) expect(next).toBe(ledger);
    }),
    atLeast(300),
  );
});

it('is another ledger where only the slot, the format, or the wait for a proof changed', () => {
  const slot: Row = { address: slotAddress(bucket('i')), digest: 'd1', provenAt: '2026-01-01T00:00:00Z' };
  const ledger: Ledger = { ...emptyLedger(SALT_TEXT, COMMA), slot, awaitsProof: true };
  const after = (change: (draft: LedgerDraft) => void): Ledger => {
    const draft = new LedgerDraft(ledger);
    change(draft);
    return draft.finish();
  };
  expect(after(() => undefined)).toBe(ledger);
  expect(after((draft) => (draft.slot = undefined))).toEqual({
    ...emptyLedger(SALT_TEXT, COMMA),
    awaitsProof: true,
    revision: 1,
  });
  expect(after((draft) => (draft.awaitsProof = false))).toEqual({
    ...emptyLedger(SALT_TEXT, COMMA),
    slot,
    revision: 1,
  });
  const written = { separator: ';', variables: ['OTHER'] };
  expect(after((draft) => (draft.written = written))).toEqual({ ...ledger, written, revision: 1 });
});
