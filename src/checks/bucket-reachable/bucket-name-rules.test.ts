import { describe, expect, it } from '@jest/globals';
import { NAME_RULES } from './bucket-name-rules.ts';

type Provider = keyof typeof NAME_RULES;

/** The rule that a provider reports for a name. */
const broken = (provider: Provider, name: string): string | undefined =>
  NAME_RULES[provider].find(([holds]) => !holds(name))?.[1];

const LENGTH = 'it must have 3 to 63 characters';
const S3_CHARACTERS = 'it may hold only lower-case letters, digits, dots and hyphens';
const ENDS = 'it must begin and end with a letter or a digit';
const ADDRESS = 'it must not look like an IP address';
const S3_PREFIXES = 'prefixes xn--, sthree- and amzn-s3-demo- are reserved';
const S3_SUFFIXES = 'suffixes -s3alias, --ol-s3, .mrap, --x-s3 and --table-s3 are reserved';
const GCS_LENGTH = 'it must have 3 to 63 characters (222 when it holds dots)';
const LABELS = 'each part between dots must have 1 to 63 characters';
const GOOGLE = 'it must not begin with goog nor hold google';
const OF_ACCOUNT = '$root, $web and $logs are containers of the account itself';

describe('a name that a provider takes', () => {
  it.each<readonly [Provider, string]>([
    ['S3', 'abc'],
    ['S3', 'a'.repeat(63)],
    ['S3', '1-a.b-2'],
    ['S3', '1.2.3'],
    ['S3', '1.2.3.4a'],
    ['S3', 'a1.2.3.4'],
    ['S3', 'a-xn--b'],
    ['S3', 'my-s3alias-b'],
    ['S3', 'cw-data'],
    ['S3Compatible', 'Omega_Data'],
    ['CoreWeave', 'a-cw-b'],
    ['GCS', 'abc'],
    ['GCS', 'a_b-c.d'],
    ['GCS', `${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(30)}`],
    ['GCS', 'my-goog'],
    ['AzureBlob', 'abc'],
    ['AzureBlob', 'a'.repeat(63)],
    ['AzureBlob', 'a-b-1'],
  ])('%s: %s', (provider, name) => {
    expect(broken(provider, name)).toBeUndefined();
  });
});

describe('a name that a provider refuses', () => {
  it.each<readonly [Provider, string, rule: string]>([
    ['S3', 'ab', LENGTH],
    ['S3', 'a'.repeat(64), LENGTH],
    ['S3', 'Abc', S3_CHARACTERS],
    ['S3', 'abC', S3_CHARACTERS],
    ['S3', 'a_b', S3_CHARACTERS],
    ['S3', '-ab', ENDS],
    ['S3', 'ab-', ENDS],
    ['S3', 'a..b', 'it must not hold two dots in a row'],
    ['S3', '10.20.30.40', ADDRESS],
    ['S3', 'xn--ab', S3_PREFIXES],
    ['S3', 'sthree-ab', S3_PREFIXES],
    ['S3', 'amzn-s3-demo-ab', S3_PREFIXES],
    ['S3', 'ab-s3alias', S3_SUFFIXES],
    ['S3', 'ab--ol-s3', S3_SUFFIXES],
    ['S3', 'ab.mrap', S3_SUFFIXES],
    ['S3', 'ab--x-s3', S3_SUFFIXES],
    ['S3', 'ab--table-s3', S3_SUFFIXES],
    ['CoreWeave', 'ab', LENGTH],
    ['CoreWeave', 'cw-data', 'prefixes cw- and vip- are reserved'],
    ['CoreWeave', 'vip-data', 'prefixes cw- and vip- are reserved'],
    ['GCS', 'ab', GCS_LENGTH],
    ['GCS', 'a'.repeat(64), GCS_LENGTH],
    ['GCS', `${'a.'.repeat(111)}b`, GCS_LENGTH],
    ['GCS', 'Abc', 'it may hold only lower-case letters, digits, dots, hyphens and underscores'],
    ['GCS', 'abC', 'it may hold only lower-case letters, digits, dots, hyphens and underscores'],
    ['GCS', '_ab', ENDS],
    ['GCS', 'a..b', LABELS],
    ['GCS', `a.${'b'.repeat(64)}`, LABELS],
    ['GCS', '1.2.3.4', ADDRESS],
    ['GCS', 'goog-ab', GOOGLE],
    ['GCS', 'my-google-ab', GOOGLE],
    ['GCS', 'g00gle', GOOGLE],
    ['AzureBlob', '$root', OF_ACCOUNT],
    ['AzureBlob', '$web', OF_ACCOUNT],
    ['AzureBlob', '$logs', OF_ACCOUNT],
    ['AzureBlob', '$rooty', 'it may hold only lower-case letters, digits and hyphens'],
    ['AzureBlob', 'a$web', 'it may hold only lower-case letters, digits and hyphens'],
    ['AzureBlob', 'ab', LENGTH],
    ['AzureBlob', 'a.b', 'it may hold only lower-case letters, digits and hyphens'],
    ['AzureBlob', '-ab', ENDS],
    ['AzureBlob', 'a--b', 'it must not hold two hyphens in a row'],
  ])('%s: %s, because %s', (provider, name, rule) => {
    expect(broken(provider, name)).toBe(rule);
  });
});
