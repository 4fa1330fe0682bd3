import { unknown, type Bucket } from './dialect.ts';
import type { Answer } from './fault.ts';
import type { Asked, Operation, SettingOperation } from './operation.ts';

/** Sub-resources by which settings of a bucket are read. */
const SUB_RESOURCES: Readonly<Record<string, SettingOperation>> = {
  versioning: 'versioning',
  'object-lock': 'retention',
  lifecycle: 'lifecycle',
  versions: 'probe versions',
  location: 'location',
  encryption: 'encryption',
  cors: 'cors',
};

export function s3SettingOf(query: URLSearchParams): SettingOperation | undefined {
  return Object.entries(SUB_RESOURCES).find(([name]) => query.has(name))?.[1];
}

type Service = (operation: Operation, asked: Asked, bucket: Bucket) => Answer;

const NAMESPACE = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';

/** A bucket as W&B wants it: versions are kept, nothing is locked, nothing expires. */
export const S3_SETTINGS: Readonly<Record<SettingOperation, Service>> = {
  versioning: () =>
    document(`<VersioningConfiguration ${NAMESPACE}><Status>Enabled</Status></VersioningConfiguration>`),
  retention: () => never('ObjectLockConfigurationNotFoundError'),
  lifecycle: () => never('NoSuchLifecycleConfiguration'),
  'probe versions': (_operation, _asked, { name }) =>
    document(
      `<ListVersionsResult ${NAMESPACE}><Name>${name}</Name><IsTruncated>false</IsTruncated></ListVersionsResult>`,
    ),
  location: (_operation, _asked, { region }) =>
    document(`<LocationConstraint ${NAMESPACE}>${region === 'us-east-1' ? '' : region}</LocationConstraint>`),
  // Of every bucket on AWS, whether anybody configured it or not.
  encryption: () =>
    document(
      `<ServerSideEncryptionConfiguration ${NAMESPACE}><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>`,
    ),
  cors: () => never('NoSuchCORSConfiguration'),
  settings: unknown,
  permissions: unknown,
};

/** A setting that was never made. */
function never(code: string): Answer {
  return { ...document(`<Error><Code>${code}</Code><Message>${code}</Message></Error>`), status: 404 };
}

function document(body: string): Answer {
  const headers = { 'x-amz-request-id': '4442587FB7D0A2F9', 'content-type': 'application/xml' };
  return { status: 200, headers, body: `<?xml version="1.0" encoding="UTF-8"?>\n${body}` };
}
