import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Secret } from '../../../src/base/secret.ts';
import { PUBLIC_CLOUDS } from '../../../src/domain/bucket/store-endpoint.ts';
import type { GcsStorage } from '../../../src/domain/bucket/storage.ts';
import { pythonPrograms, pythonVersion } from '../../../scripts/tools/python.ts';
import { freePorts, startProcess, temporaryFolder, untilReady } from '../../servers/process.ts';
import { loopback } from './loopback.ts';
import { appOriginFor } from './origins.ts';
import type { Place, PlaceOptions, Store } from './store.ts';

/** Why no bucket of it is Ready. */
export const TESTBENCH_NEVER_READY =
  'it confirms a deletion by 200 and a page, gives everything to anybody, and answers no preflights';

/** Google's storage-testbench: the JSON and XML API of Cloud Storage, for tests of Google's own libraries. */
export async function startStorageTestbenchStore(): Promise<Store> {
  const programs = pythonPrograms('storage-testbench');
  const folder = temporaryFolder('byob-testbench-');
  const [port = 0] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const logFile = join(folder, 'testbench.log');
  const server = startProcess({
    name: 'storage-testbench',
    command: join(programs, 'gunicorn'),
    args: [`--bind=127.0.0.1:${port}`, '--threads=10', 'testbench:run()'],
    env: { PATH: process.env['PATH'], HOME: folder },
    cwd: folder,
    logFile,
  });
  await untilReady(server, logFile, async () => (await fetch(url)).ok);

  async function api(method: string, path: string, body?: object): Promise<unknown> {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${url}/storage/v1${path}`, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`storage-testbench: ${method} ${path}: ${answer.status}`);
    return answer.json();
  }

  const place = placesAt(url);
  const unchecked = 'it checks neither accounts nor signatures';
  const refuse = (): never => {
    throw new Error('storage-testbench has no such setting');
  };
  return {
    title: "Google's storage-testbench",
    version: pythonVersion('storage-testbench', 'googleapis-storage-testbench'),
    origin: 'GitHub',
    lacks: {
      'access keys': unchecked,
      grants: unchecked,
      time: unchecked,
      regions: 'buckets of GCS are found without a region',
      'virtual hosts': 'the operator addresses GCS in one way',
      'CORS off': 'it answers no preflights, whatever the rule',
      'CORS for an origin': 'it answers no preflights, whatever the rule',
      'public by policy': 'every bucket of it is public',
      'public by ACL': 'every bucket of it is public',
      'object lock': 'object lock is a setting of S3',
      lifecycle: 'it keeps rules and applies none',
      'KMS keys': 'a spec for GCS names no key',
      'a proxy': 'nothing stands before it',
    },
    neverReady: {
      failures: {
        CanDelete: 'NotAnObjectStore',
        NotPublic: 'BucketPublic',
        CorsAllowsApp: 'CorsOriginNotAllowed',
      },
      remark: TESTBENCH_NEVER_READY,
    },
    baseline: { TlsTrusted: 'PlainHttp', EndpointPublic: 'EndpointNotPublic' },
    exceptions: {},
    async createBucket({ name = `omega-${randomBytes(6).toString('hex')}` } = {}) {
      await api('POST', '/b?project=interop', { name, softDeletePolicy: { retentionDurationSeconds: '604800' } });
      return name;
    },
    place,
    allowOrigins: refuse,
    setCors: refuse,
    grant: refuse,
    publish: refuse,
    retainObjects: refuse,
    expireObjects: refuse,
    async everything(bucket) {
      const { items = [] } = (await api('GET', `/b/${bucket}/o?versions=true`)) as {
        readonly items?: readonly { readonly name: string }[];
      };
      return items.map(({ name }) => name);
    },
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function placesAt(gcs: string): (name: string, options?: PlaceOptions) => Place {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const credential = {
    kind: 'ServiceAccountKey',
    clientEmail: 'omega@interop.iam.gserviceaccount.com',
    privateKey: new Secret(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()),
  } as const;
  return (name, { path = '' } = {}) => {
    const credentials = { kind: 'ServiceAccountKey', secretName: 'omega', key: 'key.json' } as const;
    const storage: GcsStorage = { provider: 'GCS', name, path, credentials };
    const clouds = { ...PUBLIC_CLOUDS, gcs };
    return { target: { storage, credential }, clouds, net: loopback, appOrigin: appOriginFor('http') };
  };
}
