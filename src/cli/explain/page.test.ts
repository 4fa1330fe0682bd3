import { describe, expect, it } from '@jest/globals';
import { CHECK_REASONS } from '../../checks/catalogue.ts';
import { CONDITION_REASONS } from '../../domain/conditions/reasons.ts';
import { nearestNames } from './nearest-names.ts';
import { EXPLAINED, pagesOf } from './page.ts';
import { renderPage } from './render-page.ts';

const PLAIN = { style: (_format: unknown, text: string) => text };

describe('explain', () => {
  it('has a page for every reason of the catalogue, with its meaning', () => {
    const all = [
      ...Object.entries(CHECK_REASONS),
      ...Object.values(CONDITION_REASONS).flatMap((table) => Object.entries<{ readonly meaning: string }>(table)),
    ];
    for (const [name, { meaning }] of all) {
      expect([name, pagesOf(name).flatMap(({ fields }) => fields)]).toEqual([
        name,
        expect.arrayContaining([['Meaning', meaning]]),
      ]);
    }
    expect(all.length).toBeGreaterThan(150);
  });

  it.each([
    ['Ready', ['Ready: condition of InstanceStorage and TeamStorage']],
    ['canwrite', ['CanWrite: check of the condition BucketUsable']],
    ['BucketNotFound', ['BucketNotFound: reason of the check BucketExists']],
    ['Delivered', ['Delivered: condition of InstanceStorage', 'Delivered: reason of the condition Delivered']],
    [
      'NotReached',
      [
        'NotReached: reason of the condition CredentialsResolved',
        'NotReached: reason of the conditions BucketReachable, BucketUsable, BrowserAccess',
      ],
    ],
    ['constructor', []],
  ])('%s has the pages %j', (name, titles) => {
    expect(pagesOf(name).map(({ title }) => title)).toEqual(titles);
  });

  it.each([
    ['BucketNotFond', 'BucketNotFound'],
    ['mixed', 'MixedContent'],
    ['SigatureMismatch', undefined],
    ['zzzzzzzz', undefined],
  ])('the nearest name to %s is %s', (wanted, nearest) => {
    if (nearest === undefined) expect(nearestNames(wanted, ['BucketNotFound'])).toEqual([]);
    else expect(nearestNames(wanted, EXPLAINED)[0]).toBe(nearest);
  });

  it('prints lines of at most 100 characters, without empty fields', () => {
    const text = EXPLAINED.flatMap((name) => pagesOf(name).map((page) => renderPage(page, PLAIN))).join('\n');
    expect(text.split('\n').filter((line) => line.length > 100)).toEqual([]);
    expect(text).not.toMatch(/undefined|\[object|Remedy *\n/);
  });
});
