import { randomBytes } from 'node:crypto';
import type { Credential } from '../../../src/domain/credentials/credential-types.ts';
import type { BucketTarget } from '../../../src/domain/bucket/target.ts';
import { emptyLedger } from '../../../src/domain/publication/ledger.ts';
import { renderOutputs, type OutputData } from '../../../src/domain/publication/outputs.ts';

/** The variable that W&B documents, among those that a spec without other names writes. */
export const FILE_STORES = 'SUPPORTED_FILE_STORES';
const VARIABLES = ['GORILLA_SUPPORTED_FILE_STORES', FILE_STORES];

/** The data of the output Secret that the operator writes for a team with this bucket. */
export function emittedSecret({ storage, credential }: BucketTarget): OutputData {
  if (!isPublished(credential)) throw new Error('the Secret holds no credential for an identity');
  const row = { address: { ...storage, path: '' }, credential, digest: '', provenAt: '2026-01-01T00:00:00Z' };
  const ledger = emptyLedger(randomBytes(16).toString('hex'), { separator: ',', variables: VARIABLES });
  return renderOutputs({ ...ledger, rows: [row] }, 'wandb-storage').secret;
}

function isPublished(credential: BucketTarget['credential']): credential is Credential {
  return ['AccessKey', 'ServiceAccountKey', 'AccountKey'].includes(credential.kind);
}
