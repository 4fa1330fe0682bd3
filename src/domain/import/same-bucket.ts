import type { Finding } from './finding.ts';
import type { FoundBucket, FoundCredential } from './found-bucket.ts';

interface Placed {
  readonly at: string;
  readonly bucket: FoundBucket;
}

/** Leaves out what stands there twice, and reports buckets with two keys. */
export function compareCredentials(found: readonly Placed[]): {
  readonly kept: readonly FoundBucket[];
  readonly findings: readonly Finding[];
} {
  const findings: Finding[] = [];
  const kept: FoundBucket[] = [];
  for (const { at, bucket } of found) {
    const same = kept.find((one) => bucketOf(one) === bucketOf(bucket) && bucket.name !== undefined);
    if (same !== undefined && keyOf(same.credential) !== keyOf(bucket.credential)) {
      findings.push({ code: 'CredentialConflict', at });
    }
    if (same !== undefined && same.path === bucket.path) {
      if (keyOf(same.credential) === keyOf(bucket.credential)) findings.push({ code: 'EntryRepeated', at });
      continue;
    }
    kept.push(same === undefined ? bucket : { ...bucket, ...(same.credential && { credential: same.credential }) });
  }
  return { kept, findings };
}

function bucketOf({ provider, name, endpoint, storageAccount }: FoundBucket): string {
  return JSON.stringify([provider, name, endpoint, storageAccount]);
}

/** Stays in memory: it is compared, and never shown. */
function keyOf(credential: FoundCredential | undefined): string {
  return JSON.stringify([credential?.kind, credential?.user, credential?.secret?.reveal(), credential?.existing]);
}
