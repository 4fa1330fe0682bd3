import { displayBucket } from '../bucket/bucket-id.ts';
import { physicalBucket } from '../bucket/physical-bucket.ts';
import type { Problem } from '../conditions/problem.ts';
import { bareAddress } from '../publication/file-store-address.ts';
import type { ClaimRecord } from '../publication/ledger.ts';
import type { BucketStorage } from '../bucket/storage.ts';

/**
 * Refuses a claim that names another bucket or instance than the one that it is bound to. This also holds for an object
 * that was created again under the same name: W&B chose the team's bucket when the team was created.
 */
export function bucketChangeForbidden(
  bound: { readonly record: ClaimRecord; readonly instance: string },
  wanted: { readonly instance: string; readonly storage: BucketStorage | undefined },
): Problem {
  const { record } = bound;
  const from = `${displayBucket(record.address)} (${bareAddress(record.address)}, InstanceStorage ${bound.instance})`;
  const to =
    wanted.storage === undefined
      ? 'no bucket of its own'
      : `${displayBucket(wanted.storage)} (${bareAddress(wanted.storage)}, InstanceStorage ${wanted.instance})`;
  const isSame = wanted.storage !== undefined && physicalBucket(wanted.storage) === physicalBucket(record.address);
  const note = isSame ? ' Both addresses lead to the same bucket.' : '';
  return {
    reason: 'BucketChangeForbidden',
    message: `${record.kind} ${record.name} is bound to ${from} since ${record.boundAt} and now names ${to}.${note}`,
    remedy: isSame
      ? 'Name the bound address again, or set spec.bucketChangePolicy to Allow: what is published stays until the new address has been proven.'
      : 'Name the bound bucket again. If it is the same bucket under another address, or if the bucket is to change, which needs W&B for a team that exists there, set spec.bucketChangePolicy to Allow: what is published stays until the new bucket has been proven.',
    failureClass: 'spec',
  };
}
