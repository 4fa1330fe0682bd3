import { keyText } from '../../api/object-key.ts';
import { INSTANCE_STORAGES, TEAM_STORAGES } from '../../api/resources.ts';
import type { KubeObject } from '../../api/object.ts';
import { defined } from '../../base/defined.ts';
import { displayBucket } from '../../domain/bucket/bucket-id.ts';
import { ledgerChanges, retainedRecords, type LedgerChange } from '../../domain/publication/ledger-changes.ts';
import { recordId, type ClaimRecord, type Ledger } from '../../domain/publication/ledger.ts';
import type { UpdatedLedger } from '../../domain/publication/update-ledger.ts';
import type { EventRecorder } from '../../ports/kube.ts';
import type { Log } from '../../ports/log.ts';
import { outputName, type InstanceIdentity } from './output-names.ts';

/** The log line of each kind of change; the kind is also the reason of the event. */
const LINES = {
  Published: 'bucket published',
  Rotated: 'published credential rotated',
  Retained: 'published bucket retained',
  Removed: 'published bucket removed',
} as const;

/**
 * Reports changes of a claim's published bucket in the log and in an event on the claim, after the outputs are written.
 */
export function createPublicationTrail(deps: { readonly events: EventRecorder; readonly log: Log }) {
  /** By instance: the ledger of the outputs that were written last, while newer ones are pending. */
  const reported = new Map<string, Ledger>();
  /** By instance: the records that are known to be retained. */
  const retained = new Map<string, ReadonlySet<string>>();

  function say(
    identity: InstanceIdentity,
    change: { readonly kind: keyof typeof LINES; readonly record: ClaimRecord; readonly note: string },
    hasEvent = true,
  ): void {
    const { kind, record, note } = change;
    const { namespace } = identity;
    const bucket = displayBucket(record.address);
    deps.log.info(
      { namespace, instance: identity.name, kind: record.kind, name: record.name, ...teamOf(record), bucket },
      LINES[kind],
    );
    if (!hasEvent || record.name === '') return;
    deps.events.record({
      regarding: claimOf(namespace, record),
      type: 'Normal',
      reason: kind,
      action: 'Publish',
      note,
    });
  }

  return {
    /** The ledger was written; the outputs are still pending. */
    planned(identity: InstanceIdentity, before: Ledger): void {
      const key = keyText(identity);
      if (!reported.has(key)) reported.set(key, before);
    },
    /** The outputs were rendered from the ledger and written. */
    written(identity: InstanceIdentity, { ledger, states }: Pick<UpdatedLedger, 'ledger' | 'states'>): void {
      const key = keyText(identity);
      const before = reported.get(key);
      reported.delete(key);
      const secret = outputName(identity.name);
      for (const change of before === undefined ? [] : ledgerChanges(before, ledger)) {
        say(identity, { kind: change.kind, record: change.record, note: noteOf(change, secret) });
      }
      const known = retained.get(key);
      const records = retainedRecords(ledger, states);
      retained.set(key, new Set(records.map(recordId)));
      for (const record of records.filter((one) => known?.has(recordId(one)) !== true)) {
        const bucket = displayBucket(record.address);
        const note = `Secret ${secret} keeps bucket ${bucket}, because deletionPolicy is Retain. Its object was deleted or replaced.`;
        // After a start the record may be known from before: it is logged, without a second event.
        say(identity, { kind: 'Retained', record, note }, known !== undefined);
      }
    },
    /** The instance is gone, and left nothing. */
    forget(identity: InstanceIdentity): void {
      reported.delete(keyText(identity));
      retained.delete(keyText(identity));
    },
  };
}

function noteOf({ kind, record, isShared = false }: LedgerChange, secret: string): string {
  const bucket = `bucket ${displayBucket(record.address)}`;
  switch (kind) {
    case 'Published':
      return record.hasRow || record.kind === 'InstanceStorage'
        ? `Secret ${secret} holds ${bucket} now.`
        : `W&B reaches ${bucket} by its own identity; it needs no entry in Secret ${secret}.`;
    case 'Rotated':
      return `Secret ${secret} holds the new credential of ${bucket}.`;
    case 'Removed':
      return isShared
        ? `Nothing is published for this storage on ${bucket} any more. Secret ${secret} keeps the bucket, because other storages use it.`
        : `Secret ${secret} does not hold ${bucket} any more.`;
  }
}

function teamOf({ team }: ClaimRecord): { readonly team?: string } {
  return defined({ team });
}

/** The object of a record, which may be deleted: events refer to kind, name and UID. */
function claimOf(namespace: string, { kind, name, uid }: ClaimRecord): KubeObject {
  const { group, version } = kind === 'InstanceStorage' ? INSTANCE_STORAGES : TEAM_STORAGES;
  return { apiVersion: `${group}/${version}`, kind, metadata: { namespace, name, ...defined({ uid }) } };
}
