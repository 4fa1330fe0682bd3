import { expect, it } from '@jest/globals';
import { secretsIn } from './env-secrets.ts';

it('gathers the keys of each Secret, in a namespace or in none, with the label that allows their use', () => {
  const { secrets, wrong } = secretsIn(
    'keys/ACCESS_KEY=id\nkeys/SECRET_KEY="a b"\n# a comment\nwandb/gcs.key/key.json=\'{"a":\n1}\'\n',
  );
  expect(wrong).toEqual([]);
  expect(secrets).toMatchObject([
    { kind: 'Secret', metadata: { name: 'keys' }, stringData: { ACCESS_KEY: 'id', SECRET_KEY: 'a b' } },
    { metadata: { name: 'gcs.key', namespace: 'wandb' }, stringData: { 'key.json': '{"a":\n1}' } },
  ]);
  expect(secrets.every(({ metadata }) => metadata.labels?.['storage.wandb.com/allow'] === 'true')).toBe(true);
});

it('numbers the lines that name no key of a Secret: a line of a key without quotes is one', () => {
  const { secrets, wrong } = secretsIn('ACCESS_KEY=id\na/b/c/d=x\nexport /b=x\na/key=-----BEGIN\nMIIEvQIBADANBg==\n');
  expect(secrets.map(({ metadata }) => metadata.name)).toEqual(['a']);
  expect(wrong).toEqual([1, 2, 3, 5].map((line) => ({ line, why: 'NamesNoKey' })));
});

it('numbers the lines without an equals sign, but not those within quotes', () => {
  const pem = 'a/key="-----BEGIN\nMIIEvQIBADANBg\n-----END"\n';
  expect(secretsIn(`${pem}\n  # a comment\na/other\n`).wrong).toEqual([{ line: 6, why: 'NamesNoKey' }]);
});

it.each([
  ['a/key=abc#def', [{ line: 1, why: 'Cut' }]],
  ['export a/key=abc#def', [{ line: 1, why: 'Cut' }]],
  ['a/key=abc # of the test account', []],
  ['a/key="abc#def"', []],
  ["a/key='abc#def' # of the test account", []],
  ['# a/key=abc#def', []],
])('reports a value that would end at its number sign: %s', (line, wrong) => {
  expect(secretsIn(`${line}\n`).wrong).toEqual(wrong);
});
