import type { ManagedFieldsEntry } from '../../../src/api/managed-fields.ts';
import { fromFieldsV1, toFieldsV1 } from './field-set.ts';
import type { Owner } from './ownership.ts';

/** An entry as the server writes it. */
interface Entry extends ManagedFieldsEntry {
  readonly time?: string;
  readonly fieldsType?: string;
}

export function readOwners(entries: readonly Entry[]): readonly Owner[] {
  return entries.map((entry) => ({
    manager: entry.manager ?? 'unknown',
    operation: entry.operation === 'Apply' ? 'Apply' : 'Update',
    subresource: entry.subresource ?? '',
    apiVersion: entry.apiVersion ?? '',
    time: entry.time ?? '',
    fields: fromFieldsV1(entry.fieldsV1),
  }));
}

/** Appliers first, then by time and name, as the server sorts them. */
export function writeOwners(owners: readonly Owner[]): readonly Entry[] {
  return [...owners]
    .sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1))
    .map(({ manager, operation, apiVersion, time, subresource, fields }) => ({
      manager,
      operation,
      apiVersion,
      ...(time !== '' && { time }),
      fieldsType: 'FieldsV1',
      fieldsV1: toFieldsV1(fields),
      ...(subresource !== '' && { subresource }),
    }));
}

function sortKey({ operation, time, manager, apiVersion, subresource }: Owner): string {
  return [operation, time, manager, apiVersion, subresource].join(' ');
}
