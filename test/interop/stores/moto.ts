import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pythonPrograms, pythonVersion } from '../../../scripts/tools/python.ts';
import { freePorts, startProcess, temporaryFolder, untilReady } from '../../servers/process.ts';
import { createS3Store, newAccessKey } from './s3-store.ts';
import type { Store } from './store.ts';

/** moto, the emulator of AWS for tests of Python programs. */
export async function startMotoStore(): Promise<Store> {
  const folder = temporaryFolder('byob-moto-');
  const [port = 0] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const logFile = join(folder, 'moto.log');
  const server = startProcess({
    name: 'moto',
    command: join(pythonPrograms('moto'), 'moto_server'),
    args: ['-H', '127.0.0.1', '-p', String(port)],
    env: { PATH: process.env['PATH'], HOME: folder },
    logFile,
  });
  await untilReady(server, logFile, async () => (await fetch(url)).status < 500);
  const unchecked = 'it checks neither keys nor signatures';
  return createS3Store({
    title: 'moto',
    version: pythonVersion('moto', 'moto'),
    origin: 'PyPI',
    adminUrl: url,
    root: newAccessKey(),
    region: 'us-east-1',
    endpoint: () => ({ scheme: 'http', host: '127.0.0.1', port }),
    lacks: {
      'access keys': unchecked,
      grants: unchecked,
      regions: unchecked,
      time: unchecked,
      'public by policy': 'every bucket of it is public',
      'public by ACL': 'every bucket of it is public',
      'virtual hosts': 'it knows no names of hosts but those of AWS',
      'CORS off': 'without a rule it allows every origin',
      'KMS keys': 'it takes any name of a key',
      'a proxy': 'nothing stands before it',
    },
    neverReady: { failures: { NotPublic: 'BucketPublic' }, remark: 'it gives everything to anybody' },
    baseline: {
      TlsTrusted: 'PlainHttp',
      VersioningEnabled: 'VersioningDisabled',
      EndpointPublic: 'EndpointNotPublic',
    },
    exceptions: {},
    async stop() {
      await server.stop('SIGKILL');
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  });
}
