import { expect, it } from '@jest/globals';
import { bareHost } from './bare-host.ts';

it.each([
  ['[::1]', '::1'],
  ['::1', '::1'],
  ['127.0.0.1', '127.0.0.1'],
  ['minio.example', 'minio.example'],
])('%s is %s', (hostname, host) => {
  expect(bareHost(hostname)).toBe(host);
});
