import { describe, expect, it } from '@jest/globals';
import {
  bucket,
  EMPTY,
  entriesOf,
  keyIn,
  namesIn,
  onlyRecord,
  proven,
  team,
  update,
} from '../../../test/support/fakes/publication.ts';
import { omit } from '../../../test/support/fakes/omit.ts';
import type { Ledger } from './ledger.ts';

const B = bucket('b');
/** With the same proof in each run, as in a running operator. */
const omega = proven(team('omega', B), 'd1');
const published = update(EMPTY, [omega]).ledger;

// Whatever put another ledger in the place of the one that this process wrote, such as a restore from a backup.
describe('a proof that was placed before', () => {
  it('is left alone where the ledger is still the same', () => {
    expect(update(published, [omega]).ledger).toBe(published);
  });

  it('is placed again where its record has gone', () => {
    const { ledger } = update(EMPTY, [omega]);
    expect([namesIn(ledger), keyIn(ledger, B)]).toEqual([['omega'], 'd1']);
  });

  it('is placed again where another record stands, though the row is the same', () => {
    const older: Ledger = {
      ...published,
      claims: published.claims.map((record) => omit(record, 'digest')),
    };
    expect(onlyRecord(update(older, [omega]).ledger, omega)).toMatchObject({ digest: 'd1' });
  });

  it('is placed again where another row stands, though the record is the same', () => {
    const former = proven(team('omega', B), 'd0').proof;
    const older: Ledger = {
      ...published,
      rows: published.rows.map((row) => ({
        ...row,
        digest: 'd0',
        ...(former?.credential && { credential: former.credential }),
      })),
    };
    expect(keyIn(update(older, [omega]).ledger, B)).toBe('d1');
  });

  it('is placed again where W&B turns out to run elsewhere, and needs an entry there', () => {
    const credentials = { kind: 'Ambient' } as const;
    const native = proven(
      team('native', { provider: 'S3', name: 'n', path: '', region: 'eu-central-1', credentials }),
      '',
    );
    const { ledger } = update(EMPTY, [native], { instance: { cloud: 'AWS' } });
    expect(update(ledger, [native], { instance: { cloud: 'AWS' } }).ledger).toBe(ledger);
    expect(entriesOf(update(ledger, [native], { instance: { cloud: 'GCP' } }).ledger)).toHaveLength(1);
  });
});
