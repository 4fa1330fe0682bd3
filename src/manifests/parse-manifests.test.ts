import { describe, expect, it } from '@jest/globals';
import { parseManifests } from './parse-manifests.ts';

const YAML = `# Source: chart/templates/a.yaml
apiVersion: v1
kind: Secret
metadata:
  name: keys
---
---
apiVersion: v1
kind: List
items:
  - apiVersion: storage.wandb.com/v1alpha1
    kind: TeamStorage
    metadata: { name: omega, namespace: wandb }
    spec:
      team: omega
      bucket:
        name: acme
---
replicas: 3
`;

it('reads documents, lists and JSON, and leaves out what is no object', () => {
  const { manifests, unreadable } = parseManifests(YAML, 'all.yaml');
  expect(manifests.map(({ object }) => `${object.kind}/${object.metadata.name}`)).toEqual([
    'Secret/keys',
    'TeamStorage/omega',
  ]);
  expect(unreadable).toEqual([]);
  const json = parseManifests(
    JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'ca' } }),
    'a.json',
  );
  expect(json.manifests.map(({ object }) => object.metadata.name)).toEqual(['ca']);
});

describe('places', () => {
  const [, team] = parseManifests(YAML, 'all.yaml').manifests;

  it.each([
    [[], 11, 5],
    [['spec', 'bucket', 'name'], 17, 9],
    // Absent: the nearest field around it.
    [['spec', 'bucket', 'path'], 16, 7],
    [['spec', 'isolation'], 14, 5],
    [['metadata', 'namespace'], 13, 30],
  ])('of %j', (path, line, column) => {
    expect(team?.locate(path)).toEqual({ file: 'all.yaml', line, column });
  });
});

it.each([
  ['kind: {', 1],
  ['a: 1\nb: 2\na: 3\n', 3],
  ['a: *nowhere\n', 1],
  ['kind: TeamStorage\nmetadata: {{ .Values.metadata }}\n', 2],
])('says where %j cannot be read', (text, line) => {
  const { manifests, unreadable } = parseManifests(text, 'bad.yaml');
  expect(manifests).toEqual([]);
  expect(unreadable).toMatchObject([{ at: { file: 'bad.yaml', line }, message: expect.stringContaining('YAML') }]);
});

it('takes an object without usable metadata, which the schema reports', () => {
  const { manifests } = parseManifests('apiVersion: v1\nkind: Secret\nmetadata: 5\n', 'a.yaml');
  expect(manifests.map(({ object }) => object.metadata)).toEqual([{ name: '' }]);
});

it('repeats nothing of a text that cannot be read: it may be a secret', () => {
  for (const text of ['key: "SECRET\n', '*SECRET\n', 'a: 1\nSECRET\n', 'SECRET: 1\nSECRET: 2\n', 'a: *SECRET\n']) {
    const { unreadable } = parseManifests(text, 'bad.yaml');
    expect(unreadable).toHaveLength(1);
    expect(JSON.stringify(unreadable)).not.toContain('SECRET');
  }
});

it.each([
  ['another version', 'storage.wandb.com/v1beta1', 'TeamStorage'],
  ['a misspelled kind', 'storage.wandb.com/v1alpha1', 'TeamStorge'],
  ['no version', undefined, 'TeamStorage'],
])('names a storage of %s, which the API server does not know', (_, apiVersion, kind) => {
  const object = JSON.stringify({ apiVersion, kind, metadata: { name: 'omega' } });
  for (const text of [object, `{"apiVersion":"v1","kind":"List","items":[\n${object}]}`]) {
    const { manifests, unreadable } = parseManifests(text, 'a.json');
    expect(manifests).toEqual([]);
    expect(unreadable).toEqual([
      {
        reason: 'UnknownKind',
        at: { file: 'a.json', line: text === object ? 1 : 2, column: 1 },
        message: expect.stringContaining(kind),
      },
    ]);
  }
});

it('leaves out fields of a storage that are null, as the API server does', () => {
  const text =
    'apiVersion: storage.wandb.com/v1alpha1\nkind: TeamStorage\nmetadata: {name: a}\nspec: {team: a, bucket: null}\n';
  expect(parseManifests(text, 'a.yaml').manifests.map(({ object }) => (object as { spec?: unknown }).spec)).toEqual([
    { team: 'a' },
  ]);
});
