import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

interface CustomManager {
  readonly description: string;
  readonly managerFilePatterns: readonly string[];
  readonly matchStrings: readonly string[];
  readonly depNameTemplate?: string;
  readonly packageNameTemplate?: string;
  readonly datasourceTemplate: string;
}

const { customManagers: MANAGERS } = JSON.parse(readFileSync('renovate.json', 'utf8')) as {
  readonly customManagers: readonly CustomManager[];
};
const FILES = ['scripts', '.github'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name)),
);

/** What the expressions of a manager find, as Renovate reads them: a pattern is a regular expression between slashes. */
function foundBy(manager: CustomManager): readonly Readonly<Record<string, string | undefined>>[] {
  const patterns = manager.managerFilePatterns.map((pattern) => new RegExp(pattern.slice(1, -1)));
  return FILES.filter((file) => patterns.some((pattern) => pattern.test(file))).flatMap((file) =>
    manager.matchStrings.flatMap((expression) =>
      [...readFileSync(file, 'utf8').matchAll(new RegExp(expression, 'g'))].map(({ groups }) => groups ?? {}),
    ),
  );
}

describe('the custom managers of Renovate', () => {
  it.each(MANAGERS)('find one version: $description', (manager) => {
    const found = foundBy(manager);
    expect(found).toHaveLength(1);
    expect(found[0]?.['currentValue']).toMatch(/^(v?\d+\.\d+\.\d+|latest)$/);
    expect(manager.depNameTemplate ?? found[0]?.['depName']).toBeDefined();
  });

  // The constant is the version that a program prints, go.mod the one that it has.
  it.each(MANAGERS.filter(({ datasourceTemplate }) => datasourceTemplate === 'go'))(
    'find the version that go.mod requires: $description',
    (manager) => {
      const [{ depName = manager.depNameTemplate ?? '', currentValue = '' } = {}] = foundBy(manager);
      const module = manager.packageNameTemplate ?? depName;
      const folder =
        { 'k8s.io/kubernetes': 'kubernetes', 'helm.sh/helm/v4': 'helm', 'helm.sh/helm/v3': 'helm3' }[depName] ??
        depName;
      const required = readFileSync(join('tools', folder, 'go.mod'), 'utf8')
        .split('\n')
        .map((line) => line.replace(/^(require)?\s+/, '').split(' '))
        .filter(([name, version]) => name === module && version?.startsWith('v'));
      expect(required.map(([, version]) => version)).toEqual([`v${currentValue.replace(/^v/, '')}`]);
    },
  );
});
