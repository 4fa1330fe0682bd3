import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { loadKubeConfig } from './kube-config.ts';

const folder = mkdtempSync(join(tmpdir(), 'byob-kubeconfig-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('says where a kubeconfig is no YAML, and repeats none of its lines, which may hold a token', () => {
  const file = join(folder, 'config');
  writeFileSync(file, 'apiVersion: v1\nusers:\n  - user: { token: s3cr3t-token\n    name: [\n');
  expect(() => loadKubeConfig({ file })).toThrow(/^it is no valid YAML, in line \d$/);
});
