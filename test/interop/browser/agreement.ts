import { createHash, randomBytes } from 'node:crypto';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { endpointUrl } from '../../../src/domain/bucket/storage.ts';
import { probeBucket } from '../../contract/probe-outcome.ts';
import type { Place } from '../stores/store.ts';
import type { Browser } from './chromium.ts';
import type { Experience, SignedUrls } from './use-bucket.ts';

/** What the browser could do, and what the check says of the same bucket. */
export interface Agreement {
  readonly works: boolean;
  /** Reason of the check; none: it passes. */
  readonly reason?: string;
  /** What is not as it should be; none: they agree. */
  readonly faults: readonly string[];
}

const TEXT = 'as the front end writes it';
const MD5 = createHash('md5').update(TEXT).digest('base64');
const HEADERS = { 'content-type': 'application/json', 'content-md5': MD5, 'x-amz-meta-md5': MD5 };

/** Lets the browser use a bucket, and holds the check against what it could do. */
export async function compare(browser: Browser, place: Place): Promise<Agreement> {
  const experience = await browser.use(place.appOrigin, await signedFor(place));
  const { net, appOrigin } = place;
  const { results } = await probeBucket(place, { net, appOrigin });
  const found = results.find(({ name }) => name === 'CorsAllowsApp');
  const works = Object.values(experience).every(Boolean);
  const passes = found?.result === 'Pass';
  const reason = passes ? {} : { reason: found?.reason ?? 'not judged' };
  if (works === passes) return { works, ...reason, faults: [] };
  const said = passes ? 'passes' : `says ${reason.reason ?? ''}`;
  return { works, ...reason, faults: [`the browser ${wordsFor(experience)}, and the check ${said}`] };
}

function wordsFor(experience: Experience): string {
  const done = Object.entries(experience).map(([step, worked]) => `${step}: ${worked ? 'yes' : 'no'}`);
  return `could (${done.join(', ')})`;
}

/** Signed by the key of the bucket, as the W&B server does, and not by our own drivers. */
async function signedFor({ target }: Place): Promise<SignedUrls> {
  const { storage, credential } = target;
  if (storage.provider !== 'S3Compatible' || credential.kind !== 'AccessKey') throw new Error('not a store of S3');
  const client = new S3Client({
    endpoint: endpointUrl(storage.endpoint),
    region: storage.region,
    forcePathStyle: storage.addressing === 'Path',
    credentials: { accessKeyId: credential.accessKeyId, secretAccessKey: credential.secretAccessKey.reveal() },
    // Browsers send none of the checksums that it would sign.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  const at = { Bucket: storage.name, Key: `run/${randomBytes(6).toString('hex')}.json` };
  const [upload, look, read] = await Promise.all([
    getSignedUrl(client, new PutObjectCommand({ ...at, ContentMD5: MD5, Metadata: { md5: MD5 } }), {
      // Stores take no header x-amz-* that is not signed.
      unhoistableHeaders: new Set(['x-amz-meta-md5']),
    }),
    getSignedUrl(client, new HeadObjectCommand(at)),
    getSignedUrl(client, new GetObjectCommand(at)),
  ]);
  client.destroy();
  return { upload, look, read, headers: HEADERS, text: TEXT };
}
