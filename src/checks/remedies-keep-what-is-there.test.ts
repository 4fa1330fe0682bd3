import { describe, expect, it } from '@jest/globals';
import { CONTEXTS, statuses, textOf } from '../../test/support/fakes/every-fault.ts';

/** Every text that says what to do: a remedy keeps what others have set, or says that it replaces it. */
const TEXTS = [
  ...new Set(CONTEXTS.flatMap(([, context, signIn]) => statuses(context, signIn).flatMap((all) => all.map(textOf)))),
];

describe('a command that replaces a list', () => {
  it.each<readonly [write: string, read: string]>([
    ['put-bucket-cors', 'get-bucket-cors'],
    ['put-bucket-lifecycle-configuration', 'get-bucket-lifecycle-configuration'],
    ['put-bucket-policy', 'get-bucket-policy'],
    ['--cors-file', '(cors_config)'],
    ['--lifecycle-file', '(lifecycle_config)'],
    ['cors_allow_origin=', 'mc admin config get'],
    ['mc anonymous set-json', 'mc anonymous get-json'],
  ])('comes after the one that prints it, and with what is to stay: %s', (write, read) => {
    const found = TEXTS.filter((text) => text.includes(write));
    expect(found).not.toEqual([]);
    const blind = found.filter((text) => !text.slice(0, text.indexOf(write)).includes(read));
    expect(blind).toEqual([]);
    expect(found.filter((text) => !/replaces|to stay|that are there/.test(text))).toEqual([]);
  });
});

describe('a command that replaces one value', () => {
  it.each(['put-bucket-encryption', 'mc encrypt set', '--default-encryption-key=', 'mc admin policy create'])(
    'says so: %s',
    (command) => {
      const found = TEXTS.filter((text) => text.includes(command));
      expect(found).not.toEqual([]);
      expect(found.filter((text) => !/replace/i.test(text))).toEqual([]);
    },
  );
});

it.each([
  /delete-(bucket|object)/,
  /\b(rb|remove-bucket)\b/,
  /cors (clear|remove)|cors-file=? *''/,
  /anonymous set (none|private)/,
  /lifecycle-file=? *''|--clear-lifecycle|ilm rule rm --all|management-policy delete/,
  /put-public-access-block|--block-public/,
  /--recursive|--force\b/,
  /policy (detach|remove|delete)/,
])('no text takes away what others may need: %s', (command) => {
  const exceptions = /immutability-policy delete/;
  expect(TEXTS.filter((text) => command.test(text.replace(exceptions, '')))).toEqual([]);
});
