import type { Credential } from '../credentials/credential-types.ts';
import { COREWEAVE_HOST, type BucketAddress } from '../bucket/storage.ts';
import { parseEndpoint } from '../spec/parse-endpoint.ts';
import { Secret } from '../../base/secret.ts';

/** A store address that was read back from text written by this operator. */
export interface ParsedStore {
  readonly address: BucketAddress;
  /** Absent if the address has none, and if it is redacted (`***`). */
  readonly credential?: Credential;
  readonly isRedacted: boolean;
}

/** User, password, host and the rest; all parts are percent-encoded. */
const ADDRESS = /^(s3|cw|gs|az):\/\/(?:([^:@/]*):([^@/]*)@)?([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/;

/**
 * The inverse of `fileStoreEntry`, `instanceBucketAddress` and `redactedAddress`; `undefined` for any other text. The
 * caller must render the result again and compare: only that proves that it is right.
 */
export function parseFileStore(text: string): ParsedStore | undefined {
  const match = ADDRESS.exec(text);
  if (match === null) return undefined;
  try {
    const [, scheme = '', user, password, host = '', path = '', query = ''] = match;
    const parts = {
      host,
      segments: path === '' ? [] : path.split('/').map(decodeURIComponent),
      query: readQuery(query),
    };
    const address = READERS[scheme]?.(parts);
    if (address === undefined) return undefined;
    const isRedacted = password === '***';
    const credential = isRedacted ? undefined : credentialOf(scheme, user, password);
    return { address, ...(credential !== undefined && { credential }), isRedacted };
  } catch {
    // Not percent-encoded in the way of `encode`.
    return undefined;
  }
}

interface Parts {
  readonly host: string;
  readonly segments: readonly string[];
  readonly query: ReadonlyMap<string, string>;
}

const READERS: Readonly<Record<string, (parts: Parts) => BucketAddress | undefined>> = {
  s3: readS3,
  cw: ({ segments, query }) => {
    const [name, ...path] = segments;
    if (name === undefined) return undefined;
    const region = query.get('region');
    return { provider: 'CoreWeave', name, path: path.join('/'), ...(region !== undefined && { region }) };
  },
  gs: ({ host, segments }) => ({ provider: 'GCS', name: decodeURIComponent(host), path: segments.join('/') }),
  az: ({ host, segments }) => {
    const [name, ...path] = segments;
    if (name === undefined) return undefined;
    return { provider: 'AzureBlob', name, path: path.join('/'), storageAccount: decodeURIComponent(host) };
  },
};

function readS3({ host, segments, query }: Parts): BucketAddress | undefined {
  const [name, ...path] = segments;
  const region = query.get('region');
  const tls = query.get('tls');
  if (name === undefined || region === undefined || host === COREWEAVE_HOST) return undefined;
  if (tls === undefined) {
    return isRegionOfAws(region) ? { provider: 'S3', name, path: path.join('/'), region } : undefined;
  }
  const endpoint = parseEndpoint(`${tls === 'true' ? 'https' : 'http'}://${host}`);
  if (!endpoint.ok) return undefined;
  // Of AWS at an endpoint that an administrator set.
  const isAws = [...query.keys()].join() === 'region,forcePathStyle,tls';
  if (isAws) return { provider: 'S3', name, path: path.join('/'), region, endpoint: endpoint.value };
  const addressing = query.get('forcePathStyle') === 'false' ? 'VirtualHosted' : 'Path';
  return { provider: 'S3Compatible', name, path: path.join('/'), endpoint: endpoint.value, region, addressing };
}

/** A region of AWS is a part of the host. */
export function isRegionOfAws(region: string): boolean {
  return /^[\w-]{1,63}$/.test(region);
}

function readQuery(query: string): ReadonlyMap<string, string> {
  return new Map(
    query
      .split('&')
      .filter((pair) => pair !== '')
      .map((pair) => {
        const at = pair.indexOf('=');
        return [pair.slice(0, at), decodeURIComponent(pair.slice(at + 1))] as const;
      }),
  );
}

function credentialOf(scheme: string, user: string | undefined, password: string | undefined): Credential | undefined {
  if (user === undefined || password === undefined) return undefined;
  const secret = new Secret(decodeURIComponent(password));
  switch (scheme) {
    case 'gs':
      return { kind: 'ServiceAccountKey', clientEmail: decodeURIComponent(user), privateKey: secret };
    case 'az':
      return { kind: 'AccountKey', accountKey: secret };
    default:
      return { kind: 'AccessKey', accessKeyId: decodeURIComponent(user), secretAccessKey: secret };
  }
}
