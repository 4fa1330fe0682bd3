import { describe, expect, it } from '@jest/globals';
import {
  bucket,
  EMPTY,
  keyIn,
  namesIn,
  onlyRecord,
  proven,
  reasonOf,
  team,
  update,
} from '../../../test/support/fakes/publication.ts';
import { omit } from '../../../test/support/fakes/omit.ts';
import type { Problem } from '../conditions/problem.ts';
import { claimId, type Ledger } from './ledger.ts';
import type { LiveClaim } from './live-claim.ts';

const B = bucket('b');
const FULL: Problem = { reason: 'InstanceFull', message: 'Full.', remedy: 'Delete some.', failureClass: 'external' };

const at = (name: string, secretName = 'shared', changes: Partial<LiveClaim> = {}): LiveClaim =>
  team(name, bucket('b', `teams/${name}`, secretName), changes);

/** The same names, placed anew in each test, one run after the other. */
function placed(...claims: readonly LiveClaim[]): Ledger {
  return claims.reduce((ledger, claim, index) => {
    const live = [...claims.slice(0, index), proven(claim, 'd1')];
    return update(ledger, live).ledger;
  }, EMPTY);
}

function conflictWith(holder: string, bucketName = 'b'): Problem {
  return {
    reason: 'CredentialConflict',
    message: `Bucket ${bucketName} is published for ${holder} with another credential or address. W&B uses one credential for a bucket, so publishing this one would replace that of ${holder}.`,
    remedy: `Use the Secret and the address of ${holder}, or give this storage a bucket of its own. InstanceStorage wandb publishes both.`,
    failureClass: 'external',
  };
}

function refusalOf(ledger: Ledger, live: readonly LiveClaim[], claim: LiveClaim): Problem | undefined {
  return update(ledger, live).placements.get(claimId(claim))?.refusal;
}

/** On AWS by the server's own identity, which is native there: it needs no entry. */
const byIdentity = (name: string, path: string): LiveClaim =>
  team(name, { provider: 'S3', name: 's', path, region: 'us-east-1', credentials: { kind: 'Ambient' } });
const byKey = (name: string, path: string, secretName = 'keys'): LiveClaim =>
  team(name, {
    provider: 'S3',
    name: 's',
    path,
    region: 'us-east-1',
    credentials: { kind: 'AccessKey', secretName, accessKeyIdKey: 'a', secretAccessKeyKey: 'b' },
  });
const AWS = { instance: { cloud: 'AWS' } } as const;

describe('an instance that takes no new claims', () => {
  const claims = ['one', 'two'].map((name) => proven(team(name, bucket(name)), 'd1'));

  it('refuses a newcomer with the reason for that, and places a new key of what is published', () => {
    const before = placed(at('omega'));
    const result = update(before, [...claims, proven(at('omega'), 'd2')], { closedFor: FULL });

    expect(result.placements.get('TeamStorage/one')).toEqual({ refusal: FULL, unplaced: 'd1' });
    expect([namesIn(result.ledger), keyIn(result.ledger, B)]).toEqual([['omega'], 'd2']);
  });

  it.each([
    [0, []],
    [1, ['one']],
    [2, ['one', 'two']],
  ])('takes as many as fit: %i', (openFor, names) => {
    const result = update(EMPTY, claims, { closedFor: FULL, openFor });

    expect(namesIn(result.ledger)).toEqual(names);
    expect(claims.map((claim) => reasonOf(result, claim))).toEqual(
      ['one', 'two'].map((name) => ((names as readonly string[]).includes(name) ? undefined : 'InstanceFull')),
    );
  });

  it('counts no claim that it refused among those that it took', () => {
    const rival = proven(at('rival', 'own'), 'd9');
    const result = update(placed(at('omega')), [at('omega'), rival, claims[0]!], { closedFor: FULL, openFor: 1 });

    expect([reasonOf(result, rival), namesIn(result.ledger)]).toEqual(['CredentialConflict', ['omega', 'one']]);
  });
});

describe('a credential conflict', () => {
  it('says what the bucket is published for, without the path of the newcomer', () => {
    const next = proven(at('next', 'own'), 'd2');
    expect(refusalOf(placed(at('omega')), [at('omega'), next], next)).toEqual(conflictWith('TeamStorage omega'));
  });

  it('names no claim where that of the entry is not known', () => {
    const known = placed(team('omega', B));
    const unclaimed = { ...known, claims: known.claims.map((record) => ({ ...omit(record, 'policy'), name: '' })) };
    const next = proven(team('next', { ...B, region: 'elsewhere-1' }), 'd2');
    expect(refusalOf(unclaimed, [next], next)).toEqual(conflictWith('another claim'));
  });

  it('names no claim where the last one leaves just now, and is over at the next run', () => {
    const omega = at('omega', 'shared', { deletionPolicy: 'Remove' });
    const next = proven(at('next', 'own'), 'd2');
    const evidence = { gone: new Set([claimId(omega)]), confirmed: new Set<string>(), unserved: new Set<never>() };
    const leaving = update(placed(omega), [next], { evidence });

    expect(leaving.placements.get(claimId(next))?.refusal).toEqual(conflictWith('another claim'));
    expect(leaving.ledger.rows).toEqual([]);
    expect(keyIn(update(leaving.ledger, [next]).ledger, B)).toBe('d2');
  });

  it.each([
    ['of the live claims', ['kappa', 'omega'], 'kappa'],
    ['of the live claims, before those that are gone', ['omega'], 'omega'],
    ['of those that are gone', [], 'kappa'],
  ])('names the one that was bound first %s', (_, alive, named) => {
    const ledger = placed(at('kappa'), at('omega'));
    const stored = { ...ledger, claims: ledger.claims.toReversed() };
    const next = proven(at('next', 'own'), 'd2');
    const live = [...alive.map((name) => at(name)), next];
    expect(refusalOf(stored, live, next)).toEqual(conflictWith(`TeamStorage ${named}`));
  });

  it('names none that has no entry', () => {
    const [native, keyed] = [byIdentity('native', 'n'), byKey('keyed', 'k')];
    const first = update(EMPTY, [proven(native, '')], AWS).ledger;
    const { ledger } = update(first, [native, proven(keyed, 'd1')], AWS);
    const next = proven(byKey('next', 'x', 'own'), 'd2');
    const result = update(ledger, [native, keyed, next], AWS);

    expect(result.placements.get(claimId(next))?.refusal).toEqual(conflictWith('TeamStorage keyed', 's'));
  });

  it('is one also for a newcomer at the very path of a live claim', () => {
    const omega = team('omega', B);
    const next = proven(team('next', bucket('b', '', 'own')), 'd2');
    const result = update(placed(omega), [omega, next]);

    expect([reasonOf(result, next), keyIn(result.ledger, B)]).toEqual(['CredentialConflict', 'd1']);
  });

  it('protects the newcomer that took the place of a retained one from those that come after it in the same run', () => {
    const retained = placed(team('omega', B));
    const elsewhere = proven(at('elsewhere', 'own'), 'd5');
    const [next, third] = ['next', 'third'].map((name) => proven(team(name, bucket('b', '', name)), name));
    const result = update(retained, [elsewhere, next!, third!]);

    expect([elsewhere, next!, third!].map((claim) => reasonOf(result, claim))).toEqual([
      'CredentialConflict',
      undefined,
      'CredentialConflict',
    ]);
    expect([keyIn(result.ledger, B), namesIn(result.ledger)]).toEqual(['next', ['next']]);
  });
});

describe('an entry that was recovered without its claim', () => {
  const unclaimed = (ledger: Ledger): Ledger => ({
    ...ledger,
    rows: ledger.rows.map((row) => omit(row, 'source')),
    claims: ledger.claims.map((record) => (record.hasRow ? { ...omit(record, 'policy'), name: '' } : record)),
  });

  it('takes a rotated key although another claim reaches the bucket without an entry', () => {
    const native = byIdentity('native', 'n');
    const both = update(EMPTY, [proven(native, ''), proven(byKey('lost', ''), 'd1')], AWS).ledger;
    const next = proven(byKey('next', ''), 'd2');
    const result = update(unclaimed(both), [native, next], AWS);

    expect([reasonOf(result, next), keyIn(result.ledger, next.proof!.storage)]).toEqual([undefined, 'd2']);
  });

  it('is no longer anybody’s once a claim has proven its key', () => {
    const found = update(unclaimed(placed(team('lost', B))), [proven(at('kappa', 'own'), 'd1')]).ledger;
    const next = proven(at('next', 'other'), 'd2');
    const result = update(found, [at('kappa', 'own'), next]);

    expect([namesIn(found), keyIn(result.ledger, B)]).toEqual([['', 'kappa'], 'd1']);
    expect(result.placements.get(claimId(next))?.refusal).toEqual(conflictWith('TeamStorage kappa'));
  });
});

describe('a rotation that the others have not proven', () => {
  it('names those in order', () => {
    const ledger = placed(at('zeta'), at('omega'), at('alpha'));
    const rotated = proven(at('omega', 'new'), 'd2');
    const { placements } = update(ledger, [at('zeta'), rotated, at('alpha')]);
    expect(placements.get(claimId(rotated))).toEqual({ waitsFor: ['alpha', 'zeta'], unplaced: 'd2' });
  });

  it('waits in each bucket for the claims there alone', () => {
    const other = team('other', bucket('c', '', 'old'));
    const ledger = placed(at('omega'), at('kappa'), other);
    const rotated = proven(at('omega', 'new'), 'd2');
    const alone = proven(team('other', bucket('c', '', 'new')), 'd2');
    const result = update(ledger, [rotated, at('kappa'), alone]);

    expect(result.placements.get(claimId(rotated))?.waitsFor).toEqual(['kappa']);
    expect([keyIn(result.ledger, B), keyIn(result.ledger, bucket('c'))]).toEqual(['d1', 'd2']);
  });

  it('waits for each other where two prove different keys', () => {
    const [omega, kappa] = [proven(at('omega', 'new'), 'd2'), proven(at('kappa', 'newer'), 'd3')];
    const { placements, ledger } = update(placed(at('omega'), at('kappa')), [omega, kappa]);

    expect([omega, kappa].map((claim) => placements.get(claimId(claim))?.waitsFor)).toEqual([['kappa'], ['omega']]);
    expect(keyIn(ledger, B)).toBe('d1');
  });

  it('waits also where the others prove the same key at another address', () => {
    const moved = proven(team('omega', { ...bucket('b', 'teams/omega', 'shared'), region: 'eu-west-1' }), 'd1');
    const ledger = placed(at('omega'), at('kappa'));
    const result = update(ledger, [moved, proven(at('kappa'), 'd1')]);

    expect(result.placements.get(claimId(moved))?.waitsFor).toEqual(['kappa']);
    expect(result.ledger.rows).toEqual(ledger.rows);
  });

  it('does not wait for a claim that needs no entry', () => {
    const [native, keyed] = [byIdentity('native', 'n'), byKey('keyed', 'k')];
    const before = update(EMPTY, [proven(native, ''), proven(keyed, 'd1')], AWS).ledger;
    const rotated = proven(byKey('keyed', 'k', 'new'), 'd2');
    expect(keyIn(update(before, [native, rotated], AWS).ledger, rotated.proof!.storage)).toBe('d2');
  });
});

describe('the digest that is recorded as proven for a claim', () => {
  const recovered = (ledger: Ledger, ...names: readonly string[]): Ledger => ({
    ...ledger,
    claims: ledger.claims.map((record) => (names.includes(record.name) ? omit(record, 'digest') : record)),
  });

  it('is that of the former entry where it was unknown, and no other is changed', () => {
    const sleeping = ['kappa', 'conflicting'].map((name) => at(name, 'shared', { suspended: true }));
    const before = recovered(placed(at('omega'), at('kappa'), at('conflicting')), 'kappa');
    const claims = before.claims.map((one) => (one.name === 'conflicting' ? { ...one, digest: 'own' } : one));
    const { ledger } = update({ ...before, claims }, [proven(at('omega'), 'd2'), ...sleeping]);

    expect(ledger.claims.map(({ name, digest }) => [name, digest]).sort()).toEqual([
      ['conflicting', 'own'],
      ['kappa', 'd1'],
      ['omega', 'd2'],
    ]);
  });

  it('stays unknown for a claim without an entry', () => {
    const [native, keyed] = [byIdentity('native', 'n'), byKey('keyed', 'k')];
    const both = update(EMPTY, [proven(native, ''), proven(keyed, 'd1')], AWS).ledger;
    const { ledger } = update(recovered(both, 'native'), [native, proven(keyed, 'd2')], AWS);
    expect(onlyRecord(ledger, native)).not.toHaveProperty('digest');
  });
});

describe('the time of a proof in the record', () => {
  const LATER = '2026-03-01T00:00:00Z';
  const moved = team('omega', { ...bucket('b', 'teams/omega', 'shared'), region: 'eu-west-1' });

  it.each<[string, LiveClaim, string]>([
    ['the same again: as before', proven(at('omega'), 'd1', LATER), '2026-01-01T00:00:00Z'],
    ['another key: that of the proof', proven(at('omega'), 'd2', LATER), LATER],
    ['another address: that of the proof', proven(moved, 'd1', LATER), LATER],
  ])('%s', (_, claim, provenAt) => {
    expect(onlyRecord(update(placed(at('omega')), [claim]).ledger, claim).provenAt).toBe(provenAt);
  });

  it('stays where the former digest is unknown since a recovery', () => {
    const before = placed(at('omega'));
    const recovered = { ...before, claims: before.claims.map((record) => omit(record, 'digest')) };
    const { ledger } = update(recovered, [proven(at('omega'), 'd1', LATER)]);
    expect(onlyRecord(ledger, at('omega'))).toMatchObject({ digest: 'd1', provenAt: '2026-01-01T00:00:00Z' });
  });
});

describe('the Secret that an entry follows', () => {
  const sourceIn = ({ rows }: Ledger): unknown =>
    rows.map(({ source }) => (source as { secretName: string }).secretName);

  it('is the former one while another claim may use it, though its proof is not in memory', () => {
    const ledger = placed(at('omega'), at('kappa'));
    expect(sourceIn(update(ledger, [proven(at('omega', 'new'), 'd1'), at('kappa')]).ledger)).toEqual(['shared']);
  });

  it.each<[string, readonly LiveClaim[]]>([
    ['the other claims have left it as well', [proven(at('kappa', 'newer'), 'd1')]],
    ['the other claims are gone', []],
  ])('is the new one where %s', (_, others) => {
    const ledger = placed(at('omega'), at('kappa'));
    const live = [proven(at('omega', 'new'), 'd1'), ...others];
    expect(sourceIn(update(ledger, live).ledger)).not.toEqual(['shared']);
  });

  it('is the new one where the other claim on the bucket has no entry', () => {
    const [native, keyed] = [byIdentity('native', 'n'), byKey('keyed', 'k')];
    const before = update(EMPTY, [proven(native, ''), proven(keyed, 'd1')], AWS).ledger;
    const { ledger } = update(before, [native, proven(byKey('keyed', 'k', 'new'), 'd1')], AWS);
    expect(sourceIn(ledger)).toEqual(['new']);
  });
});
