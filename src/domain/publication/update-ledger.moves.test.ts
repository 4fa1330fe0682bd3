import { describe, expect, it } from '@jest/globals';
import {
  bucket,
  EMPTY,
  entriesOf,
  evidence,
  instanceClaim,
  namesIn,
  onlyRecord,
  proven,
  team,
  update,
} from '../../../test/support/fakes/publication.ts';
import { claimId } from './ledger.ts';
import type { LiveClaim } from './live-claim.ts';

const B = bucket('b');
const omega = team('omega', B);
const published = update(EMPTY, [proven(omega, 'd1')]).ledger;
const removable = update(published, [{ ...omega, deletionPolicy: 'Remove' }]).ledger;

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
