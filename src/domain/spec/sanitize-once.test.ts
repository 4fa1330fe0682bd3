import { expect, it } from '@jest/globals';
import type { TeamStorage } from '../../api/resources.ts';
import { sanitizeOnce } from './sanitize-once.ts';
import { sanitizeTeam } from './sanitize-spec.ts';

function version(generation: number | undefined, changes: { readonly uid?: string; readonly spec?: unknown } = {}) {
  const { uid = 'u', spec = { team: 'omega' } } = changes;
  const metadata = { namespace: 'ns', name: 'a', uid, ...(generation !== undefined && { generation }) };
  return { apiVersion: 'v1', kind: 'TeamStorage', metadata, spec } as TeamStorage;
}

function counted() {
  let times = 0;
  const once = sanitizeOnce<TeamStorage>((object) => {
    times += 1;
    return sanitizeTeam(object);
  });
  return { once, times: () => times };
}

it('keeps the spec of the former version, and what was wrong with it, while the generation is the same', () => {
  const { once, times } = counted();
  const first = once(version(1, { spec: { team: 'omega', suspend: 'maybe' } }), undefined);
  const second = once(version(1, { spec: { team: 'omega', suspend: 'maybe' } }), first);
  expect(second.spec).toBe(first.spec);
  expect(second.violations?.fields).toEqual(['suspend']);
  expect(times()).toBe(1);
});

it.each([
  ['another generation', version(2)],
  ['another object of the name', version(1, { uid: 'other' })],
  ['an object without a generation', version(undefined)],
])('looks at the spec of %s', (_what, next) => {
  const { once, times } = counted();
  const first = once(version(1), undefined);
  expect(once(next, first).spec).toBe(next.spec);
  expect(times()).toBe(2);
});
