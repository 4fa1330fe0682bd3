import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { publishedOf, type Published } from '../../../test/support/imported.ts';
import { encode } from '../publication/file-store-address.ts';
import type { JsonObject } from '../spec/json.ts';
import type { FindingCode } from './finding.ts';
import { formOf, readManifests, readPlainText, type InputForm } from './read-input.ts';
import { refusalsOf } from './refusals.ts';
import { toManifests } from './to-manifests.ts';
import { blanksOf, writeManifests } from './write-manifests.ts';

const PEM = generateKeyPairSync('rsa', {
  modulusLength: 1024,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
}).privateKey;
const AZURE_KEY = Buffer.from('a storage account key of 64 bytes, which is what Azure makes ....').toString('base64');
const GS_ENTRY = `gs://wandb%40acme.iam.gserviceaccount.com:${encode(PEM)}@acme-omega`;

interface Shape {
  /** Where users have it from. */
  readonly name: string;
  readonly input: string;
  readonly as?: InputForm;
  /** Values for blanks that the settings leave, by field. */
  readonly fill?: Readonly<Record<string, string>>;
  readonly published: Published;
  readonly findings?: readonly FindingCode[];
}

const S3 = 's3://AKIAACMEEXAMPLE:hush@s3.eu-central-1.amazonaws.com/acme-omega?region=eu-central-1';
const MINIO = 's3://omega:hush@minio.acme.example:9000/omega-data?region=us-east-1&tls=true';

const ENTRIES: readonly Shape[] = [
  { name: 'documented: AWS', input: S3, published: { stores: [S3] } },
  { name: 'documented: S3-compatible', input: MINIO, published: { stores: [MINIO] } },
  {
    name: 'documented: CoreWeave with a key',
    input: 'cw://cwkey:hush@cwobject.com/acme-omega?tls=true',
    published: { stores: ['cw://cwkey:hush@cwobject.com/acme-omega?tls=true'] },
  },
  {
    name: 'documented: CoreWeave by identity',
    input: 'cw://',
    fill: { name: 'acme-omega' },
    published: { stores: ['cw://'] },
  },
  { name: 'documented: Google Cloud', input: GS_ENTRY, published: { stores: [GS_ENTRY] } },
  {
    name: 'documented: Google Cloud with the e-mail address as it is',
    input: `gs://wandb@acme.iam.gserviceaccount.com:${encode(PEM)}@acme-omega`,
    published: { stores: [GS_ENTRY] },
  },
  {
    name: 'documented: Azure',
    input: `az://:${encode(AZURE_KEY)}@acmewandb/omega`,
    published: { stores: [`az://:${encode(AZURE_KEY)}@acmewandb/omega`] },
  },
  {
    name: 'documented of 2024: two question marks',
    input: 's3://omega:hush@minio.acme.example:9000/omega-data?region=us-east-1?tls=true',
    published: { stores: [MINIO] },
    findings: ['TwoQuestionMarks'],
  },
  {
    name: 'of an issue: AWS without a region',
    input: 's3://AKIAACMEEXAMPLE:hush@s3.eu-central-1.amazonaws.com/acme-omega',
    published: { stores: [S3] },
    findings: ['RegionMissing'],
  },
  {
    name: 'of an issue: the global host of AWS',
    input: 's3://AKIAACMEEXAMPLE:hush@s3.amazonaws.com/acme-omega',
    fill: { region: 'eu-central-1' },
    published: { stores: [S3] },
    findings: ['RegionMissing'],
  },
  {
    name: 'Ceph RGW and MinIO of an issue: neither region nor tls',
    input: 's3://omega:hush@rgw.acme.example/omega-data',
    fill: { region: 'us-east-1' },
    published: { stores: ['s3://omega:hush@rgw.acme.example/omega-data?region=us-east-1&tls=false'] },
    findings: ['TlsNotStated', 'RegionMissing'],
  },
  {
    name: 'a key that is not encoded',
    input: 's3://AKIAACMEEXAMPLE:ab/c+d@e?f@s3.eu-central-1.amazonaws.com/acme-omega?region=eu-central-1',
    published: {
      stores: ['s3://AKIAACMEEXAMPLE:ab%2Fc%2Bd%40e%3Ff@s3.eu-central-1.amazonaws.com/acme-omega?region=eu-central-1'],
    },
    findings: ['KeyNotEncoded'],
  },
  {
    name: 'a key with a plus and an equals sign, which need no code',
    input: `az://:${AZURE_KEY}@acmewandb/omega`,
    published: { stores: [`az://:${encode(AZURE_KEY)}@acmewandb/omega`] },
  },
  {
    name: 'a private key with the line breaks of JSON',
    input: `gs://wandb%40acme.iam.gserviceaccount.com:${encode(PEM.replaceAll('\n', '\\n'))}@acme-omega`,
    published: { stores: [GS_ENTRY] },
  },
  {
    name: 'gcs:// in place of gs://',
    input: 'gcs://acme-omega',
    published: { stores: ['gs://acme-omega'] },
    findings: ['SchemeMisspelled'],
  },
  {
    name: 'azure:// with the domain of the account',
    input: `azure://:${encode(AZURE_KEY)}@acmewandb.blob.core.windows.net/omega`,
    published: { stores: [`az://:${encode(AZURE_KEY)}@acmewandb/omega`] },
    findings: ['SchemeMisspelled', 'AzureHost'],
  },
  {
    name: 'a URL of the store in place of an address',
    input: 'https://omega:hush@minio.acme.example:9000/omega-data?region=us-east-1',
    published: { stores: [MINIO] },
    findings: ['HttpAddress'],
  },
  {
    name: 'CoreWeave by s3://',
    input: 's3://cwkey:hush@cwobject.com/acme-omega?tls=true',
    published: { stores: ['cw://cwkey:hush@cwobject.com/acme-omega?tls=true'] },
    findings: ['CoreWeaveByS3'],
  },
  {
    name: 'the address of CoreWeave for its own cluster',
    input: 'cw://cwkey:hush@cwlota.com/acme-omega',
    published: { stores: ['cw://cwkey:hush@cwobject.com/acme-omega?tls=true'] },
    findings: ['CoreWeaveHost'],
  },
  {
    name: 'the bucket in the host',
    input: 's3://AKIAACMEEXAMPLE:hush@acme-omega.s3.eu-central-1.amazonaws.com?region=eu-central-1',
    published: { stores: [S3] },
    findings: ['BucketInHost'],
  },
  {
    name: 'no host before the bucket',
    input: 's3://AKIAACMEEXAMPLE:hush@acme-omega?region=eu-central-1',
    published: { stores: [S3] },
    findings: ['HostMissing'],
  },
  {
    name: 'region of host and parameter differ',
    input: 's3://AKIAACMEEXAMPLE:hush@s3.us-east-1.amazonaws.com/acme-omega?region=eu-central-1',
    published: { stores: [S3] },
    findings: ['RegionDiffers'],
  },
  {
    name: 'several entries with a sub-path, quotes, empty entries and one twice',
    input: `"${S3},${MINIO},${S3},"`,
    published: { stores: [S3, MINIO] },
    findings: ['EntryRepeated'],
  },
  {
    name: 'several entries, one a line',
    input: `${S3}\n${MINIO}\n`,
    published: { stores: [S3, MINIO] },
  },
  {
    name: 'one bucket with two keys',
    input: `${S3},${S3.replace('hush', 'hash')}`,
    published: { stores: [S3] },
    findings: ['CredentialConflict'],
  },
  {
    name: 'cw:// beside another entry',
    input: `cw://,${S3}`,
    fill: { name: 'acme-omega' },
    published: { stores: ['cw://', S3] },
    findings: ['CoreWeaveIdentityNotAlone'],
  },
  {
    name: 'a template of the documentation that was not filled in',
    input: 's3://<accessKey>:<secretAccessKey>@<url_endpoint>/<bucketName>?region=<region>&tls=true',
    fill: {
      name: 'omega-data',
      region: 'us-east-1',
      endpoint: 'https://minio.acme.example:9000',
      ACCESS_KEY: 'omega',
      SECRET_KEY: 'hush',
    },
    published: { stores: [MINIO] },
    findings: ['PlaceholderLeft', 'RegionMissing'],
  },
  {
    name: 'a parameter of another tool',
    input: `${MINIO}&s3ForcePathStyle=true&tls=yes`,
    published: { stores: [MINIO.replace('tls=true', 'tls=false')] },
    findings: ['ParameterInvalid', 'ParameterUnknown'],
  },
  {
    name: 'one half of a key',
    input: 's3://AKIAACMEEXAMPLE@s3.eu-central-1.amazonaws.com/acme-omega?region=eu-central-1',
    fill: { SECRET_KEY: 'hush' },
    published: { stores: [S3] },
    findings: ['KeyIncomplete'],
  },
];

const ADDRESSES: readonly Shape[] = [
  {
    name: "test vector of W&B's operator: MinIO with a sub-path",
    as: 'bucket',
    input: 's3://minio:minio123@minio.local:9000/my-bucket/team/prefix',
    fill: { region: 'us-east-1' },
    published: {
      instance: 's3://minio:minio123@minio.local:9000/my-bucket/team/prefix?region=us-east-1&tls=false',
      stores: [],
    },
    findings: ['TlsNotStated', 'RegionMissing'],
  },
  {
    name: "test vector of W&B's operator: AWS by the role of the pod",
    as: 'bucket',
    input: 's3://my-bucket/prefix',
    fill: { region: 'us-east-1' },
    published: { instance: 's3://my-bucket/prefix', stores: [] },
    findings: ['RegionMissing'],
  },
  {
    name: "test vector of W&B's operator: Google Cloud",
    as: 'bucket',
    input: 'gs://my-gcs-bucket/sub/prefix',
    published: { instance: 'gs://my-gcs-bucket/sub/prefix', stores: [] },
  },
  {
    name: "test vector of W&B's operator: Azure",
    as: 'bucket',
    input: 'az://mystorageaccount/mycontainer/team/prefix',
    published: { instance: 'az://mystorageaccount/mycontainer/team/prefix', stores: [] },
  },
  {
    name: 'docker run of the documentation, filled in',
    input: `docker run --rm -d \\
   -e HOST=https://wandb.acme.example \\
   -e BUCKET=s3://omega:hush@minio.acme.example:9000/omega-data?tls=true \\
   -e BUCKET_QUEUE=internal:// \\
   -e AWS_REGION=us-east-1 \\
   -p 8080:8080 --name wandb-local wandb/local`,
    published: { instance: MINIO, stores: [] },
  },
  {
    name: 'environment of a pod, as env prints it',
    input: `HOSTNAME=wandb-app-1\nBUCKET=az://acmewandb/wandb\nGORILLA_FILE_STORE=az://acmewandb/wandb\nAZURE_STORAGE_KEY=${AZURE_KEY}\nSUPPORTED_FILE_STORES=${S3}\nGORILLA_SUPPORTED_FILE_STORES=${S3}`,
    published: { instance: `az://:${encode(AZURE_KEY)}@acmewandb/wandb`, stores: [S3] },
  },
  {
    name: 'variables that should be equal and are not',
    input: `BUCKET=gs://acme-wandb\nGORILLA_FILE_STORE=gs://acme-other`,
    published: { instance: 'gs://acme-wandb', stores: [] },
    findings: ['VariablesDiffer'],
  },
];

/** `global` values of the chart operator-wandb. */
function chart(global: string): string {
  return `global:\n${global.replace(/^/gm, '  ')}`;
}

const CHARTS: readonly Shape[] = [
  {
    name: 'chart, documented: AWS by the role of the node',
    input: chart(
      'host: https://wandb.acme.example\ncloudProvider: aws\nbucket: {provider: s3, name: acme-wandb, path: "", region: eu-central-1, kmsKey: "arn:aws:kms:eu-central-1:123456789012:key/1a2b"}',
    ),
    published: { instance: 's3://acme-wandb', stores: [] },
  },
  {
    name: 'chart, documented: S3-compatible with TLS in the path',
    input: chart(
      'bucket: {provider: s3, name: "s3.example.com:9000", path: "wandb?tls=true", region: us-east-1, kmsKey: null, accessKey: omega, secretKey: hush}',
    ),
    published: { instance: 's3://omega:hush@s3.example.com:9000/wandb?region=us-east-1&tls=true', stores: [] },
  },
  {
    name: "chart, W&B's tests: bucket in the name",
    input: chart(
      'bucket: {provider: s3, name: "minio:9000/bucket", region: us-east-1, accessKey: minio, secretKey: testpassword}',
    ),
    published: { instance: 's3://minio:testpassword@minio:9000/bucket?region=us-east-1&tls=false', stores: [] },
    findings: ['TlsNotStated'],
  },
  {
    name: 'chart, defaultBucket on AWS with a key: the bucket comes first',
    input: chart(
      'defaultBucket: {provider: s3, name: acme-wandb, path: prefix, region: eu-central-1, accessKey: AKIAACMEEXAMPLE, secretKey: hush}\nbucket: {name: ""}',
    ),
    published: {
      instance: 's3://AKIAACMEEXAMPLE:hush@s3.eu-central-1.amazonaws.com/acme-wandb/prefix?region=eu-central-1',
      stores: [],
    },
  },
  {
    name: "chart, W&B's Terraform: Google Cloud",
    input: chart('bucket: {provider: gcs, name: acme-wandb, path: ""}'),
    published: { instance: 'gs://acme-wandb', stores: [] },
  },
  {
    name: "chart, W&B's Terraform: Azure with the key of the account",
    input: chart(`bucket: {provider: az, name: acmewandb, path: "wandb/prefix", accessKey: "${AZURE_KEY}"}`),
    published: { instance: `az://:${encode(AZURE_KEY)}@acmewandb/wandb/prefix`, stores: [] },
  },
  {
    name: 'chart with a Secret that is given, and file stores from another one',
    input: `${chart('bucket: {provider: s3, name: "minio.acme.example:9000", path: "omega-data?tls=true", region: us-east-1, secret: {secretName: mine, accessKeyName: id, secretKeyName: key}}\nenv: {GORILLA_SUPPORTED_FILE_STORES: {valueFrom: {secretKeyRef: {name: stores, key: list}}}}')}
---
{apiVersion: v1, kind: Secret, metadata: {name: mine}, stringData: {id: omega, key: hush}}
---
{apiVersion: v1, kind: Secret, metadata: {name: stores}, data: {list: ${Buffer.from(S3).toString('base64')}}}`,
    published: { instance: MINIO, stores: [S3] },
  },
  {
    name: 'chart with a scheme in the name and a key that is not encoded',
    input: chart(
      'bucket: {provider: s3, name: "s3://acme-wandb", region: eu-central-1, accessKey: AKIAACMEEXAMPLE, secretKey: a/b}',
    ),
    published: {
      instance: 's3://AKIAACMEEXAMPLE:a%2Fb@s3.eu-central-1.amazonaws.com/acme-wandb?region=eu-central-1',
      stores: [],
    },
    findings: ['NameHasScheme', 'KeyNotEncoded'],
  },
  {
    name: 'chart whose bucket a variable overrides',
    input: `${chart('bucket: {provider: gcs, name: acme-old}')}\napp: {env: {BUCKET: "gs://acme-wandb"}}`,
    published: { instance: 'gs://acme-wandb', stores: [] },
    findings: ['Overridden'],
  },
  {
    name: 'the older chart wandb',
    input: `license: x\nbucket: s3://omega:hush@minio.acme.example:9000/omega-data?tls=true\nbucketRegion: us-east-1\nhost: https://wandb.acme.example`,
    published: { instance: MINIO, stores: [] },
  },
];

const RESOURCES: readonly Shape[] = [
  {
    name: 'WeightsAndBiases of version 1',
    input: `apiVersion: apps.wandb.com/v1
kind: WeightsAndBiases
metadata: {name: wandb}
spec:
  values:
    global:
      host: https://wandb.acme.example
      bucket: {provider: s3, name: minio.acme.example:9000/omega-data?tls=true, region: us-east-1, accessKey: omega, secretKey: hush}
      extraEnv: {SUPPORTED_FILE_STORES: "${S3}"}`,
    published: { instance: MINIO, stores: [S3] },
  },
  {
    name: 'WeightsAndBiases of version 2 with the keys of its samples',
    input: `apiVersion: apps.wandb.com/v2
kind: WeightsAndBiases
metadata: {name: wandb}
spec:
  objectStore:
    default:
      externalObjectStore:
        provider: {name: os, key: Provider}
        endpoint: {name: os, key: Host}
        port: {name: os, key: Port}
        bucket: {name: os, key: Bucket}
        region: {name: os, key: Region}
        accessKey: {name: os, key: AccessKey}
        secretKey: {name: os, key: SecretKey}
        tlsEnabled: {name: os, key: TlsEnabled}
        forcePathStyle: {name: os, key: ForcePathStyle}
  wandb:
    legacyOverrides:
      global: {env: [{name: GORILLA_SUPPORTED_FILE_STORES, value: "${S3}"}]}
---
apiVersion: v1
kind: Secret
metadata: {name: os}
stringData: {Provider: s3, Host: minio.acme.example, Port: "9000", Bucket: omega-data, Region: us-east-1, AccessKey: omega, SecretKey: hush, TlsEnabled: "true", ForcePathStyle: "true"}`,
    published: { instance: MINIO, stores: [S3] },
  },
  {
    name: 'WeightsAndBiases of version 2 with values in place of keys, on Azure',
    input: `apiVersion: apps.wandb.com/v2
kind: WeightsAndBiases
metadata: {name: wandb}
spec:
  objectStore:
    default:
      externalObjectStore:
        provider: {value: azure}
        accessKey: {value: acmewandb}
        bucket: {value: wandb}
        secretKey: {valueFrom: {secretKeyRef: {name: os, key: k}}}
---
{apiVersion: v1, kind: Secret, metadata: {name: os}, stringData: {k: "${AZURE_KEY}"}}`,
    published: { instance: `az://:${encode(AZURE_KEY)}@acmewandb/wandb`, stores: [] },
  },
  {
    name: 'HelmRelease of Flux',
    input: `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: wandb}
spec: {values: {global: {bucket: {provider: gcs, name: acme-wandb, path: files}}}}`,
    published: { instance: 'gs://acme-wandb/files', stores: [] },
  },
  {
    name: 'Deployment of the instructions for bare metal, in a list',
    input: `apiVersion: v1
kind: List
items:
- apiVersion: apps/v1
  kind: Deployment
  metadata: {name: wandb}
  spec: {template: {spec: {containers: [{name: wandb, env: [{name: BUCKET, value: "${MINIO}"}, {name: BUCKET_QUEUE, value: internal://}, {name: AWS_REGION, value: us-east-1}]}]}}}`,
    published: { instance: MINIO, stores: [] },
  },
  {
    name: 'Compose file',
    input: `services:\n  wandb:\n    image: wandb/local\n    environment: ["BUCKET=${MINIO}", "AWS_REGION=us-east-1"]`,
    published: { instance: MINIO, stores: [] },
  },
  {
    name: "the operator's own output Secret",
    input: `apiVersion: v1\nkind: Secret\nmetadata: {name: wandb-storage}\nstringData: {BUCKET: "${MINIO}", GORILLA_SUPPORTED_FILE_STORES: "${S3}", SUPPORTED_FILE_STORES: "${S3}"}`,
    published: { instance: MINIO, stores: [S3] },
  },
];

function settingsOf({ input, as }: Pick<Shape, 'input' | 'as'>) {
  const form = as ?? formOf(input);
  if (form !== 'manifests') return readPlainText(input, form);
  const read = readManifests(parseAllDocuments(input).flatMap((one) => itemsOf(one.toJS() as JsonObject)));
  if (!read.ok) throw new Error(read.error);
  return read.value;
}

function itemsOf(document: JsonObject): readonly JsonObject[] {
  return document['kind'] === 'List' ? (document['items'] as readonly JsonObject[]) : [document];
}

const ALL = [...ENTRIES, ...ADDRESSES, ...CHARTS, ...RESOURCES];

describe('a shape from the real world', () => {
  it.each(ALL)('$name', (shape) => {
    const settings = settingsOf(shape);
    const manifests = toManifests(settings, { namespace: 'wandb', instanceName: 'wandb' });
    const found = [...settings.findings, ...refusalsOf(manifests)].map(({ code }) => code);
    expect([...new Set(found)]).toEqual(shape.findings ?? []);
    expect(publishedOf(manifests, shape.fill)).toEqual(shape.published);
    const blanks = blanksOf(manifests).map(({ at }) => at.split('.').at(-1) ?? '');
    const needed = blanks.filter((name) => !['team', 'type', 'cloud', 'url'].includes(name));
    expect(needed.sort()).toEqual(Object.keys(shape.fill ?? {}).sort());
  });

  it('shows no key, unless it is asked for', () => {
    const secrets = ['hush', 'hash', 'minio123', 'testpassword', 'ab/c+d', AZURE_KEY, PEM.split('\n')[1] ?? ''];
    for (const shape of ALL) {
      const settings = settingsOf(shape);
      const manifests = toManifests(settings, { namespace: 'wandb', instanceName: 'wandb' });
      const shown = `${writeManifests(manifests, { showSecrets: false })}${JSON.stringify([settings.findings, manifests])}`;
      for (const secret of secrets) {
        for (const trace of [secret, encode(secret), Buffer.from(secret).toString('base64')]) {
          expect([shape.name, shown.includes(trace)]).toEqual([shape.name, false]);
        }
      }
    }
  });

  it('stays what it was if it is imported again from what the operator publishes', () => {
    for (const { input, as, fill } of ALL) {
      const once = publishedOf(
        toManifests(settingsOf({ input, ...(as && { as }) }), { namespace: 'wandb', instanceName: 'wandb' }),
        fill,
      );
      if (once.stores.includes('cw://') || once.stores.length === 0) continue;
      const again = publishedOf(
        toManifests(settingsOf({ input: once.stores.join(',') }), { namespace: 'wandb', instanceName: 'wandb' }),
      );
      expect(again.stores).toEqual(once.stores);
    }
  });
});
