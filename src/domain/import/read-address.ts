import { isRsaKey } from '../../base/rsa-key.ts';
import { Secret } from '../../base/secret.ts';
import { defined } from '../../base/defined.ts';
import { COREWEAVE_HOST } from '../bucket/storage.ts';
import { splitAddress, type AddressParts } from './address-text.ts';
import { accessKeyOf, checkQuery, placeIn, type AddressContext, type Read, type Report } from './address-context.ts';
import type { Finding } from './finding.ts';
import type { FoundBucket, FoundCredential } from './found-bucket.ts';
import { readS3Address } from './s3-address.ts';

/** Reads the address of a bucket in every form that W&B takes, and in the usual wrong ones. */
export function readAddress(text: string, context: AddressContext): Read<FoundBucket | undefined> {
  const findings: Finding[] = [];
  const report: Report = (code, detail) => findings.push(defined({ code, at: context.at, detail }));
  const parts = splitAddress(text, report);
  const value = parts === undefined ? undefined : bucketOf(parts, context, report);
  return { value, findings: uniqueFindings(findings) };
}

function uniqueFindings(findings: readonly Finding[]): readonly Finding[] {
  return [...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()];
}

/** Spellings of other tools. */
const MISSPELLED: Readonly<Record<string, string>> = {
  gcs: 'gs',
  azure: 'az',
  azblob: 'az',
  abfs: 'az',
  abfss: 'az',
  wasbs: 'az',
  s3a: 's3',
  minio: 's3',
  coreweave: 'cw',
};

function bucketOf(parts: AddressParts, context: AddressContext, report: Report): FoundBucket | undefined {
  const scheme = MISSPELLED[parts.scheme] ?? parts.scheme;
  if (scheme !== parts.scheme) report('SchemeMisspelled', `${parts.scheme}://`);
  switch (scheme) {
    case 's3':
      return readS3Address(parts, context, report);
    case 'http':
    case 'https': {
      report('HttpAddress');
      const query = new Map([['tls', String(scheme === 'https')], ...parts.query]);
      return readS3Address({ ...parts, query }, context, report);
    }
    case 'cw':
      return readCoreWeave(parts, context, report);
    case 'gs':
      return readGcs(parts, context, report);
    case 'az':
      return readAzure(parts, context, report);
    default:
      report('SchemeUnknown', `${scheme}://`);
      return undefined;
  }
}

function readCoreWeave(parts: AddressParts, context: AddressContext, report: Report): FoundBucket {
  const { host, segments, query } = parts;
  const region = query.get('region');
  checkQuery(query, report);
  if (host === '' && segments.length === 0) return { provider: 'CoreWeave', path: '' };
  // The chart puts the bucket in place of the host.
  const isBucket = !/[.:]/.test(host);
  const [, bucketInHost] = /^(.+)\.(?:cwobject|cwlota)\.com$/.exec(host) ?? [];
  if (bucketInHost !== undefined) report('BucketInHost');
  else if (!isBucket && host !== COREWEAVE_HOST) report('CoreWeaveHost', host);
  const first = isBucket ? [host] : bucketInHost === undefined ? [] : [bucketInHost];
  return {
    provider: 'CoreWeave',
    ...placeIn([...first, ...segments], parts, report),
    ...defined({ region, credential: accessKeyOf(parts, context, report) }),
  };
}

function readGcs(parts: AddressParts, context: AddressContext, report: Report): FoundBucket {
  const { host, segments, query } = parts;
  for (const name of query.keys()) report('ParameterUnknown', name);
  return {
    provider: 'GCS',
    ...placeIn([host, ...segments], parts, report),
    ...defined({ credential: parts.hasCredentials ? serviceAccountKey(parts, report) : context.credential }),
  };
}

function serviceAccountKey({ user, password, hasPlaceholder }: AddressParts, report: Report): FoundCredential {
  // In JSON the line breaks of the key are escaped.
  const key = password?.reveal().replaceAll('\\n', '\n');
  const isIncomplete = user === undefined || key === undefined;
  if (isIncomplete && !hasPlaceholder) report('KeyIncomplete');
  else if (key !== undefined && !isRsaKey(key)) report('KeyMalformed');
  return defined({
    kind: 'ServiceAccountKey' as const,
    user,
    secret: key === undefined ? undefined : new Secret(key),
  });
}

function readAzure(parts: AddressParts, context: AddressContext, report: Report): FoundBucket {
  const { host, segments, query, password } = parts;
  for (const name of query.keys()) report('ParameterUnknown', name);
  const [storageAccount = ''] = host.split('.');
  if (storageAccount !== host) report('AzureHost', host);
  const given = parts.hasCredentials ? defined({ kind: 'AccountKey' as const, secret: password }) : context.credential;
  if (parts.hasCredentials && password === undefined && !parts.hasPlaceholder) report('KeyIncomplete');
  return {
    provider: 'AzureBlob',
    ...placeIn(segments, parts, report),
    ...(storageAccount !== '' && { storageAccount }),
    ...defined({ credential: given }),
  };
}
