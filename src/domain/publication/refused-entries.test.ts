import { describe, expect, it } from '@jest/globals';
import {
  bucket,
  COMMA,
  EMPTY,
  entriesOf,
  keyIn,
  proven,
  reasonOf,
  team,
  update,
} from '../../../test/support/fakes/publication.ts';
import type { BucketStorage } from '../bucket/storage.ts';
import { fileStoresFilling } from './file-stores-filling.ts';
import { MAX_FILE_STORES_BYTES } from './file-stores.ts';
import { claimId, type Ledger } from './ledger.ts';
import type { LiveClaim } from './live-claim.ts';

const REMEDY = 'Let teams share buckets by sub-path (they then share one entry), or remove entries that are retained.';
const AMBIENT = { kind: 'Ambient' } as const;
const KEYS = { kind: 'AccessKey', secretName: 's', accessKeyIdKey: 'a', secretAccessKeyKey: 'b' } as const;
const coreWeave = (name: string, credentials: typeof AMBIENT | typeof KEYS = AMBIENT): LiveClaim =>
  proven(team(name, { provider: 'CoreWeave', name, path: '', credentials }), credentials.kind === 'Ambient' ? '' : 'k');
const s3 = (): BucketStorage => ({ provider: 'S3', name: 's', path: '', region: 'r', credentials: AMBIENT });

const omega = proven(team('omega', bucket('b')), 'd1');
const published = (...claims: readonly LiveClaim[]): Ledger => update(EMPTY, claims).ledger;
const bytes = (ledger: Ledger): number => entriesOf(ledger).join(ledger.written.separator).length;

describe('an entry that does not fit', () => {
  const late = proven(team('late', bucket('c')), 'd2');

  it.each([
    [0, undefined],
    [-1, 'FileStoresFull'],
  ])('is refused above the limit, and not at it (%i)', (room, reason) => {
    const maxBytes = bytes(published(omega, late)) + room;
    expect(reasonOf(update(published(omega), [omega, late], { maxBytes }), late)).toBe(reason);
  });

  it('is refused with the sizes and what to do, and nothing changes', () => {
    const before = published(omega);
    const [whole, maxBytes] = [bytes(published(omega, late)), bytes(before)];
    const { placements, ledger } = update(before, [omega, late], { maxBytes });

    expect(placements.get(claimId(late))).toEqual({
      refusal: {
        reason: 'FileStoresFull',
        message: `The entry does not fit: with it the file stores would take ${whole} bytes; new entries are accepted up to ${maxBytes}.`,
        remedy: REMEDY,
        failureClass: 'external',
      },
      unplaced: 'd2',
    });
    expect(ledger).toBe(before);
  });

  it('is refused as a rotation for what one variable can hold', () => {
    const before = published(omega);
    const longer = proven(team('omega', bucket('b')), 'a-longer-key');
    const { placements } = update(before, [longer], { maxBytes: bytes(before) });
    const whole = bytes(published(longer));
    expect(placements.get(claimId(longer))?.refusal?.message).toBe(
      `The entry does not fit: with it the file stores would take ${whole} bytes; an environment variable can hold ${bytes(before)}.`,
    );
  });

  it('leaves room for a smaller one after it', () => {
    const huge = proven(team('huge', bucket('h'.repeat(60))), 'd3');
    const maxBytes = bytes(published(omega, late));
    const result = update(published(omega), [omega, huge, late], { maxBytes });
    expect([huge, late].map((claim) => reasonOf(result, claim))).toEqual(['FileStoresFull', undefined]);
  });

  it('fits in the place of one that leaves in the same run', () => {
    const leaving = { ...team('omega', bucket('b')), bucketChangePolicy: 'Allow', resolves: 'None' } as const;
    const before = published(omega);
    const evidence = { gone: new Set<string>(), confirmed: new Set([claimId(omega)]), unserved: new Set<never>() };
    const first = update(before, [leaving, late], { maxBytes: bytes(before), evidence });
    const next = update(first.ledger, [late], { maxBytes: bytes(before) });
    expect([entriesOf(first.ledger), keyIn(next.ledger, bucket('c'))]).toEqual([[], 'd2']);
  });
});

it.each([
  ['a longer separator', { separator: '||', variables: ['STORES'] }, 1],
  ['other variables', { separator: ',', variables: ['OTHER'] }, 0],
])('a format with %s that does not fit is refused with the sizes', (_, format, more) => {
  const before = published(omega, proven(team('late', bucket('c')), 'd2'));
  const maxBytes = bytes(before) - 1 + more;
  const { formatProblem, ledger } = update(before, [], { maxBytes, instance: { format } });

  expect(formatProblem).toEqual({
    reason: 'FileStoresFull',
    message: `The file stores do not fit in the format of spec.fileStores: they would take ${maxBytes + 1} bytes; an environment variable can hold ${maxBytes}.`,
    remedy: REMEDY,
    failureClass: 'external',
  });
  expect(ledger.written).toEqual(COMMA);
  const fitting = update(before, [], { maxBytes: maxBytes + 1, instance: { format } });
  expect([fitting.ledger.written, fitting]).toEqual([format, expect.not.objectContaining({ formatProblem: {} })]);
});

describe('CoreWeave by identity', () => {
  const [standsAlone, isPublished] = [
    {
      message: 'CoreWeave by identity must be the only file store, and others are published already.',
      remedy: 'Give the CoreWeave bucket an access key (coreWeave.credentials.accessKey).',
    },
    {
      message: 'CoreWeave by identity is published already, and it must be the only file store.',
      remedy: 'Give the CoreWeave buckets of this instance access keys; then other stores can stand beside them.',
    },
  ];

  it.each<[string, LiveClaim, LiveClaim, object]>([
    ['is refused beside others', omega, coreWeave('cw'), standsAlone],
    ['refuses a bucket of another provider', coreWeave('cw'), omega, isPublished],
    ['refuses an identity of another provider', coreWeave('cw'), proven(team('s', s3()), ''), isPublished],
    ['refuses CoreWeave with a key', coreWeave('cw'), coreWeave('keyed', KEYS), isPublished],
  ])('%s', (_, first, second, texts) => {
    const before = published(first);
    const { placements, ledger } = update(before, [first, second]);
    expect(placements.get(claimId(second))?.refusal).toEqual({
      ...{ reason: 'CoreWeaveIdentityExclusive', ...texts, failureClass: 'external' },
    });
    expect(ledger).toBe(before);
  });

  it('is one entry for all its buckets, until the last of them leaves', () => {
    const evidence = { gone: new Set(['TeamStorage/one']), confirmed: new Set<string>(), unserved: new Set<never>() };
    const [one, two] = [{ ...coreWeave('one'), deletionPolicy: 'Remove' as const }, coreWeave('two')];
    const both = published(one, two);
    const left = update(both, [two], { evidence }).ledger;

    expect([entriesOf(both), entriesOf(left)]).toEqual([['cw://', 'cw://'], ['cw://']]);
    expect(reasonOf(update(left, [two, omega]), omega)).toBe('CoreWeaveIdentityExclusive');
    const none = update(published(one), [], { evidence }).ledger;
    expect(reasonOf(update(none, [omega]), omega)).toBeUndefined();
  });

  it('makes room for others when its bucket gets a key', () => {
    const keyed = coreWeave('cw', KEYS);
    const { ledger } = update(published(coreWeave('cw')), [keyed, omega]);
    expect(entriesOf(ledger)).toEqual([expect.stringContaining('cw://id-k'), expect.stringContaining('s3://id-d1')]);
  });
});

it.each([
  [MAX_FILE_STORES_BYTES * 0.75 - 1, undefined],
  [MAX_FILE_STORES_BYTES * 0.75, 75],
  [MAX_FILE_STORES_BYTES * 0.8, 80],
])('%i bytes of file stores are reported as %s %', (size, percent) => {
  expect(fileStoresFilling(size)).toEqual(
    percent === undefined
      ? undefined
      : {
          ...{ type: 'FileStoresFilling', status: 'True', reason: 'FileStoresNearlyFull' },
          message: `The file stores take ${percent} % or more of the 130816 bytes that an environment variable can hold. A new entry that does not fit will be refused. ${REMEDY}`,
        },
  );
});
