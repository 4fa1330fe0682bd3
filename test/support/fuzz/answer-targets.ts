import { readFileSync } from 'node:fs';
import type { BucketTarget } from '../../../src/domain/bucket/target.ts';
import type { BucketFailure } from '../../../src/domain/observations/bucket-failure.ts';
import type { BucketCall } from '../../../src/ports/bucket-call.ts';
import type { BucketClient, BucketDriver } from '../../../src/ports/bucket.ts';
import type { PlainResponse } from '../../../src/ports/http.ts';
import type { GuardedHttp } from '../../../src/net/guarded-http.ts';
import { Secret } from '../../../src/base/secret.ts';
import { PUBLIC_CLOUDS, type CloudEndpoints } from '../../../src/domain/bucket/store-endpoint.ts';
import { createAzureDriver } from '../../../src/drivers/azure/azure-driver.ts';
import { createGcsDriver } from '../../../src/drivers/gcs/gcs-driver.ts';
import { createS3Driver } from '../../../src/drivers/s3/s3-driver.ts';
import { gcpIdentityTarget } from '../fakes/identities.ts';
import { azureBlob, s3 } from '../fakes/observations.ts';
import { scriptedNet, type ScriptedAnswer } from '../fakes/scripted-net.ts';
import type { Target } from './target.ts';

/** In each credential; no failure may hold it. */
const HIDDEN = Buffer.from('hidden-in-each-credential-of-the-fuzzer').toString('base64');
/** Codes, ids, regions and origins, as a status may show them. */
const SHOWN = /^[\w+/=.:\-[\]]{0,300}$/;
const TOKEN = JSON.stringify({
  access_token: 'token',
  accessToken: 'token',
  expires_in: 3600,
  expireTime: '2099-01-01T00:00:00Z',
});
const { signal } = new AbortController();

interface RealAnswer {
  readonly provider: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const REAL = JSON.parse(
  readFileSync(new URL('../../contract/real-answers/answers.json', import.meta.url), 'utf8'),
) as readonly RealAnswer[];

type CreateDriver = (deps: { readonly net: GuardedHttp; readonly clouds: CloudEndpoints }) => BucketDriver;

function target(
  name: string,
  {
    create,
    bucket,
    providers,
    words,
  }: {
    readonly create: CreateDriver;
    readonly bucket: BucketTarget;
    readonly providers: RegExp;
    readonly words: readonly string[];
  },
): Target {
  const real = REAL.filter(({ provider }) => providers.test(provider));
  const bodies = words
    .filter((word) => word.startsWith('<') || word.startsWith('{'))
    .map((body) => answerText({ status: 200, body }));
  return {
    name,
    seeds: [
      ...bodies,
      ...real.map(answerText),
      answerText({ status: 204 }),
      answerText({ status: 307, headers: { location: 'https://login.example/' } }),
    ],
    words: [...words, '200\n', '403\n', '404\n', '503\n', '\n\n'],
    run: async (text) => {
      const answer = answerIn(text);
      const { net } = scriptedNet(({ url }) =>
        /token|generateAccessToken/.test(url) ? { status: 200, body: TOKEN } : answer,
      );
      const client = create({ net, clouds: PUBLIC_CLOUDS }).open(bucket);
      try {
        await askAll(client, answer);
      } finally {
        client.close();
      }
    },
  };
}

/** Status, headers, an empty line and the body. */
function answerText({ status, headers = {}, body = '' }: ScriptedAnswer): string {
  return [String(status), ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), '', body].join('\n');
}

function answerIn(text: string): ScriptedAnswer {
  const [head = '', ...rest] = text.split('\n\n');
  const [status = '', ...lines] = head.split('\n');
  const headers = lines.flatMap((line) => {
    const [, name = '', value = ''] = /^([\w-]+): ?([\x20-\x7e]*)$/.exec(line) ?? [];
    return name === '' ? [] : [[name.toLowerCase(), value] as const];
  });
  const code = Number(status);
  return {
    // HTTP knows no others.
    status: Number.isInteger(code) && code >= 200 && code <= 599 ? code : 200,
    headers: Object.fromEntries(headers),
    body: rest.join('\n\n'),
  };
}

/** All that a probe asks of a bucket: each call has to give a value or a failure that may be shown. */
async function askAll(client: BucketClient, { status, headers = {}, body = '' }: ScriptedAnswer): Promise<void> {
  const plain = { status, headers, body: Buffer.from(body), route: 'direct' };
  for (const call of callsOf(client, plain)) {
    const result = await call;
    if (result?.ok === false) expectShowable(result.error);
  }
  client.revisionIn(plain);
  client.detailsIn(plain);
  client.isListing(plain);
  if (status >= 300) expectShowable(client.explain(plain));
}

/** Absent calls are those that a store does not have. */
function callsOf(client: BucketClient, answer: PlainResponse): readonly (BucketCall<unknown> | undefined)[] {
  const key = '.byob/u/1';
  const { start, complete, unended } = client.multipart;
  return [
    client.list('p/', 2, signal),
    client.listFrom?.('p/', 'p/a', 2, signal),
    client.region?.(signal),
    client.isPublicByRules?.(signal),
    client.create(key, Buffer.from('body'), signal),
    client.read(key, signal),
    client.remove(key, 'revision', signal),
    client.removeFolders?.(['.byob/u'], signal),
    start?.(key, signal),
    complete?.(key, { upload: 'upload', answer }, signal),
    unended?.list('p/', signal),
    unended?.abort(key, 'upload', signal),
    ...client.settings('.byob/').map((setting) => setting.ask(signal)),
  ];
}

function expectShowable(failure: BucketFailure): void {
  const { kind, ...rest } = failure;
  if (!/^[A-Z][A-Za-z]+$/.test(kind)) throw new Error(`the kind is ${kind}`);
  for (const [name, value] of Object.entries(rest)) {
    const text = String(value);
    if (text.includes(HIDDEN)) throw new Error(`${name} holds the credential`);
    if (!SHOWN.test(text)) throw new Error(`${name} of ${kind} cannot be shown`);
  }
}

const accessKey = { kind: 'AccessKey', accessKeyId: 'AKIAFUZZ', secretAccessKey: new Secret(HIDDEN) } as const;

export const answerTargets: readonly Target[] = [
  target('answers-of-s3', {
    create: createS3Driver,
    bucket: { storage: s3, credential: accessKey },
    providers: /S3|MinIO|Ceph|CoreWeave|R2|compatible/i,
    words: [
      `<ListBucketResult><Name>${s3.name}</Name><Prefix>p/</Prefix><IsTruncated>false</IsTruncated><Contents><Key>p/a</Key></Contents></ListBucketResult>`,
      '<Error><Code>PermanentRedirect</Code><Message>m</Message><Endpoint>b.s3.eu-central-1.amazonaws.com</Endpoint><Region>eu-central-1</Region></Error>',
      '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>',
      '<ObjectLockConfiguration><Rule><DefaultRetention><Mode>COMPLIANCE</Mode><Years>1</Years></DefaultRetention></Rule></ObjectLockConfiguration>',
      '<LifecycleConfiguration><Rule><ID>r</ID><Status>Enabled</Status><Filter><And><Prefix>p</Prefix><Tag><Key>k</Key></Tag></And></Filter><Expiration><Days>1</Days></Expiration><Transition><StorageClass>GLACIER</StorageClass></Transition></Rule></LifecycleConfiguration>',
      '<ListVersionsResult><Version><IsLatest>false</IsLatest></Version><DeleteMarker/></ListVersionsResult>',
      '<LocationConstraint>eu-central-1</LocationConstraint>',
      '<PolicyStatus><IsPublic>true</IsPublic></PolicyStatus>',
      '<AccessControlPolicy><AccessControlList><Grant><Grantee><URI>http://acs.amazonaws.com/groups/global/AllUsers</URI></Grantee><Permission>READ</Permission></Grant></AccessControlList></AccessControlPolicy>',
      '<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>',
      '<ListMultipartUploadsResult><Upload><Key>p/a</Key><UploadId>u</UploadId></Upload></ListMultipartUploadsResult>',
      '<CompleteMultipartUploadResult><ETag>"1"</ETag></CompleteMultipartUploadResult>',
      '{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject"}]}',
      'etag: "1"\n',
      'x-amz-bucket-region: eu-central-1\n',
      'x-amz-request-id: R\n',
      'content-type: text/html\n',
      'x-amz-object-lock-mode: COMPLIANCE\n',
      'x-amz-object-lock-retain-until-date: 2026-01-31T00:00:00Z\n',
      'x-amz-server-side-encryption: aws:kms\n',
      'x-amz-storage-class: GLACIER\n',
      'location: https://b.s3.amazonaws.com/\n',
    ],
  }),
  target('answers-of-gcs', {
    create: createGcsDriver,
    bucket: gcpIdentityTarget,
    providers: /GCS|Google/i,
    words: [
      '{"kind":"storage#objects","items":[{"name":"p/a","generation":"1"}]}',
      '{"kind":"storage#object","bucket":"omega-data","name":".byob/u/1","generation":"1"}',
      '{"kind":"storage#bucket","name":"omega-data","storageClass":"STANDARD","versioning":{"enabled":true},"softDeletePolicy":{"retentionDurationSeconds":"604800"},"retentionPolicy":{"retentionPeriod":"86400","isLocked":true},"defaultEventBasedHold":true,"lifecycle":{"rule":[{"action":{"type":"Delete"},"condition":{"age":1,"matchesPrefix":["p"]}}]},"billing":{"requesterPays":true}}',
      '{"kind":"storage#testIamPermissionsResponse","permissions":["storage.objects.get"]}',
      '{"error":{"code":403,"message":"m does not have storage.objects.delete access","errors":[{"reason":"forbidden"}],"status":"PERMISSION_DENIED"}}',
      '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>m</Message><Details>d</Details></Error>',
      'x-goog-generation: 1\n',
      'location: https://storage.googleapis.com/upload?upload_id=x\n',
      'content-type: application/json\n',
    ],
  }),
  target('answers-of-azure', {
    create: createAzureDriver,
    bucket: { storage: azureBlob, credential: { kind: 'AccountKey', accountKey: new Secret(HIDDEN) } },
    providers: /Azure/i,
    words: [
      `<?xml version="1.0" encoding="utf-8"?><EnumerationResults ServiceEndpoint="https://acmewandb.blob.core.windows.net/" ContainerName="${azureBlob.name}"><Blobs><Blob><Name>p/a</Name><Properties><Etag>1</Etag></Properties></Blob></Blobs><NextMarker/></EnumerationResults>`,
      '<?xml version="1.0" encoding="utf-8"?><Error><Code>AuthorizationFailure</Code><Message>m</Message></Error>',
      '<?xml version="1.0" encoding="utf-8"?><StorageServiceProperties><Cors/><DeleteRetentionPolicy><Enabled>true</Enabled><Days>7</Days></DeleteRetentionPolicy></StorageServiceProperties>',
      'etag: "1"\n',
      'x-ms-request-id: R\n',
      'x-ms-error-code: AuthenticationFailed\n',
      'x-ms-has-legal-hold: true\n',
      'x-ms-has-immutability-policy: true\n',
      'content-type: application/xml\n',
      'x-ms-blob-type: BlockBlob\n',
    ],
  }),
];
