import { readSecret } from './objects.ts';

/** One entry of the published file stores on an S3-compatible store, decoded. */
export interface FileStore {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly host: string;
  readonly bucket: string;
}

const TEXT = '((?:[\\w.~-]|%[0-9A-F]{2})+)';
const ENTRY = new RegExp(`^s3://${TEXT}:${TEXT}@([a-z0-9.-]+:\\d+)/${TEXT}\\?region=[a-z0-9-]+&tls=(?:true|false)$`);

/** Reads file stores by W&B's documented grammar and nothing beyond it; throws for anything else. */
export function parseFileStores(value: string | undefined): readonly FileStore[] {
  if (value === undefined) return [];
  return value.split(',').map((entry) => {
    const [, accessKeyId = '', secretAccessKey = '', host = '', bucket = ''] = ENTRY.exec(entry) ?? [];
    if (bucket === '') throw new Error(`no entry of the grammar among ${value.split(',').length} entries`);
    return {
      accessKeyId: decodeURIComponent(accessKeyId),
      secretAccessKey: decodeURIComponent(secretAccessKey),
      host,
      bucket: decodeURIComponent(bucket),
    };
  });
}

/** What the server would read now: both variables, which must agree. */
export async function publishedStores(namespace: string, instance = 'wandb'): Promise<readonly FileStore[]> {
  const secret = await readSecret(namespace, `${instance}-storage`);
  const value = secret?.['SUPPORTED_FILE_STORES'];
  if (secret?.['GORILLA_SUPPORTED_FILE_STORES'] !== value) throw new Error('the two variables differ');
  return parseFileStores(value);
}

/** Buckets of the published file stores, sorted. */
export async function publishedBuckets(namespace: string): Promise<readonly string[]> {
  return (await publishedStores(namespace)).map(({ bucket }) => bucket).sort();
}
