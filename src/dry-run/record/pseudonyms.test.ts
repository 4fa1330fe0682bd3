import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Secret } from '../../base/secret.ts';
import { createPseudonyms } from './pseudonyms.ts';

const pseudonyms = (key = 'a key') => createPseudonyms(new Secret(key));

it('keeps what names nobody: words of our code, codes of stores, addresses of clouds, regions and ports', () => {
  const kept = {
    provider: 'S3',
    providerCode: 'NoSuchBucket',
    region: 'eu-central-1',
    endpointUrl: 'https://s3.eu-central-1.amazonaws.com:9000',
    validTo: '2027-01-31',
    httpStatus: 403,
    flag: true,
    nothing: null,
  };
  expect(pseudonyms()(kept)).toEqual(kept);
});

it.each([
  ['a name', 'Acme-Data.2024', /^[A-Z][a-z]{3}-[A-Z][a-z]{3}\.2024$/],
  ['an account', '123456789012', /^(?!123456789012)\d{12}$/],
  ['a private address', 'http://192.168.7.9:9000', /^http:\/\/10\.\d+\.\d+\.\d+:9000$/],
  ['a public address', '198.51.100.7', /^8\.\d+\.\d+\.\d+$/],
  ['an address of IPv6', 'https://[fd12:3456::7]:443', /^https:\/\/\[fd00::[0-9a-f]+\]:443$/],
  ['a loopback address', 'http://127.0.0.1:9000', /^http:\/\/127\.0\.0\.1:9000$/],
])('replaces %s by another one of its form', (_, text, form) => {
  expect(pseudonyms()(text)).toMatch(form);
});

it('gives the same text the same pseudonym, and a prefix of a path one of the other', () => {
  const { path, prefixes } = pseudonyms()({ path: 'teams/omega/media', prefixes: ['teams/omega/', 'teams/kappa/'] });
  expect(path.startsWith(prefixes[0] ?? '-')).toBe(true);
  expect(path.startsWith(prefixes[1] ?? '')).toBe(false);
});

it('depends on the key, so that no dictionary leads back', () => {
  expect(pseudonyms('one key')('acme')).not.toBe(pseudonyms('another key')('acme'));
});

it('keeps different names of some length apart, and no name as it was (property)', () => {
  const name = fc.stringMatching(/^[a-z]{8,20}$/);
  fc.assert(
    fc.property(fc.uniqueArray(name, { minLength: 2, maxLength: 30 }), (names) => {
      const replaced = pseudonyms()(names);
      expect(new Set(replaced).size).toBe(names.length);
      expect(replaced.filter((text) => names.includes(text))).toEqual([]);
    }),
  );
});
