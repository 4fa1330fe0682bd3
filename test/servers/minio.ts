import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  DeleteBucketPolicyCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  S3Client,
  type ListObjectVersionsOutput,
} from '@aws-sdk/client-s3';
import { programs } from '../../scripts/tools/build.ts';
import { freePorts, startProcess, temporaryFolder, untilReady, type ServerProcess } from './process.ts';

/** Coordinates of a running MinIO: all that another process needs to use it. */
export interface MinioAddress {
  /** `http://127.0.0.1:port` */
  readonly endpoint: string;
  readonly rootUser: string;
  readonly rootPassword: string;
}

/** A real MinIO on loopback. */
export interface Minio extends MinioAddress {
  readonly pid: number | undefined;
  readonly folder: string;
  /** Ends it and starts it again on the same port and data, with other environment if given. */
  restart(env?: Readonly<Record<string, string>>): Promise<void>;
  stop(): Promise<void>;
}

/** Starts MinIO; `env` such as `MINIO_API_CORS_ALLOW_ORIGIN`. */
export async function startMinio(
  options: { readonly env?: Readonly<Record<string, string>>; readonly keep?: boolean; readonly port?: number } = {},
): Promise<Minio> {
  const paths = await programs('minio');
  const folder = temporaryFolder('byob-minio-', options.keep);
  const logFile = join(folder, 'minio.log');
  const [freePort = 0, consolePort = 0] = await freePorts(2);
  const port = options.port ?? freePort;
  const address = { endpoint: `http://127.0.0.1:${port}`, rootUser: 'root-user', rootPassword: 'root-password-1' };

  function launch(env: Readonly<Record<string, string>>): ServerProcess {
    return startProcess({
      name: 'minio',
      command: paths.minio,
      args: [
        'server',
        '--quiet',
        '--address',
        `127.0.0.1:${port}`,
        '--console-address',
        `127.0.0.1:${consolePort}`,
        join(folder, 'data'),
      ],
      env: {
        PATH: process.env['PATH'],
        HOME: folder,
        MINIO_ROOT_USER: address.rootUser,
        MINIO_ROOT_PASSWORD: address.rootPassword,
        MINIO_UPDATE: 'off',
        MINIO_BROWSER: 'off',
        // Without it MinIO takes any region for right, which AWS does not.
        MINIO_SITE_REGION: 'us-east-1',
        ...env,
      },
      logFile,
      keep: options.keep ?? false,
    });
  }

  let server = launch(options.env ?? {});
  const ready = (): Promise<void> =>
    untilReady(server, logFile, async () => (await fetch(`${address.endpoint}/minio/health/ready`)).ok);
  await ready();
  return {
    ...address,
    folder,
    get pid() {
      return server.pid;
    },
    async restart(env = options.env ?? {}) {
      await server.stop();
      server = launch(env);
      await ready();
    },
    async stop() {
      await server.stop('SIGKILL');
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** An administrator's S3 client. */
export function rootClient(minio: MinioAddress): S3Client {
  return new S3Client({
    endpoint: minio.endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: minio.rootUser, secretAccessKey: minio.rootPassword },
  });
}

export async function createBucket(minio: MinioAddress, bucket: string, objectLock = false): Promise<void> {
  const client = rootClient(minio);
  await client.send(new CreateBucketCommand({ Bucket: bucket, ObjectLockEnabledForBucket: objectLock }));
  client.destroy();
}

/** Lets anybody read and list a bucket, or nobody again. */
export async function setPublic(minio: MinioAddress, bucket: string, isPublic: boolean): Promise<void> {
  const client = rootClient(minio);
  const policy = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: ['*'] },
        Action: ['s3:GetObject', 's3:ListBucket'],
        Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
      },
    ],
  };
  await (isPublic
    ? client.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: JSON.stringify(policy) }))
    : client.send(new DeleteBucketPolicyCommand({ Bucket: bucket })));
  client.destroy();
}

/** Every version of every object, for "nothing left behind" and "nothing else touched". */
export async function listEverything(minio: MinioAddress, bucket: string): Promise<readonly string[]> {
  const client = rootClient(minio);
  const lines: string[] = [];
  for await (const page of paginateListObjectVersions(client, bucket)) {
    lines.push(...(page.Versions ?? []).map((version) => `${version.Key ?? ''} ${version.ETag ?? ''}`));
    lines.push(...(page.DeleteMarkers ?? []).map((marker) => `${marker.Key ?? ''} deleted`));
  }
  client.destroy();
  return lines.sort();
}

async function* paginateListObjectVersions(client: S3Client, Bucket: string): AsyncGenerator<ListObjectVersionsOutput> {
  let next: Pick<ListObjectVersionsOutput, 'NextKeyMarker' | 'NextVersionIdMarker'> | undefined = {};
  while (next !== undefined) {
    const { NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker }: typeof next = next;
    const page: ListObjectVersionsOutput = await client.send(
      new ListObjectVersionsCommand({ Bucket, KeyMarker, VersionIdMarker }),
    );
    yield page;
    next = page.IsTruncated === true ? page : undefined;
  }
}

/** The objects that are there now, whatever versions lie below them. */
export async function listLive(minio: MinioAddress, bucket: string): Promise<readonly string[]> {
  const client = rootClient(minio);
  const { Contents = [], IsTruncated } = await client.send(new ListObjectsV2Command({ Bucket: bucket }));
  client.destroy();
  if (IsTruncated === true) throw new Error(`${bucket} holds more than a page of objects`);
  return Contents.map((object) => `${object.Key ?? ''} ${object.ETag ?? ''}`);
}

export async function keepVersions(minio: MinioAddress, bucket: string): Promise<void> {
  const client = rootClient(minio);
  const VersioningConfiguration = { Status: 'Enabled' } as const;
  await client.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration }));
  client.destroy();
}

interface Grant {
  readonly buckets: readonly string[];
  readonly actions: readonly string[];
}

interface User extends Grant {
  readonly name: string;
  readonly secret: string;
}

/** A user with exactly these actions on some buckets. */
export async function createUser(minio: MinioAddress, user: User): Promise<void> {
  await minioAdmin(minio, ['user', user.name, user.secret]);
  await setActions(minio, user);
}

/** The same for many users, by one process. */
export async function createUsers(minio: MinioAddress, users: readonly User[]): Promise<void> {
  const lines = users.map(({ name, secret, ...grant }) => JSON.stringify({ name, secret, policy: policyOf(grant) }));
  await minioAdmin(minio, ['users', String(users.length)], lines.join('\n'));
}

/** Replaces the actions of a user. */
export async function setActions(minio: MinioAddress, user: Grant & { readonly name: string }): Promise<void> {
  await minioAdmin(minio, ['policy', user.name], JSON.stringify(policyOf(user)));
}

function policyOf({ buckets, actions }: Grant) {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: actions,
        Resource: buckets.flatMap((bucket) => [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`]),
      },
    ],
  };
}

/** Runs `tools/minio/admin`. */
export async function minioAdmin(minio: MinioAddress, args: readonly string[], input = ''): Promise<void> {
  const paths = await programs('minio-admin');
  const env = {
    MINIO_ENDPOINT: minio.endpoint.replace(/^https?:\/\//, ''),
    MINIO_ROOT_USER: minio.rootUser,
    MINIO_ROOT_PASSWORD: minio.rootPassword,
  };
  await new Promise<void>((resolve, reject) => {
    const run = execFile(paths['minio-admin'], args, { env }, (error, _stdout, stderr) => {
      if (error === null) resolve();
      else reject(new Error(`minio-admin ${args[0] ?? ''}: ${stderr.trim()}`));
    });
    run.stdin?.end(input);
  });
}
