import { bucketId } from '../../../src/domain/bucket/bucket-id.ts';
import { entryOf } from '../../../src/domain/publication/file-stores.ts';
import {
  claimId,
  emptyLedger,
  recordsOf,
  type ClaimRecord,
  type FileStoresFormat,
  type Ledger,
} from '../../../src/domain/publication/ledger.ts';
import type { Proof } from '../../../src/domain/publication/proof.ts';
import type { LiveClaim } from '../../../src/domain/publication/live-claim.ts';
import { NO_EVIDENCE } from '../../../src/domain/publication/removal-evidence.ts';
import { updateLedger, type LedgerUpdate, type UpdatedLedger } from '../../../src/domain/publication/update-ledger.ts';
import { Secret } from '../../../src/base/secret.ts';
import type { BucketStorage, S3CompatibleStorage } from '../../../src/domain/bucket/storage.ts';
import { omit } from './omit.ts';

/** Builders for tests of what is published: claims and proofs on one MinIO, for the instance `ns/wandb`. */
export const SALT_TEXT = '00112233445566778899aabbccddeeff';
export const COMMA: FileStoresFormat = { separator: ',', variables: ['STORES'] };
export const EMPTY: Ledger = emptyLedger(SALT_TEXT, COMMA);

export function bucket(name: string, path = '', secretName = `secret-${name}`): S3CompatibleStorage {
  return {
    provider: 'S3Compatible',
    name,
    path,
    endpoint: { scheme: 'https', host: 'minio.example', port: 443 },
    region: 'us-east-1',
    addressing: 'Path',
    credentials: { kind: 'AccessKey', secretName, accessKeyIdKey: 'a', secretAccessKeyKey: 'b' },
  };
}

/** `key`: names the credential. */
export function proofOf(storage: BucketStorage, key: string, provenAt = '2026-01-01T00:00:00Z'): Proof {
  const isAmbient = storage.credentials.kind === 'Ambient';
  return {
    uid: '',
    instance: 'ns/wandb',
    storage,
    ...(!isAmbient && {
      credential: { kind: 'AccessKey', accessKeyId: `id-${key}`, secretAccessKey: new Secret(`hidden-${key}`) },
    }),
    digest: isAmbient ? '' : key,
    inputs: `inputs-${key}`,
    provenAt,
  };
}

export function team(name: string, storage: BucketStorage, changes: Partial<LiveClaim> = {}): LiveClaim {
  return {
    kind: 'TeamStorage',
    name,
    uid: `uid-${name}`,
    team: name,
    resolves: { instance: 'wandb', storage },
    bucketChangePolicy: 'Forbid',
    deletionPolicy: 'Retain',
    suspended: false,
    wasBound: false,
    usesInstanceBucket: false,
    ...changes,
  };
}

/** A team of the bucket "b", at a path of its own. */
export function inPath(name: string, secretName = 'shared', changes: Partial<LiveClaim> = {}): LiveClaim {
  return team(name, bucket('b', `teams/${name}`, secretName), changes);
}

export function instanceClaim(storage: BucketStorage, changes: Partial<LiveClaim> = {}): LiveClaim {
  return { ...omit(team('wandb', storage), 'team'), kind: 'InstanceStorage', ...changes };
}

/** The same claim with a proof of where it resolves. */
export function proven(claim: LiveClaim, key: string, provenAt?: string): LiveClaim {
  if (typeof claim.resolves === 'string') throw new Error('it resolves to no bucket');
  return { ...claim, proof: { ...proofOf(claim.resolves.storage, key, provenAt), uid: claim.uid } };
}

export function without(claim: LiveClaim): LiveClaim {
  return omit(claim, 'proof');
}

/** One run over a live instance on premises that admits everybody; `changes` say otherwise. */
export function update(
  ledger: Ledger,
  live: readonly LiveClaim[],
  changes: Partial<Omit<LedgerUpdate, 'instance'>> & { readonly instance?: Partial<LedgerUpdate['instance']> } = {},
): UpdatedLedger {
  const { instance, ...rest } = changes;
  return updateLedger({
    ledger,
    live,
    admit: () => true,
    admitted: () => undefined,
    isPublishedElsewhere: () => false,
    evidence: NO_EVIDENCE,
    now: '2026-05-01T00:00:00Z',
    ...rest,
    instance: { name: 'wandb', state: 'Live', cloud: 'OnPremises', format: ledger.written, ...instance },
  });
}

/** Evidence that the API server gave. */
export const evidence = {
  gone: (...claims: readonly LiveClaim[]) => ({ ...NO_EVIDENCE, gone: new Set(claims.map(claimId)) }),
  confirmed: (...claims: readonly LiveClaim[]) => ({ ...NO_EVIDENCE, confirmed: new Set(claims.map(claimId)) }),
};

export function entriesOf({ rows }: Ledger): readonly string[] {
  return rows.map(entryOf).sort();
}

/** The key that stands for a bucket. */
export function keyIn({ rows }: Ledger, storage: BucketStorage): string | undefined {
  return rows.find(({ address }) => bucketId(address) === bucketId(storage))?.digest;
}

export function namesIn({ claims }: Ledger): readonly string[] {
  return claims.map(({ name }) => name).sort();
}

export function onlyRecord(ledger: Ledger, claim: Pick<ClaimRecord, 'kind' | 'name'>): ClaimRecord {
  const [record, ...more] = recordsOf(ledger, claim);
  if (record === undefined || more.length > 0) throw new Error(`${String(more.length + 1)} records`);
  return record;
}

export function reasonOf({ placements }: UpdatedLedger, claim: LiveClaim): string | undefined {
  return placements.get(claimId(claim))?.refusal?.reason;
}
