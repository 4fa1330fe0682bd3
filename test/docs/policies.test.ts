import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { isMistake, MEANINGS, type FindingCode } from '../../src/domain/import/finding.ts';
import { documentsOf } from '../../src/domain/policy/documents.ts';
import { azureCorsArguments } from '../../src/domain/policy/cors.ts';
import type { PolicyRequest } from '../../src/domain/policy/policy-request.ts';
import {
  AZURE_DATA_ROLE,
  AZURE_SIGNING_ROLE,
  GCS_BUCKET_ROLE,
  GCS_IMPERSONATION_ROLE,
  GCS_SIGNING_ROLE,
} from '../../src/domain/policy/roles.ts';
import { keyStatement, type PolicyDocument } from '../../src/domain/policy/s3-grant.ts';
import { parseBucket } from '../../src/domain/spec/parse-bucket.ts';
import { BLOCKS } from './pages.ts';

const ORIGIN = 'https://wandb.acme.example';

function documentOf(name: string, bucket: unknown, more: Partial<PolicyRequest> = {}): unknown {
  const parsed = parseBucket(bucket, 'bucket');
  if (!parsed.ok) throw new Error(parsed.error.message);
  const request = {
    storage: parsed.value,
    namespace: 'wandb',
    deployment: 'SelfManaged',
    origin: ORIGIN,
    ...more,
  } as const;
  const found = documentsOf(request).find((one) => one.name === name);
  if (found === undefined) throw new Error(`byob policy prints no ${name}`);
  return found.document;
}

/** JSON of a page: its blocks, and what commands of it have between quotes or in a document. */
function jsonOf(page: string): readonly unknown[] {
  const texts = BLOCKS.filter((block) => block.page === `docs/how-to/${page}.md`).flatMap(({ language, text }) =>
    language === 'json'
      ? [text]
      : [...text.matchAll(/<<EOF\n(.*?)\nEOF|'(\{.*?\})'/gs)].map(
          ([, document, argument]) => document ?? argument ?? '',
        ),
  );
  return texts.flatMap((text) => {
    try {
      return [JSON.parse(text) as unknown];
    } catch {
      return [];
    }
  });
}

const text = (page: string): string => readFileSync(`docs/how-to/${page}.md`, 'utf8');

const AWS = { provider: 'S3', name: 'acme-wandb', s3: { region: 'eu-central-1' } };
const ROLE = 'arn:aws:iam::123456789012:role/wandb';

describe('what the pages print is what byob policy prints', () => {
  it('aws.md: policy, CORS, key and trust', () => {
    const identity = { webIdentity: { serviceAccountRef: { name: 'wandb-app' }, roleArn: ROLE } };
    const trust = documentOf(
      'TrustPolicy',
      { ...AWS, s3: { ...AWS.s3, credentials: identity } },
      { issuer: 'https://ISSUER-WITHOUT-HTTPS' },
    );
    const { CORSRules } = documentOf('Cors', AWS) as { readonly CORSRules: unknown };
    expect(jsonOf('aws')).toEqual([
      documentOf('IamPolicy', AWS),
      CORSRules,
      keyStatement('arn:aws:kms:eu-central-1:123456789012:key/...'),
      trust,
    ]);
  });

  it('minio.md: policy', () => {
    const s3Compatible = { endpoint: 'https://minio.acme.example:9000', region: 'us-east-1' };
    const bucket = { provider: 'S3Compatible', name: 'omega-data', s3Compatible };
    // The order of actions on the page follows the text.
    const sorted = ({ Statement }: PolicyDocument) =>
      Statement.map((one) => ({ ...one, Action: [one.Action].flat().toSorted() }));
    const [printed] = jsonOf('minio');
    expect(sorted(printed as PolicyDocument)).toEqual(sorted(documentOf('Policy', bucket) as PolicyDocument));
  });

  it('coreweave.md: CORS', () => {
    expect(jsonOf('coreweave')).toEqual([documentOf('Cors', { provider: 'CoreWeave', name: 'acme-omega' })]);
  });

  it('gcp.md: CORS and roles', () => {
    expect(jsonOf('gcp')).toEqual([documentOf('Cors', { provider: 'GCS', name: 'acme-omega' })]);
    const roles = [...new Set(text('gcp').match(/roles\/[\w.]+/g))];
    expect(roles.sort()).toEqual([GCS_BUCKET_ROLE, GCS_IMPERSONATION_ROLE, GCS_SIGNING_ROLE].sort());
  });

  it('azure.md: CORS and roles', () => {
    const commands = text('azure').replace(/\\\n\s*/g, '');
    expect(commands).toContain(`az storage cors add --account-name acmewandb ${azureCorsArguments(ORIGIN)}`);
    expect(commands).toContain(`for role in "${AZURE_DATA_ROLE}" "${AZURE_SIGNING_ROLE}"; do`);
  });
});

it('import-existing-settings.md lists everything that byob import reports', () => {
  const rows = [...text('import-existing-settings').matchAll(/^\| `(\w+)` +\| (mistake|note) +\| (.*?) +\|$/gm)];
  const listed = rows.map(([, code, severity, meaning]) => [code, { severity, meaning }]);
  expect(listed).toEqual(
    Object.entries(MEANINGS).map(([code, meaning]) => [
      code,
      { severity: isMistake({ code: code as FindingCode }) ? 'mistake' : 'note', meaning },
    ]),
  );
});
