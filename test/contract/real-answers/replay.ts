import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Result } from '../../../src/base/result.ts';
import { Secret } from '../../../src/base/secret.ts';
import { PUBLIC_CLOUDS } from '../../../src/domain/bucket/store-endpoint.ts';
import type { BucketTarget } from '../../../src/domain/bucket/target.ts';
import type { BucketFailure } from '../../../src/domain/observations/bucket-failure.ts';
import { createAzureDriver } from '../../../src/drivers/azure/azure-driver.ts';
import { iamFailure } from '../../../src/drivers/gcs/federation-failure.ts';
import { createGcsDriver } from '../../../src/drivers/gcs/gcs-driver.ts';
import { createS3Driver } from '../../../src/drivers/s3/s3-driver.ts';
import { createSts } from '../../../src/drivers/s3/sts.ts';
import type { BucketClient } from '../../../src/ports/bucket.ts';
import type { PlainResponse } from '../../../src/ports/http.ts';
import { scriptedNet } from '../../support/fakes/scripted-net.ts';

/** One answer of a real service. */
export interface RealAnswer {
  readonly provider: string;
  readonly situation: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly source: string;
  readonly evidence: 'recorded' | 'quoted' | 'documented';
}

export const ANSWERS = JSON.parse(
  readFileSync(new URL('answers.json', import.meta.url), 'utf8'),
) as readonly RealAnswer[];

/** What was asked when the answer came: an operation of the driver, or a plain request that it explains. */
export type Asked =
  | 'list'
  | 'create'
  | 'read'
  | 'remove'
  | 'region'
  | 'start upload'
  | 'plain'
  | 'STS'
  | 'IAM'
  | 'versioning'
  | 'retention'
  | 'lifecycle'
  | 'cors'
  | 'encryption';

const privateKey = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
}).privateKey;

const accessKeyRef = { kind: 'AccessKey', secretName: 's', accessKeyIdKey: 'a', secretAccessKeyKey: 'b' } as const;
const accessKey = { kind: 'AccessKey', accessKeyId: 'AKIA', secretAccessKey: new Secret('secret') } as const;
const s3Target: BucketTarget = {
  storage: { provider: 'S3', name: 'bucket', path: '', region: 'us-east-1', credentials: accessKeyRef },
  credential: accessKey,
};
const gcsTarget: BucketTarget = {
  storage: {
    provider: 'GCS',
    name: 'b',
    path: '',
    credentials: { kind: 'ServiceAccountKey', secretName: 's', key: 'k' },
  },
  credential: { kind: 'ServiceAccountKey', clientEmail: 'w@acme.example', privateKey: new Secret(privateKey) },
};
const azureTarget: BucketTarget = {
  storage: {
    provider: 'AzureBlob',
    name: 'c',
    path: '',
    storageAccount: 'a',
    credentials: { kind: 'AccountKey', secretName: 's', key: 'k' },
  },
  credential: { kind: 'AccountKey', accountKey: new Secret(Buffer.alloc(64, 7).toString('base64')) },
};

function open(answer: RealAnswer): BucketClient {
  const { net } = scriptedNet(() => answer);
  const deps = { net, clouds: PUBLIC_CLOUDS };
  if (answer.provider === 'GCS') return createGcsDriver(deps).open(gcsTarget);
  if (answer.provider === 'Azure Blob') return createAzureDriver(deps).open(azureTarget);
  return createS3Driver(deps).open(s3Target);
}

async function assumeRole({ status, headers, body }: RealAnswer): Promise<string> {
  const { http } = scriptedNet(() => ({ status, headers, body })).net;
  const sts = createSts({ http, endpoint: 'https://sts.us-east-1.amazonaws.com', region: 'us-east-1' });
  const keys = await sts.assumeRole({ accessKeyId: 'AKIA', secretAccessKey: 'secret' }, { roleArn: 'role' });
  return keys.ok ? 'ok' : keys.error.kind;
}

/** What a driver makes of an answer: `ok`, or the kind of the failure. */
export async function replay(answer: RealAnswer, asked: Asked): Promise<string> {
  const response: PlainResponse = { ...answer, body: Buffer.from(answer.body), route: 'direct' };
  if (asked === 'STS') return assumeRole(answer);
  if (asked === 'IAM') return iamFailure('ImpersonationDenied')(answer.status, answer.body).kind;
  const bucket = open(answer);
  if (asked === 'plain') return answer.status < 300 ? 'ok' : bucket.explain(response).kind;
  const result = await ask(bucket, asked);
  return result.ok ? 'ok' : result.error.kind;
}

type Answered = Promise<Result<unknown, BucketFailure>>;

function ask(bucket: BucketClient, asked: Exclude<Asked, 'plain' | 'STS' | 'IAM'>): Answered {
  const signal = AbortSignal.timeout(10_000);
  const operations: Partial<Record<Asked, () => Answered | undefined>> = {
    list: () => bucket.list('p', 1000, signal),
    create: () => bucket.create('k', Buffer.from('body'), signal),
    read: () => bucket.read('k', signal),
    remove: () => bucket.remove('k', '1', signal),
    region: () => bucket.region?.(signal),
    'start upload': () => bucket.multipart.start?.('k', signal),
  };
  const setting = bucket.settings('p').find(({ covers }) => covers.some((name) => name === asked));
  const answered = operations[asked]?.() ?? setting?.ask(signal);
  if (answered === undefined) throw new Error(`this driver does not ask for ${asked}`);
  return answered;
}
