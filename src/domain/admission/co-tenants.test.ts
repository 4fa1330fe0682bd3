import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { atLeast } from '../../../test/support/property-runs.ts';
import { pathsOverlap } from '../bucket/physical-bucket.ts';
import { CoTenants, nameSeenFrom, type Asker, type Tenant } from './co-tenants.ts';

const tenants: fc.Arbitrary<Tenant> = fc
  .record({
    kind: fc.constantFrom('TeamStorage' as const, 'TeamStorage' as const, 'InstanceStorage' as const),
    namespace: fc.constantFrom('n1', 'n2'),
    name: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
    bucket: fc.constantFrom('b1', 'b1', 'b1', 'b2'),
    path: fc.constantFrom('', 'p', 'p/q', 'p/q/r', 'pq', 'p-q', 'p!', 'x'),
    bound: fc.boolean(),
    required: fc.boolean(),
    age: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ kind, namespace, name, age, ...rest }) => ({
    id: `${kind}/${namespace}/${name}`,
    kind,
    namespace,
    name,
    ...rest,
    rank: [String(age), kind, namespace, name].join('|'),
  }));
const changes = fc.array(fc.record({ tenant: tenants, remove: fc.boolean() }), { maxLength: 40 });

/** The rules without an index. */
function plainly(all: readonly Tenant[], bucket: string, wanted: (tenant: Tenant) => boolean): readonly Tenant[] {
  return all
    .filter((tenant) => tenant.bucket === bucket && wanted(tenant))
    .sort((left, right) => (left.rank < right.rank ? -1 : 1));
}

function named(found: readonly Tenant[], asker: Asker) {
  const seen = found.filter(({ id, bound }) => id !== asker.id && id !== asker.instance && (bound || !asker.onlyBound));
  return {
    names: seen.slice(0, 5).map((tenant) => nameSeenFrom(asker.namespace, tenant)),
    more: seen.length > 5,
  };
}

it('returns the same as a search through all, after any history', () => {
  fc.assert(
    fc.property(changes, fc.boolean(), (history, onlyBound) => {
      const fast = new CoTenants();
      const slow = new Map<string, Tenant>();
      for (const { tenant, remove } of history) {
        fast.set(tenant.id, remove ? undefined : tenant);
        if (remove) slow.delete(tenant.id);
        else slow.set(tenant.id, tenant);
      }
      const all = [...slow.values()];
      for (const bucket of ['b1', 'b2', 'b3']) {
        expect(fast.on(bucket)).toEqual(plainly(all, bucket, () => true));
        expect(new Set(fast.namespacesOn(bucket))).toEqual(
          new Set(plainly(all, bucket, () => true).map(({ namespace }) => namespace)),
        );
        for (const { id, namespace, path } of [...all, { id: 'none', namespace: 'n1', path: 'p/q' }]) {
          const asker = { id, namespace, onlyBound, instance: 'InstanceStorage/n1/a' };
          expect(fast.others(bucket, asker)).toEqual(
            named(
              plainly(all, bucket, () => true),
              asker,
            ),
          );
          expect(fast.overlapping(bucket, path, asker)).toEqual(
            named(
              plainly(all, bucket, (other) => pathsOverlap(other.path, path)),
              asker,
            ),
          );
          expect(fast.excluder(bucket, id)).toEqual(
            plainly(all, bucket, (other) => other.id !== id && other.bound && other.required)[0],
          );
        }
      }
      for (const tenant of all) {
        expect(fast.get(tenant.id)).toBe(tenant);
        expect(fast.overlappingWith(tenant)).toEqual(
          plainly(all, tenant.bucket, (other) => other.id !== tenant.id && pathsOverlap(other.path, tenant.path)),
        );
      }
    }),
    atLeast(300),
  );
});

it('has the same head only while no status of a bucket changes', () => {
  const visible = (tenants: CoTenants): ReadonlyMap<string, unknown> =>
    new Map(
      tenants.on('b1').map(({ id, namespace, bound, required }) => {
        const asker = { id, namespace, onlyBound: bound && required, instance: 'InstanceStorage/n1/a' };
        // Bound claims are never checked for an excluder.
        return [id, [tenants.others('b1', asker), bound ? undefined : tenants.excluder('b1', id)?.id]] as const;
      }),
    );
  fc.assert(
    fc.property(fc.array(tenants, { maxLength: 20 }), tenants, (before, last) => {
      const fast = new CoTenants();
      for (const tenant of before) fast.set(tenant.id, tenant);
      const [head, status] = [fast.head('b1'), visible(fast)];
      fast.set(last.id, last);
      if (fast.head('b1') !== head) return;
      for (const [id, now] of visible(fast)) if (id !== last.id) expect(now).toEqual(status.get(id));
    }),
    atLeast(2_000),
  );
});

it.each([
  [{ kind: 'TeamStorage', namespace: 'n1', name: 'a' }, 'a'],
  [{ kind: 'InstanceStorage', namespace: 'n1', name: 'a' }, 'InstanceStorage a'],
  [{ kind: 'TeamStorage', namespace: 'n2', name: 'a' }, '(in another namespace)'],
] as const)('names %j as %s', (tenant, name) => {
  expect(nameSeenFrom('n1', tenant)).toBe(name);
});
