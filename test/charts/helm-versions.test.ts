import { expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { run } from './render.ts';

const bucket = { provider: 'S3', name: 'acme', s3: { region: 'eu-central-1' } };

it.each([
  ['byob-operator', {}],
  ['byob-operator', { rbac: { delivery: true, rollout: true }, watch: { namespaces: ['a', 'b'] } }],
  ['byob-storages', { teams: { omega: { bucket } } }],
])('Helm 3 renders of %s what Helm 4 renders, with %j', async (chart, values) => {
  const args = ['template', 'release', `charts/${chart}`, '--namespace', 'wandb', '--values', '-'];
  const [by4, by3] = await Promise.all([run('helm', args, stringify(values)), run('helm3', args, stringify(values))]);
  expect(by4).toMatchObject({ code: 0, stderr: '' });
  expect(by4.stdout).toContain('kind: ');
  expect(by3).toEqual(by4);
});
