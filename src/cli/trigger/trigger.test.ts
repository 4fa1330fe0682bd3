import { describe, expect, it } from '@jest/globals';
import type { TeamStorage } from '../../api/resources.ts';
import { isAnswered } from './is-answered.ts';
import { parseWanted } from './wanted-storage.ts';

describe('byob trigger', () => {
  it.each([
    ['omega', { name: 'omega' }],
    ['TeamStorage/omega', { kind: 'TeamStorage', name: 'omega' }],
    ['wbts/omega', { kind: 'TeamStorage', name: 'omega' }],
    ['InstanceStorages/wandb', { kind: 'InstanceStorage', name: 'wandb' }],
    ['pod/omega', undefined],
    ['constructor/omega', undefined],
    ['wbts/', undefined],
    ['a/b/c', undefined],
    ['', undefined],
  ])('%j names %j', (text, wanted) => {
    expect(parseWanted(text)).toEqual(wanted);
  });

  it.each([
    [undefined, false],
    ['2026-05-04T11:59:59.000Z', false],
    ['2026-05-04T12:00:00.000Z', true],
    ['2026-05-04T12:00:01Z', true],
    ['a token of another tool', false],
  ])('a status that handled %s answers the request: %s', (lastHandledReconcileAt, answered) => {
    const status = lastHandledReconcileAt === undefined ? {} : { lastHandledReconcileAt };
    const storage = {
      kind: 'TeamStorage',
      metadata: { name: 'omega' },
      spec: { team: 'omega' },
      status,
    } as TeamStorage;
    expect(isAnswered(storage, '2026-05-04T12:00:00.000Z')).toBe(answered);
  });
});
