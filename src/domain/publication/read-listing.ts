import { parse } from 'yaml';
import type { CredentialsRef } from '../credentials/refs.ts';
import type { BucketAddress } from '../bucket/storage.ts';
import { asJsonObject, own, text } from '../spec/json.ts';
import type { ClaimKind } from './ledger.ts';
import { parseFileStore } from './parse-file-store.ts';

/** A line of the listing in the ConfigMap, read back. */
export interface ListedClaim {
  readonly kind: ClaimKind;
  readonly name: string;
  readonly team?: string;
  readonly address: BucketAddress;
  readonly mode: CredentialsRef['kind'];
  readonly entry: boolean;
  readonly provenAt: string;
  readonly retained: boolean;
}

/** The lines that this operator wrote; any other text is left out. */
export function readListing(listing: string | undefined): readonly ListedClaim[] {
  const lines = parsed(listing ?? '');
  return Array.isArray(lines) ? lines.map(lineOf).filter((line) => line !== undefined) : [];
}

function parsed(listing: string): unknown {
  try {
    // Without warnings: the library would print lines of the text beside the log.
    return parse(listing, { logLevel: 'error' });
  } catch {
    return undefined;
  }
}

function lineOf(value: unknown): ListedClaim | undefined {
  const line = asJsonObject(value);
  const [, kind, name = ''] = /^(InstanceStorage|TeamStorage)\/([a-z0-9.-]*)$/.exec(text(line, 'claim') ?? '') ?? [];
  const found = parseFileStore(text(line, 'address') ?? '');
  const provenAt = text(line, 'provenAt');
  if (kind === undefined || found === undefined || provenAt === undefined) return undefined;
  const team = text(line, 'team');
  return {
    kind: kind as ClaimKind,
    name,
    ...(team !== undefined && { team }),
    address: found.address,
    mode: found.isRedacted ? MODES[found.address.provider] : 'Ambient',
    entry: own(line, 'entry') === true,
    provenAt,
    retained: own(line, 'retained') === true,
  };
}

/** The sign-in that `***` stands for. */
const MODES: Readonly<Record<BucketAddress['provider'], CredentialsRef['kind']>> = {
  S3: 'AccessKey',
  S3Compatible: 'AccessKey',
  CoreWeave: 'AccessKey',
  GCS: 'ServiceAccountKey',
  AzureBlob: 'AccountKey',
};
