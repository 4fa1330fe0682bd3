import { describe, expect, it } from '@jest/globals';
import { withoutManagedFields } from './without-managed-fields.ts';

const ENTRY = {
  manager: 'a "quoted" ] \\',
  operation: 'Apply',
  fieldsType: 'FieldsV1',
  fieldsV1: { 'f:status': { 'f:checks': { 'k:{"name":"Can]List"}': { '.': {}, 'v:["a"]': {} } } } },
};

/** The text as parsed objects, and whether the name of the field is left in it. */
function cut(value: unknown): { readonly value: unknown; readonly isLeft: boolean } {
  const text = withoutManagedFields(JSON.stringify(value));
  return { value: JSON.parse(text) as unknown, isLeft: text.includes('"managedFields":') };
}

describe('JSON without managedFields', () => {
  it.each([
    ['in the middle', { uid: '1', managedFields: [ENTRY, ENTRY], name: 'a' }, { uid: '1', name: 'a' }],
    ['at the beginning', { managedFields: [ENTRY], name: 'a' }, { name: 'a' }],
    ['at the end', { name: 'a', managedFields: [ENTRY] }, { name: 'a' }],
    ['empty', { name: 'a', managedFields: [] }, { name: 'a' }],
    ['absent', { name: 'a' }, { name: 'a' }],
  ])('%s', (_, metadata, expected) => {
    const list = (one: unknown) => ({ metadata: { resourceVersion: '7' }, items: [one, one] });
    expect(cut(list({ metadata, spec: { team: 'a' } }))).toEqual({
      value: list({ metadata: expected, spec: { team: 'a' } }),
      isLeft: false,
    });
  });

  it.each([
    ['a text that holds the same characters', { annotations: { copy: ',"managedFields":[{"a":1}],' } }],
    ['a name that ends with it', { 'x"managedFields': [1], name: 'a' }],
    ['text at the end of an escape', { note: '\\', name: '"managedFields":[' }],
  ])('leaves %s alone', (_, metadata) => {
    expect(cut({ metadata }).value).toEqual({ metadata });
  });

  it('takes an object as large as the API server stores', () => {
    const entry = { ...ENTRY, manager: 'x'.repeat(1_500_000) };
    expect(cut({ metadata: { managedFields: [entry], name: 'a' } }).value).toEqual({ metadata: { name: 'a' } });
  });
});
