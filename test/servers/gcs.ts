import { generateKeyPair, randomBytes, randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { programs } from '../../scripts/tools/build.ts';
import { Secret } from '../../src/base/secret.ts';
import { PUBLIC_CLOUDS, type CloudEndpoints } from '../../src/domain/bucket/store-endpoint.ts';
import type { BucketTarget } from '../../src/domain/bucket/target.ts';
import type { GcsStorage } from '../../src/domain/bucket/storage.ts';
import { createGcsAdmin, type GcsCommands } from './gcs-admin.ts';
import { createGcsGate } from './gcs-gate.ts';
import {
  GCS_PERMISSIONS,
  newGcsState,
  type GcsBucketSettings,
  type GcsCorsRule,
  type GcsPermission,
} from './gcs-state.ts';
import { createGcsStore } from './gcs-store.ts';
import { freePorts, startProcess, temporaryFolder, untilReady } from './process.ts';

/** Coordinates of a running GCS bed: all that another process needs to use it. */
export interface GcsAddress {
  /** `http://127.0.0.1:port`: what stands for https://storage.googleapis.com. */
  readonly endpoint: string;
  /** Where accounts, buckets and their settings are made, by `gcsAdmin`. */
  readonly admin: string;
}

/** fake-gcs-server on loopback, behind our gate. */
export interface Gcs extends GcsAddress {
  readonly pid: number | undefined;
  stop(): Promise<void>;
}

/** A service account as its key file holds it. */
export interface GcsAccount {
  readonly email: string;
  readonly privateKey: string;
  /** The key file: JSON, as Google gives it to be downloaded. */
  readonly keyFile: string;
}

/** Starts the store and, in this process, the gate before it. */
export async function startGcs(): Promise<Gcs> {
  const paths = await programs('fake-gcs-server');
  const folder = temporaryFolder('byob-gcs-');
  const logFile = join(folder, 'fake-gcs-server.log');
  const [port = 0] = await freePorts(1);
  const host = `127.0.0.1:${port}`;
  const args = [
    '-backend',
    'memory',
    '-scheme',
    'http',
    '-host',
    '127.0.0.1',
    '-port',
    String(port),
    '-public-host',
    host,
  ];
  const server = startProcess({
    name: 'fake-gcs-server',
    command: paths['fake-gcs-server'],
    args: [...args, '-log-level', 'error'],
    logFile,
  });
  await untilReady(server, logFile, async () => (await fetch(`http://${host}/_internal/healthcheck`)).ok);
  const state = newGcsState();
  const store = createGcsStore(`http://${host}`);
  const [gate, admin] = [createGcsGate(state, store), createGcsAdmin(state, store)];
  const [endpoint, adminUrl] = await Promise.all([listen(gate), listen(admin)]);
  return {
    endpoint,
    admin: adminUrl,
    pid: server.pid,
    async stop() {
      for (const one of [gate, admin]) {
        one.close();
        one.closeAllConnections();
      }
      await server.stop('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
}

/** Runs a command of the gate's administration, from any process. */
export async function gcsAdmin<K extends keyof GcsCommands>(
  { admin }: GcsAddress,
  command: K,
  what: Parameters<GcsCommands[K]>[0],
): Promise<Awaited<ReturnType<GcsCommands[K]>>> {
  const signal = AbortSignal.timeout(10_000);
  const response = await fetch(`${admin}/_gate/${command}`, { method: 'POST', body: JSON.stringify(what), signal });
  if (!response.ok) throw new Error(`the GCS gate refused ${command}: ${await response.text()}`);
  return (await response.json()) as Awaited<ReturnType<GcsCommands[K]>>;
}

/** A new service account with a key of its own, and without any permission; `known: false` for one that GCS does not have. */
export async function createGcsAccount(
  address: GcsAddress,
  options: { readonly known?: boolean } = {},
): Promise<GcsAccount> {
  const email = `wandb-${randomBytes(4).toString('hex')}@acme-test.iam.gserviceaccount.com`;
  const { privateKey, publicKey } = await newKey();
  if (options.known !== false) await gcsAdmin(address, 'addAccount', { email, publicKey });
  return { email, privateKey, keyFile: keyFileOf(email, privateKey) };
}

/** The same account with a key that is not its own. */
export async function withForeignKey({ email }: GcsAccount): Promise<GcsAccount> {
  const { privateKey } = await newKey();
  return { email, privateKey, keyFile: keyFileOf(email, privateKey) };
}

function newKey(): Promise<{ readonly privateKey: string; readonly publicKey: string }> {
  return promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
}

function keyFileOf(email: string, privateKey: string): string {
  const file = {
    type: 'service_account',
    project_id: 'acme-test',
    private_key_id: randomUUID().replaceAll('-', ''),
    private_key: privateKey,
    client_email: email,
    client_id: '100000000000000000000',
    auth_uri: 'https://accounts.google.com/o/oauth2/auth',
    token_uri: 'https://oauth2.googleapis.com/token',
    universe_domain: 'googleapis.com',
  };
  return JSON.stringify(file, null, 2);
}

/** The CORS rule that a front end needs of GCS. */
export function corsFor(origin: string): GcsCorsRule {
  return {
    origin: [origin],
    method: ['GET', 'HEAD', 'PUT'],
    responseHeader: ['Content-Type', 'Content-MD5', 'ETag'],
    maxAgeSeconds: 3000,
  };
}

/** A new bucket in which an account may do what it is given, everything unless said otherwise. */
export async function createGcsBucket(
  address: GcsAddress,
  options: {
    readonly account: GcsAccount;
    /** Its whole name; a new one with `prefix` when absent. */
    readonly name?: string;
    readonly prefix?: string;
    readonly permissions?: readonly GcsPermission[];
    readonly cors?: readonly GcsCorsRule[];
    /** Absent: those of a new bucket, with soft delete. */
    readonly settings?: GcsBucketSettings;
  },
): Promise<string> {
  const bucket = options.name ?? `${options.prefix ?? 'bucket'}-${randomBytes(4).toString('hex')}`;
  await gcsAdmin(address, 'createBucket', { bucket });
  const permissions = options.permissions ?? GCS_PERMISSIONS;
  await gcsAdmin(address, 'setPermissions', { bucket, email: options.account.email, permissions });
  if (options.cors !== undefined) await gcsAdmin(address, 'setCors', { bucket, cors: options.cors });
  if (options.settings !== undefined) await gcsAdmin(address, 'setSettings', { bucket, settings: options.settings });
  return bucket;
}

/** What a driver needs to open a bucket of this bed. */
export function gcsTarget(
  address: GcsAddress,
  what: { readonly bucket: string; readonly path?: string; readonly account: GcsAccount },
): { readonly target: BucketTarget; readonly clouds: CloudEndpoints; readonly storage: GcsStorage } {
  const storage: GcsStorage = {
    provider: 'GCS',
    name: what.bucket,
    path: what.path ?? '',
    credentials: { kind: 'ServiceAccountKey', secretName: 'omega', key: 'key.json' },
  };
  const { email: clientEmail, privateKey } = what.account;
  const credential = { kind: 'ServiceAccountKey', clientEmail, privateKey: new Secret(privateKey) } as const;
  return { target: { storage, credential }, clouds: { ...PUBLIC_CLOUDS, gcs: address.endpoint }, storage };
}
