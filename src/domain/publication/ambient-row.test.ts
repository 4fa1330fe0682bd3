import { describe, expect, it } from '@jest/globals';
import {
  bucket,
  COMMA,
  EMPTY,
  entriesOf,
  onlyRecord,
  proven,
  team,
  update,
} from '../../../test/support/fakes/publication.ts';
import type { CoreWeaveStorage, S3Storage } from '../bucket/storage.ts';
import type { DeploymentCloud } from './file-stores.ts';
import type { Ledger } from './ledger.ts';
import type { LiveClaim } from './live-claim.ts';

const AMBIENT = { kind: 'Ambient' } as const;
const s3 = (name: string, path = ''): S3Storage => ({
  ...{ provider: 'S3', name, path, region: 'eu-central-1' },
  credentials: AMBIENT,
});
const ENTRY = 's3://s3.eu-central-1.amazonaws.com/n?region=eu-central-1';
const native = (name = 'native', path = ''): LiveClaim => team(name, s3('n', path));

/** What was published while the server ran on AWS, where the identity needs no entry. */
function onAws(...claims: readonly LiveClaim[]): Ledger {
  return update(EMPTY, claims, { instance: { cloud: 'AWS' } }).ledger;
}

function movedTo(cloud: DeploymentCloud, ledger: Ledger, live: readonly LiveClaim[], maxBytes?: number): Ledger {
  return update(ledger, live, { ...(maxBytes !== undefined && { maxBytes }), instance: { cloud } }).ledger;
}

describe('a server that moves to a cloud where its identity needs an entry', () => {
  it('gets an entry of the whole bucket without a key, as old as the proof', () => {
    const { rows } = movedTo('GCP', onAws(proven(native('native', 'teams/n'), '')), [native('native', 'teams/n')]);
    expect(rows).toEqual([
      {
        address: { provider: 'S3', name: 'n', path: '', region: 'eu-central-1' },
        ...{ digest: '', source: AMBIENT, provenAt: '2026-01-01T00:00:00Z' },
      },
    ]);
  });

  it('gets one entry for all claims on the bucket', () => {
    const live = [native('one', 'a'), native('two', 'b')];
    const ledger = movedTo('GCP', onAws(...live.map((claim) => proven(claim, ''))), live);
    expect(entriesOf(ledger)).toEqual([ENTRY]);
    expect(ledger.claims.map(({ hasRow }) => hasRow)).toEqual([true, true]);
  });

  it('keeps the entry with a key that another claim has on the bucket', () => {
    const keyed = team('keyed', {
      ...s3('n', 'k'),
      credentials: { kind: 'AccessKey', secretName: 's', accessKeyIdKey: 'a', secretAccessKeyKey: 'b' },
    });
    const before = onAws(proven(native('native', 'n'), ''), proven(keyed, 'd1'));
    const after = movedTo('GCP', before, [native('native', 'n'), keyed]);
    expect(after.rows).toEqual(before.rows);
    expect(onlyRecord(after, native()).hasRow).toBe(true);
  });

  it('takes an entry that fits exactly, and none that is a byte longer', () => {
    const before = onAws(proven(native(), ''));
    expect(entriesOf(movedTo('GCP', before, [native()], ENTRY.length))).toEqual([ENTRY]);
    const full = movedTo('GCP', before, [native()], ENTRY.length - 1);
    expect([full.rows, onlyRecord(full, native()).hasRow]).toEqual([[], false]);
  });

  it('puts several entries side by side', () => {
    const live = [native(), team('other', bucket('b'))];
    const before = onAws(...live.map((claim) => proven(claim, 'd1')));
    expect(entriesOf(movedTo('GCP', before, live))).toHaveLength(2);
  });
});

it('an identity on CoreWeave that lost its entry gets it back, as the only one', () => {
  const storage: CoreWeaveStorage = { provider: 'CoreWeave', name: 'c', path: '', credentials: AMBIENT };
  const claim = team('cw', storage);
  const { ledger } = update(EMPTY, [proven(claim, '')]);
  const claims = ledger.claims.map((record) => ({ ...record, hasRow: false }));

  expect(entriesOf(update({ ...ledger, rows: [], claims }, [claim]).ledger)).toEqual(['cw://']);
});

describe('a frozen instance', () => {
  const frozen = (cloud: DeploymentCloud) => ({ instance: { cloud, state: 'Frozen' } }) as const;

  it('decides nothing anew for an identity, but gives a claim with a key its entry', () => {
    const before = onAws(proven(native(), ''));
    const keyed = team('native', {
      ...s3('n'),
      credentials: { kind: 'AccessKey', secretName: 's', accessKeyIdKey: 'a', secretAccessKeyKey: 'b' },
    });
    expect(update(before, [proven(native(), '', '2026-02-01T00:00:00Z')], frozen('GCP')).ledger.rows).toEqual([]);
    expect(update(before, [proven(keyed, 'd1')], frozen('AWS')).ledger.rows).toHaveLength(1);
  });

  it('keeps the entry of an identity, and decides for one that had a key before', () => {
    const published = update(EMPTY, [proven(native(), '')], { instance: { cloud: 'GCP' } }).ledger;
    const { ledger } = update(published, [proven(native(), '', '2026-02-01T00:00:00Z')], frozen('AWS'));
    expect(ledger.rows).toEqual(published.rows);

    const claims = published.claims.map((record) => ({ ...record, mode: 'AccessKey' as const }));
    const decided = update({ ...published, claims }, [proven(native(), '')], frozen('AWS')).ledger;
    expect(onlyRecord(decided, native())).toMatchObject({ mode: 'Ambient', hasRow: false });
  });

  it('decides for a newcomer', () => {
    expect(update(EMPTY, [proven(native(), '')], frozen('GCP')).ledger.rows).toHaveLength(1);
    expect(update(EMPTY, [proven(native(), '')], frozen('AWS')).ledger.rows).toEqual([]);
  });
});

describe('a server that moves to the cloud of an identity', () => {
  it('drops its entry and keeps its record', () => {
    const published = update(EMPTY, [proven(native(), '')], { instance: { cloud: 'GCP' } }).ledger;
    const after = movedTo('AWS', published, [native()]);
    expect([after.rows, onlyRecord(after, native()).hasRow]).toEqual([[], false]);
  });

  it('keeps the entry of a claim with a key, and what is retained', () => {
    const published = update(EMPTY, [proven(native(), ''), proven(team('keyed', bucket('b')), 'd1')], {
      instance: { cloud: 'GCP', format: COMMA },
    }).ledger;
    expect(movedTo('AWS', published, [])).toBe(published);
    expect(entriesOf(movedTo('AWS', published, [native(), team('keyed', bucket('b'))]))).toEqual([
      expect.stringContaining('/b?'),
    ]);
  });
});
