import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { Agent as TlsAgent } from 'node:https';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import {
  BlobServiceClient,
  newPipeline,
  StorageSharedKeyCredential,
  type BlobItem,
  type CorsRule,
} from '@azure/storage-blob';
import { Secret } from '../../src/base/secret.ts';
import type { BucketTarget } from '../../src/domain/bucket/target.ts';
import type { AzureBlobStorage } from '../../src/domain/bucket/storage.ts';
import { PUBLIC_CLOUDS, type CloudEndpoints } from '../../src/domain/bucket/store-endpoint.ts';
import { freePorts, startProcess, temporaryFolder, untilReady, type ServerProcess } from './process.ts';

/** Coordinates of a running Azurite: all that another process needs to use it. */
export interface AzuriteAddress {
  /** `http://127.0.0.1:port/{account}`, as the operator's flag takes it. */
  readonly endpoint: string;
  readonly account: string;
  readonly accountKey: string;
}

/** A certificate for 127.0.0.1, in files. */
export interface AzuriteTls {
  readonly certFile: string;
  readonly keyFile: string;
}

/** A real Azurite on loopback. */
export interface Azurite extends AzuriteAddress {
  readonly pid: number | undefined;
  readonly folder: string;
  /** Ends it and starts it again on the same port and data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts Azurite's Blob service with an account of its own whose front end may
 * be anywhere (`setCors` narrows that, for the whole account).
 *
 * It checks shared keys, SAS (signature, start, expiry, permission, protocol,
 * blob), conditions, Content-MD5, public access and CORS, which it enforces: a
 * preflight that no rule matches is a 403 CorsPreflightFailure. Tried with
 * 3.37.0, it differs from Azure in that it
 * - says AuthorizationFailure, with the sentence of AuthenticationFailed and no
 *   AuthenticationErrorDetail, of a wrong key and of a tampered or expired SAS;
 * - does not look at the date of a signed request: any clock will do;
 * - with `tls` takes tokens of Entra, of which it checks audience, issuer and times
 *   and no signature, and gives user delegation keys to any of them;
 * - needs no name to resolve: an account that it does not have is a 404
 *   ResourceNotFound, before any signature is looked at;
 * - does not enforce the addresses of a SAS, and has no firewall, roles or switch
 *   for account keys;
 * - has no immutability and legal holds (501 APINotImplemented), keeps no
 *   versions, and shows no soft-deleted blobs, though it keeps the setting;
 * - sends no code and no request id with some 400s: an upload by SAS without
 *   x-ms-blob-type, the account's bare URL.
 */
export async function startAzurite(
  options: { readonly keep?: boolean; readonly tls?: AzuriteTls } = {},
): Promise<Azurite> {
  const { tls } = options;
  const scheme = tls === undefined ? 'http' : 'https';
  const folder = temporaryFolder('byob-azurite-', options.keep);
  const logFile = join(folder, 'azurite.log');
  const [port = 0] = await freePorts(1);
  const address: AzuriteAddress = {
    endpoint: `${scheme}://127.0.0.1:${port}/{account}`,
    account: `byob${randomBytes(4).toString('hex')}`,
    accountKey: randomBytes(64).toString('base64'),
  };

  function launch(): ServerProcess {
    return startProcess({
      name: 'azurite',
      command: process.execPath,
      args: [
        createRequire(import.meta.url).resolve('azurite/dist/src/blob/main.js'),
        ...['--blobHost', '127.0.0.1', '--blobPort', String(port)],
        ...['--location', join(folder, 'data')],
        // It takes tokens over TLS only.
        ...(tls === undefined ? [] : ['--oauth', 'basic', '--cert', tls.certFile, '--key', tls.keyFile]),
        '--silent',
        '--disableTelemetry',
        // The SDK speaks 2026-10-06, and this Azurite knows versions up to 2026-06-06.
        '--skipApiVersionCheck',
      ],
      env: {
        PATH: process.env['PATH'],
        HOME: folder,
        AZURITE_ACCOUNTS: `${address.account}:${address.accountKey}`,
      },
      logFile,
      keep: options.keep ?? false,
    });
  }

  let server = launch();
  // Any answer will do: a request for nothing is refused with 400.
  const ready = (): Promise<void> =>
    untilReady(server, logFile, async () => (await fetch(`${scheme}://127.0.0.1:${port}/`)).status === 400);
  await ready();
  await setCors(address, [corsRule('*')]);
  return {
    ...address,
    folder,
    get pid() {
      return server.pid;
    },
    async restart() {
      // By SIGTERM it writes its tables to disk before it ends.
      await server.stop();
      server = launch();
      await ready();
    },
    async stop() {
      await server.stop('SIGKILL');
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Where the operator finds the emulated cloud. */
export function azuriteClouds(address: AzuriteAddress): CloudEndpoints {
  return { ...PUBLIC_CLOUDS, azureBlob: address.endpoint };
}

/** A container as a driver takes it, with the clouds that it is in. */
export function azuriteTarget(
  address: AzuriteAddress,
  container: string,
  changes: { readonly path?: string; readonly account?: string; readonly accountKey?: string } = {},
): { readonly target: BucketTarget & { readonly storage: AzureBlobStorage }; readonly clouds: CloudEndpoints } {
  const storage: AzureBlobStorage = {
    provider: 'AzureBlob',
    name: container,
    path: changes.path ?? '',
    storageAccount: changes.account ?? address.account,
    credentials: { kind: 'AccountKey', secretName: 'omega', key: 'AZURE_STORAGE_KEY' },
  };
  const accountKey = new Secret(changes.accountKey ?? address.accountKey);
  return { target: { storage, credential: { kind: 'AccountKey', accountKey } }, clouds: azuriteClouds(address) };
}

/** The account's own client. With an agent of its own the SDK sends nothing through a proxy of the environment, which could not reach loopback. */
export function serviceClient({ endpoint, account, accountKey }: AzuriteAddress): BlobServiceClient {
  const url = endpoint.replace('{account}', account);
  const direct = {
    agent: url.startsWith('https:') ? new TlsAgent() : new Agent(),
    proxyOptions: { host: 'http://127.0.0.1', port: 9 },
  };
  return new BlobServiceClient(url, newPipeline(new StorageSharedKeyCredential(account, accountKey), direct));
}

export async function createContainer(address: AzuriteAddress, container: string): Promise<void> {
  await serviceClient(address).createContainer(container);
}

/** The rule that W&B asks for, or a change of it. */
export function corsRule(origin: string, changes: Partial<CorsRule> = {}): CorsRule {
  return {
    allowedOrigins: origin,
    allowedMethods: 'GET,HEAD,PUT',
    allowedHeaders: '*',
    exposedHeaders: 'ETag',
    maxAgeInSeconds: 3000,
    ...changes,
  };
}

/** Keeps deleted blobs for a week, or not, for the whole account. */
export async function setSoftDelete(address: AzuriteAddress, enabled: boolean): Promise<void> {
  const deleteRetentionPolicy = enabled ? { enabled, days: 7 } : { enabled };
  await serviceClient(address).setProperties({ deleteRetentionPolicy });
}

/** Replaces the CORS rules of the whole account. */
export async function setCors(address: AzuriteAddress, cors: readonly CorsRule[]): Promise<void> {
  await serviceClient(address).setProperties({ cors: [...cors] });
}

/** Lets anybody read and list a container, read what they can name, or nothing again. */
export async function setPublic(
  address: AzuriteAddress,
  container: string,
  access: 'container' | 'blob' | undefined,
): Promise<void> {
  await serviceClient(address).getContainerClient(container).setAccessPolicy(access);
}

/** Every blob with its snapshots, versions, deleted and half-uploaded ones, for "nothing left behind" and "nothing else touched". */
export async function listEverything(address: AzuriteAddress, container: string): Promise<readonly string[]> {
  const blobs = serviceClient(address).getContainerClient(container).listBlobsFlat({
    includeSnapshots: true,
    includeVersions: true,
    includeDeleted: true,
    includeUncommitedBlobs: true,
  });
  const lines: string[] = [];
  for await (const blob of blobs) lines.push(lineOf(blob));
  return lines.sort();
}

function lineOf({ name, properties, snapshot, versionId, deleted }: BlobItem): string {
  return [name, properties.etag, snapshot, versionId, deleted ? 'deleted' : ''].filter(Boolean).join(' ');
}
