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
  expect(wrong.toSorted()).toEqual([1, 2, 3, 5]);
});
