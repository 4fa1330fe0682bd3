import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { programs } from '../../../scripts/tools/build.ts';
import { moduleVersion } from '../../../scripts/tools/module-version.ts';
import { freePorts, startProcess, temporaryFolder, untilReady } from '../../servers/process.ts';
import { createS3Store, newAccessKey } from './s3-store.ts';
import type { AccessKey, Grant, Store } from './store.ts';

const DOMAIN = 'seaweed.test';
/** Each bucket takes seven volumes, and each situation a bucket. */
const VOLUMES = 600;
/** What its identities may do, by the actions of S3 that each allows. */
const IDENTITY_ACTIONS: Readonly<Record<string, string>> = {
  's3:ListBucket': 'List',
  's3:GetObject': 'Read',
  's3:PutObject': 'Write',
};

/** SeaweedFS in one process: master, volumes, filer and S3. */
export async function startSeaweedfsStore(): Promise<Store> {
  const { weed } = await programs('weed');
  const folder = temporaryFolder('byob-seaweedfs-');
  const data = join(folder, 'data');
  mkdirSync(data);
  const root = newAccessKey();
  const identities = join(folder, 's3.json');
  writeFileSync(identities, JSON.stringify({ identities: [identityOf(root, ['Admin'])] }), { mode: 0o600 });
  const ports = await freePorts(8);
  const [s3 = 0, master = 0, volume = 0, filer = 0, ...grpc] = ports;
  const at = (name: string, port: number | undefined): string => `-${name}=${String(port)}`;
  const logFile = join(folder, 'weed.log');
  const server = startProcess({
    name: 'weed',
    command: weed,
    args: [
      ...['server', '-ip=127.0.0.1', '-ip.bind=127.0.0.1', `-dir=${data}`, `-volume.max=${VOLUMES}`, '-s3'],
      ...[at('master.port', master), at('volume.port', volume), at('filer.port', filer), at('s3.port', s3)],
      ...[at('master.port.grpc', grpc[0]), at('volume.port.grpc', grpc[1])],
      ...[at('filer.port.grpc', grpc[2]), at('s3.port.grpc', grpc[3])],
      ...['-s3.port.iceberg=0', '-s3.port.lance=0', `-s3.domainName=${DOMAIN}`, `-s3.config=${identities}`],
      `-s3.localSocket=${join(folder, 's3.sock')}`,
      `-filer.localSocket=${join(folder, 'filer.sock')}`,
      // Otherwise it answers for buckets without a rule.
      '-s3.allowedOrigins=',
    ],
    env: { PATH: process.env['PATH'], HOME: folder },
    cwd: folder,
    logFile,
  });
  const url = `http://127.0.0.1:${s3}`;
  await untilReady(server, logFile, async () => (await fetch(url)).status === 403);

  /** An identity of its own, by the shell of its administrator. */
  async function grant(bucket: string, wanted: Grant): Promise<AccessKey> {
    const key = newAccessKey();
    const place = wanted.path === undefined ? bucket : `${bucket}/${wanted.path}/*`;
    const actions = [...wanted.bucketActions, ...wanted.objectActions].flatMap(
      (action) => IDENTITY_ACTIONS[action] ?? [],
    );
    const identity = `-user=${key.id} -access_key=${key.id} -secret_key=${key.secret}`;
    const scope = actions.map((action) => `${action}:${place}`).join(',');
    await shell(`s3.configure ${identity} -actions=${scope} -apply`);
    return key;
  }

  function shell(command: string): Promise<void> {
    const args = [
      'shell',
      `-master=127.0.0.1:${master}.${String(grpc[0])}`,
      `-filer=127.0.0.1:${filer}.${String(grpc[2])}`,
    ];
    return new Promise((resolve, reject) => {
      const run = execFile(weed, args, { cwd: folder, env: { HOME: folder } }, (error, stdout, stderr) => {
        if (error === null && !stdout.includes('error:')) resolve();
        else reject(new Error(`weed shell: ${stdout}${stderr}`));
      });
      run.stdin?.end(`${command}\n`);
    });
  }

  return createS3Store({
    title: 'SeaweedFS',
    version: moduleVersion('seaweedfs', 'github.com/seaweedfs/seaweedfs'),
    origin: 'Go module',
    adminUrl: url,
    root,
    region: 'us-east-1',
    endpoint: ({ addressing }) => ({ scheme: 'http', host: addressing === 'Path' ? '127.0.0.1' : DOMAIN, port: s3 }),
    lacks: {
      regions: 'it takes any region',
      'KMS keys': 'it has no KMS without further set-up',
      'a proxy': 'nothing stands before it',
    },
    baseline: {
      TlsTrusted: 'PlainHttp',
      VersioningEnabled: 'VersioningDisabled',
      EndpointPublic: 'EndpointNotPublic',
    },
    exceptions: {
      'CORS for another origin': {
        verdict: ['CorsAllowsApp', 'CorsMissing'],
        remark: 'it answers a rule that does not match as it answers none',
      },
      'a bucket that does not exist': {
        clientWorks: true,
        remark:
          'a key of its administrator creates a bucket by writing to it: a misspelt name would be a bucket of its own',
      },
      "W&B's grant": {
        warnings: { ObjectsDeletable: 'SettingNotReadable', GrantComplete: 'GrantIncomplete' },
        remark:
          'its identities have actions of their own (Read, Write, List), which do not give s3:GetEncryptionConfiguration',
      },
    },
    overrides: { grant },
    async stop() {
      await server.stop('SIGKILL');
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  });
}

function identityOf({ id, secret }: AccessKey, actions: readonly string[]) {
  return { name: id, credentials: [{ accessKey: id, secretKey: secret }], actions };
}
