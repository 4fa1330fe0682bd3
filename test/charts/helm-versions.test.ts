import { expect, it } from '@jest/globals';
import { parseAllDocuments, stringify } from 'yaml';
import { run } from './render.ts';
import { VALUE_SETS } from './value-sets.ts';

const bucket = { provider: 'S3', name: 'acme', s3: { region: 'eu-central-1' } };

it.each([
  ...Object.entries(VALUE_SETS).map(([name, values]) => [name, 'byob-operator', values] as const),
  ['a team', 'byob-storages', { teams: { omega: { bucket } } }] as const,
])('Helm 3 renders what Helm 4 renders: %s', async (_, chart, values) => {
  const args = ['template', 'release', `charts/${chart}`, '--namespace', 'wandb', '--values', '-'];
  const input = stringify(values, { version: '1.1' });
  const [by4, by3] = await Promise.all([run('helm', args, input), run('helm3', args, input)]);
  expect(by4).toMatchObject({ code: 0, stderr: '' });
  expect(by3).toMatchObject({ code: 0, stderr: '' });
  // The one of the two puts an empty line before each object.
  const objects = (output: string) => parseAllDocuments(output).map((document) => document.toJS() as unknown);
  expect(objects(by4.stdout).length).toBeGreaterThan(0);
  expect(objects(by3.stdout)).toEqual(objects(by4.stdout));
});
