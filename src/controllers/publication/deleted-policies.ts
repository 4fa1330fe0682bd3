import type { InstanceStorage, TeamStorage } from '../../api/resources.ts';
import { claimId, type ClaimKind, type DeletionPolicy } from '../../domain/publication/ledger.ts';
import type { LastPolicies } from '../../domain/publication/update-ledger.ts';

/** Limit for a namespace; the oldest are dropped first. */
const MOST_DELETIONS = 10_000;

/**
 * The `deletionPolicy` of deleted storages, as the watches showed it last. An
 * object may be edited and deleted before its ledger records the edit.
 */
export interface DeletedPolicies {
  /**
   * To be called with each deleted storage. Where this is not its last version, it may have been retained since: what its
   * ledger holds counts.
   */
  deleted(object: InstanceStorage | TeamStorage, isLastVersion: boolean): void;
  /** Its kind is no longer served, so it was not deleted by anyone: it stays for good, whatever its policy was. */
  keep(namespace: string, claim: { readonly kind: ClaimKind; readonly name: string }): void;
  /** Policies that the ledger of an instance (its key) may not hold yet; call `recorded` once it holds them. */
  unrecorded(instance: string, namespace: string): { readonly policies: LastPolicies; readonly recorded: () => void };
  /** The ledger of an instance is another one than was written last, so it may hold none of them. */
  replaced(instance: string): void;
}

export function createDeletedPolicies(): DeletedPolicies {
  const byNamespace = new Map<string, Map<string, { readonly policy: DeletionPolicy; readonly at: number }>>();
  /** By instance: the last deletion that its ledger has recorded. */
  const recordedUntil = new Map<string, number>();
  let count = 0;

  function note(namespace: string, id: string, policy: DeletionPolicy): void {
    const deletions = byNamespace.get(namespace) ?? new Map<string, { policy: DeletionPolicy; at: number }>();
    byNamespace.set(namespace, deletions);
    deletions.delete(id);
    deletions.set(id, { policy, at: (count += 1) });
    const [oldest] = deletions.keys();
    if (deletions.size > MOST_DELETIONS && oldest !== undefined) deletions.delete(oldest);
  }

  return {
    deleted({ kind, metadata: { namespace = '', name }, spec: { deletionPolicy = 'Retain' } }, isLastVersion) {
      const id = claimId({ kind, name });
      if (isLastVersion || deletionPolicy === 'Retain') note(namespace, id, deletionPolicy);
      else byNamespace.get(namespace)?.delete(id);
    },
    keep(namespace, claim) {
      note(namespace, claimId(claim), 'Retain');
    },
    unrecorded(instance, namespace) {
      const until = count;
      const since = recordedUntil.get(instance) ?? 0;
      const fresh = [...(byNamespace.get(namespace) ?? [])].filter(([, { at }]) => at > since);
      return {
        policies: new Map(fresh.map(([id, { policy }]) => [id, policy])),
        recorded: () => void recordedUntil.set(instance, until),
      };
    },
    replaced(instance) {
      recordedUntil.delete(instance);
    },
  };
}
