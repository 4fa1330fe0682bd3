import { describe, expect, it } from '@jest/globals';
import {
  bucket,
  EMPTY,
  entriesOf,
  evidence,
  inPath,
  instanceClaim,
  keyIn,
  namesIn,
  onlyRecord,
  proven,
  reasonOf,
  team,
  update,
} from '../../../test/support/fakes/publication.ts';
import { omit } from '../../../test/support/fakes/omit.ts';
import { MAX_FILE_STORES_BYTES } from './file-stores.ts';
import { NO_EVIDENCE } from './removal-evidence.ts';
import { claimId, type Ledger } from './ledger.ts';
import type { LiveClaim } from './live-claim.ts';

const B = bucket('b');
const omega = team('omega', B);
const published = update(EMPTY, [proven(omega, 'd1')]).ledger;

function afterOne(ledger: Ledger, claim: LiveClaim): Ledger {
  return update(ledger, [claim]).ledger;
}

function sourceOf(secretName: string): unknown {
  return bucket('b', '', secretName).credentials;
}

// The transition table in docs/explanation/publishing.md, a test for each row.
describe('a proof', () => {
  const shared = update(EMPTY, [proven(inPath('omega'), 'd1'), proven(inPath('kappa'), 'd1')]).ledger;

  it('of a bucket without a row: a new row and a new record', () => {
    const { ledger } = update(published, [omega, proven(team('late', bucket('c')), 'd3')]);

    expect(keyIn(ledger, bucket('c'))).toBe('d3');
    expect(onlyRecord(ledger, { kind: 'TeamStorage', name: 'late' })).toMatchObject({
      uid: 'uid-late',
      digest: 'd3',
      hasRow: true,
      boundRevision: published.revision + 1,
      boundAt: '2026-05-01T00:00:00Z',
      policy: 'Retain',
    });
    expect(ledger.revision).toBe(published.revision + 1);
  });

  it('of the same address and credential: a record alone', () => {
    const kappa = proven(inPath('kappa', 'elsewhere'), 'd1');
    const { ledger } = update(published, [proven(omega, 'd1'), kappa]);

    expect(ledger.rows).toEqual(published.rows);
    expect(namesIn(ledger)).toEqual(['kappa', 'omega']);
  });

  it('of the same credential in another Secret: they do not replace each other in turn, and the row follows the remaining one', () => {
    const kappa = proven(inPath('kappa', 'elsewhere'), 'd1');
    const both = update(published, [proven(omega, 'd1'), kappa]).ledger;
    expect(update(both, [proven(omega, 'd1'), kappa]).ledger).toBe(both);
    expect(update(both, [kappa, proven(omega, 'd1')]).ledger).toBe(both);

    const alone = update(both, [kappa]).ledger;
    expect(alone.rows).toEqual(published.rows.map((row) => ({ ...row, source: sourceOf('elsewhere') })));
  });

  it('of the same known source with another credential: the row takes it, no matter which claim proved it', () => {
    const newcomer = inPath('next');
    const { ledger } = update(shared, [inPath('omega'), inPath('kappa'), proven(newcomer, 'd2')]);

    expect(keyIn(ledger, B)).toBe('d2');
    expect(namesIn(ledger)).toEqual(['kappa', 'next', 'omega']);
  });

  it('of the same source that its claim had proven before: the row does not go back to it', () => {
    // Both read one Secret; kappa's next probe has yet to pass, and its former proof is still known.
    const live = [proven(inPath('omega'), 'd2', '2026-02-01T00:00:00Z'), proven(inPath('kappa'), 'd1')];
    for (const order of [live, live.toReversed()]) {
      const first = update(shared, order).ledger;
      expect(keyIn(first, B)).toBe('d2');
      expect(first.rows[0]?.rotatedAt).toBe('2026-02-01T00:00:00Z');
      expect(update(first, order).ledger).toBe(first);
    }
  });

  it('of the same source, but an unknown one: the newcomer does not switch the row', () => {
    const unknown = { ...shared, rows: shared.rows.map((row) => omit(row, 'source')) };
    const newcomer = inPath('next');
    const result = update(unknown, [inPath('omega'), inPath('kappa'), proven(newcomer, 'd2')]);

    expect(reasonOf(result, newcomer)).toBe('CredentialConflict');
    expect(keyIn(result.ledger, B)).toBe('d1');
  });

  it('of a member that differs: it waits for every held, unsuspended member, and names them', () => {
    const rotated = proven(inPath('omega', 'new'), 'd2');
    const waiting = update(shared, [rotated, inPath('kappa')]);

    expect(waiting.placements.get(claimId(rotated))).toEqual({ waitsFor: ['kappa'], unplaced: 'd2' });
    expect(waiting.ledger).toBe(shared);
    const together = update(shared, [rotated, proven(inPath('kappa', 'new'), 'd2')]);
    expect(keyIn(together.ledger, B)).toBe('d2');
    expect(together.placements.get(claimId(rotated))).toEqual({});
  });

  it.each<[string, readonly LiveClaim[]]>([
    ['that is suspended', [inPath('kappa', 'shared', { suspended: true })]],
    ['that is gone', []],
  ])('of a member that differs does not wait for one %s', (_, others) => {
    const { ledger } = update(shared, [proven(inPath('omega', 'new'), 'd2'), ...others]);

    expect(keyIn(ledger, B)).toBe('d2');
    expect(onlyRecord(ledger, inPath('kappa')).digest).toBe('d1');
  });

  it('of a newcomer that differs: CredentialConflict, naming the member that is bound longest', () => {
    const newcomer = inPath('next', 'own');
    const result = update(shared, [inPath('kappa'), inPath('omega'), proven(newcomer, 'd2')]);

    expect(result.placements.get(claimId(newcomer))?.refusal).toMatchObject({
      reason: 'CredentialConflict',
      message: expect.stringContaining('TeamStorage omega') as unknown,
    });
    expect(result.ledger).toBe(shared);
  });

  it('of a newcomer that differs in its address alone: CredentialConflict as well', () => {
    const newcomer = team('next', { ...bucket('b', 'teams/next', 'shared'), region: 'eu-central-1' });
    const result = update(shared, [inPath('kappa'), inPath('omega'), proven(newcomer, 'd1')]);

    expect(reasonOf(result, newcomer)).toBe('CredentialConflict');
  });

  it('of a newcomer at the path of what is retained, where no member is held: the row takes it', () => {
    const next = team('next', bucket('b', '', 'own'));
    const { ledger } = update(published, [proven(next, 'd2')]);

    expect(keyIn(ledger, B)).toBe('d2');
    expect(namesIn(ledger)).toEqual(['next']);
  });

  it('of a newcomer at another path than what is retained: CredentialConflict', () => {
    const next = inPath('next', 'own');
    const result = update(published, [proven(next, 'd2')]);

    expect(reasonOf(result, next)).toBe('CredentialConflict');
    expect(result.ledger).toBe(published);
  });

  it('of the instance: the slot takes it, and a change of the bucket is reported with both names', () => {
    const wandb = instanceClaim(bucket('i', 'runs'), { bucketChangePolicy: 'Allow' });
    const first = update(EMPTY, [proven(wandb, 'd1')]);
    expect(first.ledger.slot).toMatchObject({ digest: 'd1', address: { name: 'i', path: 'runs' } });
    expect(first).not.toHaveProperty('replacedSlot');

    const rotated = update(first.ledger, [proven(wandb, 'd2', '2026-02-01T00:00:00Z')]);
    expect(rotated.ledger.slot).toMatchObject({ digest: 'd2', rotatedAt: '2026-02-01T00:00:00Z' });
    expect(rotated).not.toHaveProperty('replacedSlot');

    const moved = update(rotated.ledger, [
      proven({ ...wandb, resolves: { instance: 'wandb', storage: bucket('j') } }, 'd3'),
    ]);
    expect(moved.replacedSlot).toMatchObject({
      from: { address: { name: 'i' } },
      to: { address: { name: 'j' } },
    });
    expect(moved.ledger.slot).not.toHaveProperty('rotatedAt');
  });

  it('placed where a retained record of the same kind, bucket and path stands: that is absorbed under Retain alone', () => {
    const next = team('next', bucket('b'));
    const keeps = afterOne(published, proven(next, 'd1'));
    const leaves = afterOne(published, proven({ ...next, deletionPolicy: 'Remove' }, 'd1'));

    expect(namesIn(keeps)).toEqual(['next']);
    expect(namesIn(leaves)).toEqual(['next', 'omega']);
    const gone = update(leaves, [], { evidence: evidence.gone(next) }).ledger;
    expect([namesIn(gone), entriesOf(gone)]).toEqual([['omega'], entriesOf(published)]);
  });

  it('placed where another path of the bucket is retained absorbs nothing', () => {
    expect(namesIn(afterOne(published, proven(inPath('next', 'secret-b'), 'd1')))).toEqual(['next', 'omega']);
  });

  it.each(['absent', 'unreadable', 'suspended'])(
    'while the instance is %s: teams go on, slot and format stay as they are',
    () => {
      const wandb = instanceClaim(bucket('i'));
      const before = update(published, [proven(wandb, 'i1')]).ledger;
      const frozen = { state: 'Frozen', format: { separator: ';', variables: ['OTHER'] }, cloud: 'AWS' } as const;
      const { ledger } = update(before, [proven(wandb, 'i2'), proven(omega, 'd2')], { instance: frozen });

      expect(ledger.slot).toBe(before.slot);
      expect(ledger.written).toBe(before.written);
      expect(keyIn(ledger, B)).toBe('d2');
    },
  );

  it('of CoreWeave by identity stands alone: whichever was published first keeps its place', () => {
    const identity = team('cw', { provider: 'CoreWeave', name: 'c', path: '', credentials: { kind: 'Ambient' } });
    const late = update(published, [omega, proven(identity, '')]);
    expect(reasonOf(late, identity)).toBe('CoreWeaveIdentityExclusive');
    expect(late.ledger).toBe(published);

    const first = update(EMPTY, [proven(identity, '')]).ledger;
    expect(entriesOf(first)).toEqual(['cw://']);
    expect(reasonOf(update(first, [identity, proven(omega, 'd1')]), omega)).toBe('CoreWeaveIdentityExclusive');
  });

  it('with keys is never stood in for by an entry without a key', () => {
    const claim = team('omega', bucket('b'));
    const { ledger } = update(EMPTY, [proven(claim, 'd1')]);
    const damaged = { ...ledger, rows: [], claims: ledger.claims.map((record) => ({ ...record, hasRow: false })) };
    expect(entriesOf(update(damaged, [claim]).ledger)).toEqual([]);
    expect(entriesOf(update(damaged, [proven(claim, 'd1')]).ledger)).toEqual(entriesOf(ledger));
  });

  describe('of a key that was rotated while ledger and listing were lost', () => {
    const { ledger: known } = update(EMPTY, [proven(team('omega', bucket('b')), 'd1')]);
    const rows = known.rows.map((row) => omit(row, 'source'));
    const unclaimed = {
      ...known,
      rows,
      claims: known.claims.map((record) => ({ ...omit(record, 'policy'), name: '' })),
    };
    const at = (path: string, changes: Partial<LiveClaim> = {}) =>
      team(path === '' ? 'omega' : path, bucket('b', path), { wasBound: true, ...changes });

    it('takes the row without a known claim', () => {
      const { ledger } = update(unclaimed, [proven(at(''), 'd2')]);
      expect(keyIn(ledger, bucket('b'))).toBe('d2');
      expect(namesIn(ledger)).toEqual(['omega']);
    });

    it('does not take it at another address', () => {
      const moved = { ...bucket('b'), region: 'elsewhere-1' };
      const live = proven(team('omega', moved), 'd2');
      expect(reasonOf(update(unclaimed, [live]), live)).toBe('CredentialConflict');
    });

    it('waits for another that was published on the bucket, until that has proven the same or is suspended', () => {
      const claim = proven(at(''), 'd2');
      const waiting = update(unclaimed, [claim, at('other')]);
      expect([reasonOf(waiting, claim), keyIn(waiting.ledger, bucket('b'))]).toEqual(['CredentialConflict', 'd1']);
      const taken = [proven(at('other'), 'd2'), at('other', { suspended: true }), at('other', { wasBound: false })];
      for (const other of taken) expect(keyIn(update(unclaimed, [claim, other]).ledger, bucket('b'))).toBe('d2');
    });

    it('does not take it from a claim that was published with its key, although that was not proven first', () => {
      const rival = proven(at('rival', { wasBound: false }), 'd2');
      const { ledger } = update(unclaimed, [rival, proven(at('other'), 'd1')]);
      expect(keyIn(ledger, bucket('b'))).toBe('d1');
      expect(namesIn(ledger)).toEqual(['', 'other']);
    });
  });

  it('of a bucket that W&B reaches by its own identity makes a record without a row', () => {
    const native = team('native', {
      provider: 'S3',
      name: 'n',
      path: '',
      region: 'eu-central-1',
      credentials: { kind: 'Ambient' },
    });
    const { ledger } = update(EMPTY, [proven(native, '')], { instance: { cloud: 'AWS' } });
    expect(ledger.rows).toEqual([]);
    expect(onlyRecord(ledger, native)).toMatchObject({ hasRow: false, mode: 'Ambient' });

    // And gets one when W&B turns out to run elsewhere, but only by a live instance that can be read.
    expect(update(ledger, [native], { instance: { cloud: 'GCP', state: 'Frozen' } }).ledger).toBe(ledger);
    // Nor a proof that is still at hand, while the cloud of the server cannot be read.
    const unread = { cloud: 'OnPremises', state: 'Frozen' } as const;
    expect(update(ledger, [proven(native, '')], { instance: unread }).ledger).toBe(ledger);
    expect(entriesOf(update(ledger, [native], { instance: { cloud: 'GCP' } }).ledger)).toEqual([
      's3://s3.eu-central-1.amazonaws.com/n?region=eu-central-1',
    ]);
    // What is retained stays as it is published.
    expect(update(ledger, [], { instance: { cloud: 'GCP' } }).ledger).toBe(ledger);
    // Nor has one left that is on its way to a bucket that is not proven.
    const moving = {
      ...native,
      bucketChangePolicy: 'Allow',
      resolves: { instance: 'wandb', storage: bucket('new') },
    } as const;
    expect(entriesOf(update(ledger, [moving], { instance: { cloud: 'GCP' } }).ledger)).toHaveLength(1);
  });

  it.each([
    ['CoreWeave by identity, which stands alone', 'cw', MAX_FILE_STORES_BYTES, 'CoreWeaveIdentityExclusive'],
    ['what fills the variable', 'ew', 100, 'FileStoresFull'],
  ])('never puts an entry beside %s, when W&B turns out to run elsewhere', (_, full, maxBytes, reason) => {
    const ambient = { kind: 'Ambient' } as const;
    const native = team('native', {
      provider: 'S3',
      name: 'n',
      path: '',
      region: 'eu-central-1',
      credentials: ambient,
    });
    const cw = team('cw', { provider: 'CoreWeave', name: 'c', path: '', credentials: ambient });
    const big = team('big', bucket('a-bucket-with-a-long-name-that-fills-it'));
    const other = full === 'cw' ? cw : big;
    const before = update(EMPTY, [proven(native, ''), proven(other, 'd1')], { instance: { cloud: 'AWS' } }).ledger;
    const after = update(before, [native, other], { maxBytes, instance: { cloud: 'GCP' } }).ledger;

    expect(entriesOf(after)).toEqual(entriesOf(before));
    expect(entriesOf(before)).toHaveLength(1);

    // Also for a proof that was placed without an entry: its claim is refused, and not reported as published.
    const known = proven(native, '');
    const { ledger } = update(EMPTY, [known, proven(other, 'd1')], { instance: { cloud: 'AWS' } });
    const refused = update(ledger, [known, other], { maxBytes, instance: { cloud: 'GCP' } });
    expect(entriesOf(refused.ledger)).toEqual(entriesOf(before));
    expect(reasonOf(refused, native)).toBe(reason);

    // It gets its entry once there is room for it, although nothing has changed about the claim itself.
    const again = update(after, [native, other], { maxBytes, instance: { cloud: 'GCP' } }).ledger;
    expect(entriesOf(again)).toEqual(entriesOf(before));
    const gone = { ...NO_EVIDENCE, confirmed: new Set([claimId(other)]) };
    const leaving = { ...other, bucketChangePolicy: 'Allow', resolves: 'None' } as const;
    const freed = update(again, [native, leaving], { maxBytes, evidence: gone, instance: { cloud: 'GCP' } }).ledger;
    expect(entriesOf(update(freed, [native], { maxBytes, instance: { cloud: 'GCP' } }).ledger)).toEqual([
      's3://s3.eu-central-1.amazonaws.com/n?region=eu-central-1',
    ]);
  });

  it('of a claim that is not admitted is not placed, of a bound claim it is', () => {
    const none = { admit: () => false };
    expect(update(EMPTY, [proven(omega, 'd1')], none).ledger).toBe(EMPTY);
    expect(keyIn(update(published, [proven(omega, 'd2')], none).ledger, B)).toBe('d2');
  });

  it('asks for newcomers one after the other, after the incumbents, and reports which got a place', () => {
    const steps: string[] = [];
    const full = team('full', bucket('c', '', 'other'));
    const holder = team('holder', bucket('c', 'p'));
    const before = update(published, [omega, proven(holder, 'c1')]).ledger;
    update(before, [proven(team('first', bucket('d')), 'x'), proven(omega, 'd1'), proven(full, 'c2'), holder], {
      admit: ({ name }) => steps.push(`admit ${name}`) > 0,
      admitted: ({ name }) => void steps.push(`admitted ${name}`),
    });

    expect(steps).toEqual(['admit first', 'admitted first', 'admit full']);
  });
});
