import { execFile } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { programs } from '../../../scripts/tools/build.ts';
import { moduleVersion } from '../../../scripts/tools/module-version.ts';
import { freePorts, startProcess, temporaryFolder, untilReady } from '../../servers/process.ts';
import { createS3Store, newAccessKey } from './s3-store.ts';
import type { Store } from './store.ts';

const DOMAIN = 'versity.test';

/** versitygw over a folder. */
export async function startVersitygwStore(): Promise<Store> {
  const { versitygw } = await programs('versitygw');
  const folder = temporaryFolder('byob-versitygw-');
  const [iam, versions, data] = ['iam', 'versions', 'data'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const one of [iam, versions, data]) mkdirSync(one);
  const [port = 0] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const root = newAccessKey();
  const logFile = join(folder, 'versitygw.log');
  const server = startProcess({
    name: 'versitygw',
    command: versitygw,
    args: [
      ...['--port', `127.0.0.1:${port}`, '--region', 'us-east-1', '--virtual-domain', DOMAIN, '--iam-dir', iam],
      ...['posix', '--versioning-dir', versions, data],
    ],
    env: { PATH: process.env['PATH'], HOME: folder, ROOT_ACCESS_KEY: root.id, ROOT_SECRET_KEY: root.secret },
    logFile,
  });
  await untilReady(server, logFile, async () => (await fetch(url)).status === 403);

  async function createUser() {
    const key = newAccessKey();
    const by = ['admin', '--access', root.id, '--secret', root.secret, '--endpoint-url', url];
    const args = [...by, 'create-user', '--access', key.id, '--secret', key.secret, '--role', 'user'];
    await promisify(execFile)(versitygw, args, { env: { HOME: folder } });
    return { key, principal: key.id };
  }

  return createS3Store({
    title: 'versitygw',
    version: moduleVersion('versitygw', 'github.com/versity/versitygw'),
    origin: 'Go module',
    adminUrl: url,
    root,
    region: 'us-east-1',
    endpoint: ({ addressing }) => ({ scheme: 'http', host: addressing === 'Path' ? '127.0.0.1' : DOMAIN, port }),
    createUser,
    aclsMustBeAllowed: true,
    lacks: {
      'KMS keys': 'it has no KMS',
      lifecycle: 'it has no lifecycle rules: 501 NotImplemented',
      'grants for a path': 'its policies have no conditions',
      'a proxy': 'nothing stands before it',
    },
    baseline: {
      TlsTrusted: 'PlainHttp',
      VersioningEnabled: 'VersioningDisabled',
      EndpointPublic: 'EndpointNotPublic',
      LifecycleSafe: 'SettingNotOffered',
    },
    exceptions: {
      "W&B's grant": {
        warnings: { ObjectsDeletable: 'SettingNotReadable' },
        remark: 'it has no lifecycle rules that a grant could hide',
      },
    },
    async stop() {
      await server.stop('SIGKILL');
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  });
}
