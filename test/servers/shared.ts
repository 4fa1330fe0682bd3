import { randomBytes } from 'node:crypto';
import { loadKubeConfig } from '../../src/kube/kube-config.ts';
import { createKubeConnection, type KubeConnection } from '../../src/kube/connection.ts';
import { readText } from '../../src/kube/client.ts';
import { createContainer, type AzuriteAddress } from './azurite.ts';
import type { GcsAddress } from './gcs.ts';
import { createBucket, type MinioAddress } from './minio.ts';

/** Through it the coordinates of the shared servers reach the test files. */
export const SHARED_BEDS_VARIABLE = 'BYOB_SHARED_BEDS';

export interface SharedServers {
  readonly serverUrl: string;
  readonly folder: string;
  readonly kubeconfig: string;
  readonly auditLog: string;
  /** Entry of the operator's bundle. */
  readonly bundle: string;
  readonly minio: MinioAddress;
  /** One account for all files: who changes its CORS rules starts an Azurite of their own. */
  readonly azurite: AzuriteAddress;
  readonly gcs: GcsAddress;
}

let connection: KubeConnection | undefined;
let own: Partial<SharedServers> = {};

/** Lets all helpers of this test file work on servers of its own in place of shared ones. */
export function useOwnBeds(servers: Partial<SharedServers>): void {
  own = servers;
  connection = undefined;
}

export function sharedServers(): SharedServers {
  const text = process.env[SHARED_BEDS_VARIABLE];
  if (text === undefined) throw new Error('the shared servers run only in the jest project "real"');
  return { ...(JSON.parse(text) as SharedServers), ...own };
}

/** An administrator's connection to the shared control plane. */
export function adminConnection(): KubeConnection {
  connection ??= createKubeConnection(loadKubeConfig({ file: sharedServers().kubeconfig }));
  return connection;
}

/** One JSON request as administrator; the answer whatever its status. */
export async function adminRequest(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
  contentType = 'application/json',
): Promise<{ readonly status: number; readonly body: Readonly<Record<string, unknown>> }> {
  const response = await adminConnection().request({
    method,
    path,
    headers: { 'content-type': contentType },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(20_000),
  });
  const text = await readText(response);
  return { status: response.statusCode, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
}

/** A new namespace for one test file. */
export async function newNamespace(prefix = 'test'): Promise<string> {
  const name = `${prefix}-${randomBytes(4).toString('hex')}`;
  const created = await adminRequest('POST', '/api/v1/namespaces', { metadata: { name } });
  if (created.status !== 201) throw new Error(`namespace ${name}: ${created.status}`);
  return name;
}

/** A new bucket on the shared MinIO. */
export async function newBucket(prefix = 'bucket'): Promise<string> {
  const name = `${prefix}-${randomBytes(4).toString('hex')}`;
  await createBucket(sharedServers().minio, name);
  return name;
}

/** A new container on the shared Azurite. */
export async function newContainer(prefix = 'container'): Promise<string> {
  const name = `${prefix}-${randomBytes(4).toString('hex')}`;
  await createContainer(sharedServers().azurite, name);
  return name;
}
