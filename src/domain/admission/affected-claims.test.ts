import { expect, it } from '@jest/globals';
import { changeTenants } from './affected-claims.ts';
import { CoTenants, type Tenant } from './co-tenants.ts';
import { RequestedBuckets } from './requested-buckets.ts';

function tenant(name: string, about: Partial<Tenant> = {}): Tenant {
  const id = `TeamStorage/ns/${name}`;
  const place = { bucket: 'b', path: '', bound: true, required: false };
  return { id, kind: 'TeamStorage', namespace: 'ns', name, ...place, rank: name, ...about };
}

/** More claims than a status names: another one at the end changes none of those names. */
const NAMED = Array.from({ length: 9 }, (_, index) => tenant(`a${index}`, { path: `a${index}` }));

function crowd(...others: readonly Tenant[]) {
  const coTenants = new CoTenants();
  const requested = new RequestedBuckets();
  for (const one of [...NAMED, ...others]) coTenants.set(one.id, one);
  return {
    requested,
    change: (...changes: readonly (readonly [Tenant | undefined, Tenant | undefined])[]): readonly string[] =>
      changeTenants(
        coTenants,
        requested,
        changes.map(([before, after]) => ({ id: (before ?? after)?.id ?? '', before, after })),
      )
        .map(({ name }) => name)
        .sort(),
  };
}

it('affects nobody where nothing of a claim changed', () => {
  expect(crowd().change([tenant('a0', { path: 'a0' }), tenant('a0', { path: 'a0' })])).toEqual([]);
});

it('affects all on the bucket, and all that ask for it, when those who are named change', () => {
  const { change, requested } = crowd();
  const asks = { kind: 'TeamStorage', namespace: 'ns', name: 'asks' } as const;
  requested.set('TeamStorage/ns/asks', asks, 'b');
  requested.set('TeamStorage/ns/elsewhere', { ...asks, name: 'elsewhere' }, 'c');

  const first = tenant('Z', { path: 'Z' });
  expect(change([undefined, first])).toEqual([...NAMED.map(({ name }) => name), 'asks']);
});

it('affects those alone whose paths overlap, when a claim comes whom no status names', () => {
  const below = tenant('x', { path: 'p/q' });
  expect(crowd(below, tenant('y', { path: 'pq' })).change([undefined, tenant('z', { path: 'p' })])).toEqual(['x']);
});

it('affects those whose paths overlap with where the claim was, and with where it is', () => {
  const at = (path: string) => tenant('z', { path });
  const { change } = crowd(tenant('was', { path: 'p/q' }), tenant('is', { path: 'r/s' }), at('p'));
  expect(change([at('p'), at('r')])).toEqual(['is', 'was']);
});

it('does not name a claim that changed itself', () => {
  const { change } = crowd(tenant('x', { path: 'p/q' }));
  expect(change([undefined, tenant('y', { path: 'p' })], [undefined, tenant('z', { path: 'p' })])).toEqual(['x']);
});
