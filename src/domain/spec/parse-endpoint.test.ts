import { expect, it } from '@jest/globals';
import { parseEndpoint } from './parse-endpoint.ts';

it.each([
  ['https://minio.example', { scheme: 'https', host: 'minio.example', port: 443 }],
  ['http://MinIO.example.:9000/', { scheme: 'http', host: 'minio.example', port: 9000 }],
  ['http://10.0.0.1', { scheme: 'http', host: '10.0.0.1', port: 80 }],
  ['https://[FE80::1]:9000', { scheme: 'https', host: 'fe80::1', port: 9000 }],
])('%s is an endpoint', (text, value) => {
  expect(parseEndpoint(text)).toEqual({ ok: true, value });
});

it.each([
  ['minio.example', 'is not a URL of the form https://host:port'],
  ['ftp://minio.example', 'must begin with https:// or http://'],
  ['https://key@minio.example', 'must not hold credentials: keep them in a Secret'],
  ['https://minio.example/b', 'must end after host and port: the bucket goes into name, the sub-path into path'],
  ['https://a,b', 'must name a host or an address: letters, digits, dots and hyphens'],
  ['http://..', 'must name a host or an address: letters, digits, dots and hyphens'],
  ['http://.', 'must name a host or an address: letters, digits, dots and hyphens'],
])('%s is none', (text, error) => {
  expect(parseEndpoint(text)).toEqual({ ok: false, error });
});
