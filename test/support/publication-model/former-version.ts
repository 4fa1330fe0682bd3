import { gzipSync } from 'node:zlib';
import { credentialDigest, revealCredential } from '../../../src/domain/credentials/credential.ts';
import type { AccessKeyCredential, Credential } from '../../../src/domain/credentials/credential-types.ts';
import { Secret } from '../../../src/base/secret.ts';
import { bucketId } from '../../../src/domain/bucket/bucket-id.ts';
import { rowOf, type ClaimRecord, type Ledger, type Row } from '../../../src/domain/publication/ledger.ts';
import { credentialText, KEYS } from './universe.ts';

/** Formats of ledgers before the present one; the first was kept as plain text. */
export const FORMER_FORMATS = [1, 2] as const;
export type FormerFormat = (typeof FORMER_FORMATS)[number];

/**
 * Data of the ledger's Secret as a version of the operator wrote it that knew one of the former formats, had it
 * published the same. `isDisputed`: where claims share a bucket, the last was proven with another key than the one that
 * stands. `undefined`: no such version could have published this.
 */
export function formerLedgerData(
  ledger: Ledger,
  format: FormerFormat,
  { isLive, isDisputed }: { readonly isLive: (record: ClaimRecord) => boolean; readonly isDisputed: boolean },
): Readonly<Record<string, string>> | undefined {
  if (ledger.awaitsProof === true || ledger.knownHash !== undefined) return undefined;
  const stores = ledger.claims.map((record, index) => {
    const isLast = !ledger.claims.slice(index + 1).some((other) => isTogether(other, record));
    const isShared = ledger.claims.slice(0, index).some((other) => isTogether(other, record));
    return storeOf(ledger, record, { isLive: isLive(record), isDisputed: isDisputed && isShared && isLast });
  });
  if (!stores.every((store) => store !== undefined)) return undefined;
  const text = JSON.stringify({ format, salt: ledger.salt.reveal(), stores });
  return format === 1
    ? { 'ledger.json': Buffer.from(text).toString('base64') }
    : { 'ledger.json.gz': gzipSync(text, { level: 1 }).toString('base64') };
}

function isTogether(left: ClaimRecord, right: ClaimRecord): boolean {
  return left.hasRow && right.hasRow && bucketId(left.address) === bucketId(right.address);
}

function storeOf(ledger: Ledger, record: ClaimRecord, at: { readonly isLive: boolean; readonly isDisputed: boolean }) {
  const { kind, name, uid, team, address, mode, provenAt, policy } = record;
  const row = rowOf(ledger, record);
  const needsRow = record.hasRow || kind === 'InstanceStorage';
  if (uid === undefined || name === '' || (needsRow && row?.source === undefined)) return undefined;
  const isByKey = mode === 'AccessKey';
  if (isByKey !== (row?.credential !== undefined)) return undefined;
  if (row !== undefined && record.digest !== row.digest) return undefined;
  const credential = at.isDisputed ? anotherKey(row) : row?.credential;
  return {
    claim: { kind, name, uid, ...(team !== undefined && { team }) },
    storage: { ...address, credentials: row?.source ?? { kind: mode } },
    ...(credential !== undefined && { credential: revealCredential(credential) }),
    credentialDigest: credential === undefined ? 'identity' : credentialDigest(ledger.salt, credential),
    provenAt,
    deletionPolicy: policy ?? 'Retain',
    retained: !at.isLive,
  };
}

function anotherKey(row: Row | undefined): Credential | undefined {
  const { credential } = row ?? {};
  if (credential?.kind !== 'AccessKey') return credential;
  const [accessKeyId = '', secret = ''] =
    KEYS.map((key) => credentialText(key).split(':')).find(([id]) => id !== credential.accessKeyId) ?? [];
  const other: AccessKeyCredential = { ...credential, accessKeyId, secretAccessKey: new Secret(secret) };
  return other;
}
