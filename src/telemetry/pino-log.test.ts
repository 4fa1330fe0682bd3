import { expect, it } from '@jest/globals';
import { Secret } from '../base/secret.ts';
import { createPinoLog } from './pino-log.ts';

const ADDRESS = 's3://AKIAEXAMPLE:CANARY@minio.example/data';

it.each([
  ['a text', ADDRESS],
  ['an error', new Error(`no answer from ${ADDRESS}`)],
  ['a list', ['first', ADDRESS]],
  ['an object', { step: 'list', detail: { url: ADDRESS } }],
  ['a list of objects', [{ step: 'list', url: ADDRESS }]],
  ['a secret', { key: new Secret('CANARY') }],
])('redacts %s', (_name, value) => {
  const lines: string[] = [];
  const log = createPinoLog('info', { write: (line) => void lines.push(line) });
  log.child({ child: value }).info({ value }, 'probed');

  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('[redacted]');
  expect(lines[0]).not.toContain('CANARY');
});
