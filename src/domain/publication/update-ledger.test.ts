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
  proofOf,
  proven,
  team,
  update,
  without,
} from '../../../test/support/fakes/publication.ts';
import { omit } from '../../../test/support/fakes/omit.ts';
import { isProvenFor } from './claim-publication.ts';
import { encodeLedger } from './ledger-format.ts';
import { NO_EVIDENCE } from './removal-evidence.ts';
import { claimId, type Ledger } from './ledger.ts';
import type { LiveClaim } from './live-claim.ts';
import { renderOutputs } from './outputs.ts';

const B = bucket('b');
const omega = team('omega', B);
const published = update(EMPTY, [proven(omega, 'd1')]).ledger;
const removable = update(published, [{ ...omega, deletionPolicy: 'Remove' }]).ledger;

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
