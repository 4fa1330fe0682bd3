import { describe, expect, it } from '@jest/globals';
import {
  bucket,
  EMPTY,
  entriesOf,
  evidence,
  instanceClaim,
  keyIn,
  namesIn,
  onlyRecord,
  proofOf,
  proven,
  reasonOf,
  team,
  update,
  without,
} from '../../../test/support/fakes/publication.ts';
import { omit } from '../../../test/support/fakes/omit.ts';
import { isProvenFor } from './claim-publication.ts';
import { MAX_FILE_STORES_BYTES } from './file-stores.ts';
import { encodeLedger } from './ledger-format.ts';
import { claimId, type Ledger } from './ledger.ts';
import { renderOutputs } from './outputs.ts';
import { NEWCOMER_RESERVE_BYTES } from './file-stores-full.ts';

import type { LiveClaim } from './live-claim.ts';
import { NO_EVIDENCE } from './removal-evidence.ts';

const B = bucket('b');
const omega = team('omega', B);
const published = update(EMPTY, [proven(omega, 'd1')]).ledger;
const removable = update(published, [{ ...omega, deletionPolicy: 'Remove' }]).ledger;

const inPath = (name: string, secretName = 'shared', changes: Partial<LiveClaim> = {}): LiveClaim =>
  team(name, bucket('b', `teams/${name}`, secretName), changes);

function afterOne(ledger: Ledger, claim: LiveClaim): Ledger {
  return update(ledger, [claim]).ledger;
}

const VALUES = `global:
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
    STORES:
      valueFrom:
        secretKeyRef:
          name: wandb-storage
          key: STORES
`;

describe('what is published', () => {
  it('is nothing that was not proven', () => {
    const { ledger, placements } = update(EMPTY, [omega]);

    expect(entriesOf(ledger)).toEqual([]);
    expect(placements.size).toBe(0);
    expect(ledger).toBe(EMPTY);
  });

  it.each<[string, readonly LiveClaim[]]>([
    ['fails its validation', [omega]],
    ['is suspended', [{ ...proven(omega, 'd2'), suspended: true }]],
    ['is deleted with Retain', []],
    ['has an unreadable spec', [{ ...omega, resolves: 'Unresolved' }]],
  ])('stays when the claim %s', (_, live) => {
    expect(entriesOf(update(published, live, { evidence: evidence.gone(omega) }).ledger)).toEqual(entriesOf(published));
  });

  it('leaves by deletionPolicy Remove alone, and only once the API server confirms that the object is gone', () => {
    const waiting = update(removable, []);

    expect(entriesOf(waiting.ledger)).toEqual(entriesOf(published));
    expect(waiting.wants.gone.map(claimId)).toEqual([claimId(omega)]);
    const gone = update(waiting.ledger, [], { evidence: evidence.gone(omega) }).ledger;
    expect([entriesOf(gone), namesIn(gone)]).toEqual([[], []]);
  });

  it('stays for good when its kind is no longer served', () => {
    const unserved = update(removable, [], {
      evidence: { ...NO_EVIDENCE, unserved: new Set(['TeamStorage'] as const) },
    }).ledger;

    expect(entriesOf(update(unserved, [], { evidence: evidence.gone(omega) }).ledger)).toEqual(entriesOf(published));
  });

  it('stays for good also where a cache that is behind shows the object once more', () => {
    const removed: LiveClaim = { ...omega, deletionPolicy: 'Remove' };
    const unserved = update(update(published, [removed]).ledger, [], {
      evidence: { ...NO_EVIDENCE, unserved: new Set(['TeamStorage'] as const) },
    }).ledger;
    const stale = update(update(unserved, [removed]).ledger, [proven(removed, 'd2')]).ledger;
    const lastPolicies = new Map([[claimId(omega), 'Remove' as const]]);
    const after = update(stale, [], { evidence: evidence.gone(omega), lastPolicies });
    expect(entriesOf(after.ledger)).toEqual(entriesOf(stale));
    expect(entriesOf(stale)).toHaveLength(1);
    // Another incarnation decides for itself.
    const anew = update(stale, [{ ...removed, uid: 'uid-anew' }]).ledger;
    expect(entriesOf(update(anew, [], { evidence: evidence.gone(omega) }).ledger)).toEqual([]);
  });

  it('stays while another claim still uses the bucket, and leaves with the last one', () => {
    const kappa = inPath('kappa', 'secret-b', { deletionPolicy: 'Remove' });
    const both = update(removable, [{ ...omega, deletionPolicy: 'Remove' }, proven(kappa, 'd1')]).ledger;

    const one = update(both, [kappa], { evidence: evidence.gone(omega) }).ledger;
    expect([entriesOf(one), namesIn(one)]).toEqual([entriesOf(published), ['kappa']]);
    expect(entriesOf(update(one, [], { evidence: evidence.gone(kappa) }).ledger)).toEqual([]);
  });

  it('changes to another credential once that was proven, with the time of that', () => {
    const { ledger } = update(published, [proven(omega, 'd2', '2026-02-01T00:00:00Z')]);

    expect(entriesOf(ledger)).toEqual([expect.stringContaining('id-d2')]);
    expect(ledger.rows[0]?.rotatedAt).toBe('2026-02-01T00:00:00Z');
    expect(onlyRecord(ledger, omega)).toMatchObject({ digest: 'd2', boundAt: '2026-05-01T00:00:00Z' });
  });

  it('does not change when the same is proven again: the very same ledger', () => {
    expect(update(published, [proven(omega, 'd1', '2026-03-01T00:00:00Z')]).ledger).toBe(published);
  });

  it('is no rotation when only the Secret has another name', () => {
    const renamed = team('omega', bucket('b', '', 'renamed'));
    const { ledger } = update(published, [proven(renamed, 'd1')]);

    expect(ledger.rows[0]?.source).toMatchObject({ secretName: 'renamed' });
    expect(ledger.rows[0]).not.toHaveProperty('rotatedAt');
    expect(entriesOf(ledger)).toEqual(entriesOf(published));
  });

  it('gives the same bytes whatever the order of the claims', () => {
    const claims = ['b1', 'b2', 'b3'].map((name) => proven(team(name, bucket(name)), 'd'));

    const forth = renderOutputs(update(EMPTY, claims).ledger, 'wandb-storage');
    const back = renderOutputs(update(EMPTY, [...claims].reverse()).ledger, 'wandb-storage');

    expect(back).toEqual(forth);
  });

  it('puts no secret into the ConfigMap', () => {
    const { ledger } = update(EMPTY, [proven(instanceClaim(bucket('i')), 'd9'), proven(omega, 'd1')]);
    const { configMap, secret } = renderOutputs(ledger, 'wandb-storage');

    expect(JSON.stringify(configMap)).not.toContain('hidden-d');
    expect(secret['BUCKET']).toContain('hidden-d9');
    expect(secret['STORES']).toContain('hidden-d1');
    expect(configMap['values.yaml']).toBe(VALUES);
  });
});

describe('the limit of an environment variable', () => {
  const bytes = Buffer.byteLength(entriesOf(published).join(','));

  it('refuses the newcomer that does not fit and keeps the incumbent', () => {
    const late = team('late', bucket('c'));
    const result = update(published, [proven(omega, 'd1'), proven(late, 'd3')], { maxBytes: bytes + 10 });

    expect(entriesOf(result.ledger)).toEqual(entriesOf(published));
    expect(reasonOf(result, late)).toBe('FileStoresFull');
    expect(reasonOf(result, omega)).toBeUndefined();
    expect(namesIn(result.ledger)).toEqual(['omega']);
  });

  it('stops newcomers 4 KiB before the end, so that a rotation of what stands always fits', () => {
    const long = (name: string, size: number, digest: string): LiveClaim => {
      const claim = proven(team(name, bucket(name)), digest);
      if (claim.proof?.credential?.kind !== 'AccessKey') throw new Error('no key');
      const credential = { ...claim.proof.credential, accessKeyId: 'x'.repeat(size) };
      return { ...claim, proof: { ...claim.proof, credential } };
    };
    const most = MAX_FILE_STORES_BYTES - NEWCOMER_RESERVE_BYTES;
    const big = long('big', most - 200, 'k1');
    const { ledger } = update(EMPTY, [big]);
    expect(namesIn(ledger)).toEqual(['big']);

    const other = long('other', 200, 'k2');
    expect(reasonOf(update(ledger, [big, other]), other)).toBe('FileStoresFull');
    const rotated = update(ledger, [long('big', most + 1_000, 'k3')]);
    expect(keyIn(rotated.ledger, bucket('big'))).toBe('k3');
  });

  it('a rotation that does not fit is refused, and what stands stays', () => {
    const result = update(published, [proven(omega, 'a-much-longer-key')], { maxBytes: bytes });

    expect(reasonOf(result, omega)).toBe('FileStoresFull');
    expect(result.ledger).toBe(published);
  });

  it('a format change that no longer fits is reported, and the former format stays', () => {
    const two = update(EMPTY, [proven(omega, 'd1'), proven(team('late', bucket('c')), 'd2')]).ledger;
    const maxBytes = Buffer.byteLength(entriesOf(two).join(','));
    const format = { separator: '--', variables: ['OTHER'] };
    const result = update(two, [], { maxBytes, instance: { format } });

    expect(result.formatProblem?.reason).toBe('FileStoresFull');
    expect(result.ledger.written).toEqual(two.written);
    expect(update(two, [], { maxBytes: maxBytes + 1, instance: { format } }).ledger.written).toEqual(format);
  });
});

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

describe('a claim that moves', () => {
  const movable = { ...omega, bucketChangePolicy: 'Allow' } as const;
  const wanted = { ...movable, resolves: { instance: 'wandb', storage: bucket('new') } } as const;

  it('stays until it is published at the new place, and the API server confirms what was judged', () => {
    expect(update(published, [wanted]).ledger).toBe(published);
    const both = update(published, [proven(wanted, 'n1')]);
    expect(both.ledger.claims).toHaveLength(2);
    expect(both.wants.confirmed.map(claimId)).toEqual([claimId(omega)]);

    const moved = update(published, [proven(wanted, 'n1')], { evidence: evidence.confirmed(omega) }).ledger;
    expect(onlyRecord(moved, omega).address.name).toBe('new');
    expect(entriesOf(moved)).toEqual([expect.stringContaining('/new?')]);
  });

  it('keeps the old address of the same bucket until the new one is proven, and the key of the others with it', () => {
    const [http, https] = (['http', 'https'] as const).map((scheme) => ({
      ...B,
      endpoint: { scheme, host: 'minio.example', port: scheme === 'http' ? 80 : 443 },
    }));
    const before = team('omega', http!, { bucketChangePolicy: 'Allow' });
    const neighbour = team('kappa', { ...http!, path: 'kappa' });
    const start = update(EMPTY, [proven(before, 'd1'), proven(neighbour, 'd1')]).ledger;
    const now = { ...before, resolves: { instance: 'wandb', storage: https! } } as const;
    const given = { evidence: evidence.confirmed(now) };
    expect(update(start, [now, neighbour], given).ledger).toBe(start);

    const both = update(start, [proven(now, 'd1'), neighbour], given).ledger;
    expect(entriesOf(both)).toEqual([expect.stringContaining('tls=false'), expect.stringContaining('tls=true')]);
    const alone = update(update(EMPTY, [proven(before, 'd1')]).ledger, [proven(now, 'd1')], given).ledger;
    expect(entriesOf(alone)).toEqual([expect.stringContaining('tls=true')]);
  });

  it('keeps the old address of the instance bucket until the new one is proven', () => {
    const at = (port: number) => ({
      ...bucket('i'),
      endpoint: { scheme: 'https', host: 'minio.example', port } as const,
    });
    const before = instanceClaim(at(9000), { bucketChangePolicy: 'Allow' });
    const start = update(EMPTY, [proven(before, 'd1')]).ledger;
    const now = { ...before, resolves: { instance: 'wandb', storage: at(443) } } as const;
    const given = { evidence: evidence.confirmed(now) };
    expect(update(start, [now], given).ledger).toBe(start);
    expect(update(start, [proven(now, 'd1')], given).ledger.slot?.address).toMatchObject({ endpoint: { port: 443 } });
  });

  it('keeps the instance bucket until the other one is in its place, though both are recorded', () => {
    const at = (name: string) => instanceClaim(bucket(name), { bucketChangePolicy: 'Allow' });
    const moved = update(EMPTY, [proven(at('old'), 'd1')]).ledger;
    // A leader whose caches lagged put the former bucket back, and it was not confirmed that the new one may leave.
    const there = update(moved, [proven(at('new'), 'd1')], { evidence: evidence.confirmed(at('new')) }).ledger;
    const back = update(there, [proven(at('old'), 'd1')]).ledger;
    expect(back.slot?.address.name).toBe('old');

    const now = update(back, [at('new')], { evidence: evidence.confirmed(at('new')) }).ledger;
    expect(now.slot?.address.name).toBe('old');
    const proof = update(now, [proven(at('new'), 'd1')], { evidence: evidence.confirmed(at('new')) }).ledger;
    expect(proof.slot?.address.name).toBe('new');
    expect(proof.claims).toHaveLength(1);
  });

  it('leaves for another instance only once that one publishes it', () => {
    const elsewhere = { ...movable, resolves: { instance: 'other', storage: B } } as const;
    const given = { evidence: evidence.confirmed(omega) };

    expect(update(published, [elsewhere], given).ledger).toBe(published);
    const moved = update(published, [elsewhere], { ...given, isPublishedElsewhere: () => true }).ledger;
    expect(entriesOf(moved)).toEqual([]);
  });

  it('leaves at once where it asks for no bucket any more, on confirmation', () => {
    const none: LiveClaim = { ...movable, resolves: 'None' };
    expect(update(published, [none]).ledger).toBe(published);
    expect(entriesOf(update(published, [none], { evidence: evidence.confirmed(omega) }).ledger)).toEqual([]);
  });

  it.each<[string, LiveClaim['resolves']]>([
    ['another bucket', { instance: 'wandb', storage: bucket('new') }],
    ['another instance', { instance: 'other', storage: B }],
    ['no bucket', 'None'],
  ])('does not move under Forbid, though it asks for %s', (_, resolves) => {
    const { ledger } = update(published, [{ ...omega, resolves }], {
      evidence: evidence.confirmed(omega),
      isPublishedElsewhere: () => true,
    });
    expect(ledger).toBe(published);
  });

  it('is left behind by another incarnation that asks for another place: under Retain for good', () => {
    const other = { ...wanted, uid: 'uid-other' } as const;
    const given = { evidence: evidence.confirmed(omega) };
    expect(update(published, [other], given).ledger).toBe(published);

    const kept = update(published, [proven(other, 'n1')], given).ledger;
    expect(entriesOf(kept)).toHaveLength(2);
    const removed = update(published, [proven({ ...other, deletionPolicy: 'Remove' }, 'n1')], given).ledger;
    expect(entriesOf(removed)).toEqual([expect.stringContaining('/new?')]);
  });

  it('that is made anew at its place is held: uid, team and policy follow', () => {
    const again: LiveClaim = { ...omega, uid: 'uid-again', team: 'sigma', deletionPolicy: 'Remove' };
    expect(onlyRecord(update(published, [again]).ledger, omega)).toMatchObject({
      uid: 'uid-again',
      team: 'sigma',
      policy: 'Remove',
      boundRevision: 1,
    });
  });
});

describe('the instance bucket', () => {
  const wandb = instanceClaim(bucket('i'), { deletionPolicy: 'Remove' });
  const before = update(EMPTY, [proven(wandb, 'i1')]).ledger;
  const given = { evidence: evidence.gone(wandb) };

  it('stays while a live team is on it, and leaves with the last one', () => {
    const onInstance = team('tau', B, { resolves: 'None', usesInstanceBucket: true });

    expect(update(before, [onInstance], given).ledger).toBe(before);
    expect(update(before, [], given).ledger).not.toHaveProperty('slot');
  });

  it('is never held up by a team that is not on it', () => {
    expect(update(before, [omega], given).ledger).not.toHaveProperty('slot');
  });

  it('stays, retained, until a live instance proved another, and its record stays', () => {
    const kept = update(EMPTY, [proven(instanceClaim(bucket('i')), 'i1')]).ledger;
    const again = instanceClaim(bucket('j'), { uid: 'uid-again' });

    expect(update(kept, [again]).ledger).toBe(kept);
    const { ledger } = update(kept, [proven(again, 'j1')]);
    expect(ledger.slot?.address.name).toBe('j');
    expect(ledger.claims.map(({ address }) => address.name).sort()).toEqual(['i', 'j']);
  });
});

describe('adoption crosses neither kinds nor policies', () => {
  const wandb = instanceClaim(B);

  it('a team on the bucket and path of a retained instance bucket leaves that where it is', () => {
    const before = update(EMPTY, [proven(wandb, 'd1')]).ledger;
    const { ledger } = update(before, [proven(omega, 'd1')]);

    expect(ledger.slot).toBe(before.slot);
    expect(namesIn(ledger)).toEqual(['omega', 'wandb']);
  });

  it('an instance on the bucket and path of a retained team leaves its entry where it is', () => {
    const { ledger } = update(published, [proven(wandb, 'd1')]);

    expect(entriesOf(ledger)).toEqual(entriesOf(published));
    expect(namesIn(ledger)).toEqual(['omega', 'wandb']);
  });

  it('a claim with Remove does not take along what another retained', () => {
    const next = team('next', B, { deletionPolicy: 'Remove' });
    const both = update(published, [proven(next, 'd1')]).ledger;
    const after = update(both, [], { evidence: evidence.gone(next, omega) }).ledger;

    expect(entriesOf(after)).toEqual(entriesOf(published));
  });

  it('a claim with Retain does not keep what another is to remove', () => {
    const next = team('next', B);
    const both = update(removable, [proven(next, 'd1')]).ledger;
    expect(namesIn(both)).toEqual(['next', 'omega']);
    expect(namesIn(update(both, [next], { evidence: evidence.gone(omega) }).ledger)).toEqual(['next']);
  });
});

describe('facts', () => {
  it('that cannot be observed again are recorded once and kept', () => {
    const { ledger } = update(published, [{ ...omega, filesLeftIn: 'wandb' }]);
    expect(onlyRecord(ledger, omega).filesLeftIn).toBe('wandb');
    expect(onlyRecord(update(ledger, [omega]).ledger, omega).filesLeftIn).toBe('wandb');
    expect(onlyRecord(update(ledger, [proven(omega, 'd2')]).ledger, omega).filesLeftIn).toBe('wandb');
  });

  it('where a team left its files is not said of another team under the name of its object', () => {
    const { ledger } = update(published, [{ ...omega, filesLeftIn: 'wandb' }]);
    const other = { ...omega, uid: 'another', team: 'another' };
    expect(onlyRecord(update(ledger, [other]).ledger, omega).filesLeftIn).toBeUndefined();
  });

  it('the mark of a former version goes when the claim is held again', () => {
    const marked = {
      ...published,
      claims: published.claims.map((record) => ({ ...record, markedRetained: true as const })),
    };
    expect(update(marked, []).ledger).toBe(marked);
    expect(onlyRecord(update(marked, [omega]).ledger, omega)).not.toHaveProperty('markedRetained');
  });

  it('of a ledger never change it: what was given stays as it was', () => {
    const text = encodeLedger(published);
    update(published, [proven(omega, 'd9')]);
    update(published, [without(omega)], { evidence: evidence.gone(omega) });
    expect(encodeLedger(published)).toBe(text);
    expect(proofOf(B, 'd1').storage).toEqual(B);
  });
});

it('after a recovery a suspended claim is not taken for proven with the key that another one brought', () => {
  const [sleeping, rotating] = [inPath('sleeping', 'shared', { suspended: true }), inPath('rotating')];
  const both = update(EMPTY, [proven({ ...sleeping, suspended: false }, 'd1'), proven(rotating, 'd1')]).ledger;
  const recovered: Ledger = { ...both, claims: both.claims.map((record) => omit(record, 'digest')) };
  const isSleepingProven = (ledger: Ledger): boolean =>
    ledger.rows.every((row) => isProvenFor(onlyRecord(ledger, sleeping), row));
  const { ledger: next } = update(recovered, [sleeping, proven(rotating, 'd2')]);

  expect([keyIn(recovered, B), isSleepingProven(recovered)]).toEqual(['d1', true]);
  expect([keyIn(next, B), isSleepingProven(next)]).toEqual(['d2', false]);
});

function sourceOf(secretName: string): unknown {
  return bucket('b', '', secretName).credentials;
}

it('takes in a claim that shares an entry though newcomers would not fit any more', () => {
  const many = Array.from({ length: 40 }, (_, index) =>
    proven(team(`t${String(index)}`, bucket(`b${String(index)}`)), 'k'),
  );
  const { ledger } = update(EMPTY, many);
  const sharing = proven(team('sharing', bucket('b0', 'sub', 'secret-b0')), 'k');
  const alone = proven(team('alone', bucket('c')), 'k');
  const next = update(ledger, [...many, sharing, alone], { maxBytes: 100 });

  expect(reasonOf(next, sharing)).toBeUndefined();
  expect(namesIn(next.ledger)).toContain('sharing');
  expect(reasonOf(next, alone)).toBe('FileStoresFull');
});
