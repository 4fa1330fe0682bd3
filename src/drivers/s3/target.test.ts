import { describe, expect, it } from '@jest/globals';
import { minio, s3 } from '../../../test/support/fakes/observations.ts';
import type { S3KindStorage } from '../../domain/bucket/storage.ts';
import { isPathStyle } from './target.ts';

const hosted = { ...minio, addressing: 'VirtualHosted' } as const;
const coreWeave = { provider: 'CoreWeave', name: 'omega', path: '', credentials: { kind: 'Ambient' } } as const;

describe('a bucket in a URL', () => {
  it.each<[string, S3KindStorage, string, 'path' | 'host']>([
    ['AWS', s3, 'https://s3.eu-central-1.amazonaws.com', 'host'],
    ['AWS, a dot in the name', { ...s3, name: 'omega.data' }, 'https://s3.eu-central-1.amazonaws.com', 'path'],
    ['an emulator of AWS at an address', s3, 'http://127.0.0.1:9000', 'path'],
    ['CoreWeave', coreWeave, 'https://cwobject.com', 'host'],
    ['CoreWeave, a dot in the name', { ...coreWeave, name: 'omega.data' }, 'https://cwobject.com', 'path'],
    ['a store by path', minio, 'https://minio.example', 'path'],
    ['a store by host', hosted, 'https://minio.example', 'host'],
    ['a store by host, a dot in the name', { ...hosted, name: 'omega.data' }, 'https://minio.example', 'path'],
    [
      'a store by host without TLS, a dot in the name',
      { ...hosted, name: 'omega.data' },
      'http://minio.example',
      'host',
    ],
    ['a store by host, a name that is none of DNS', { ...hosted, name: 'Omega_Data' }, 'https://minio.example', 'path'],
    ['a store by host, at an address', hosted, 'http://[::1]:9000', 'path'],
  ])('%s', (_, storage, endpoint, place) => {
    expect(isPathStyle({ storage, endpoint }) ? 'path' : 'host').toBe(place);
  });
});
