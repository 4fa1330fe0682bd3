import { describe, expect, it } from '@jest/globals';
import { admissionWorld, ledgerOf, recordOf } from '../../../test/support/fakes/admission-world.ts';
import { omit } from '../../../test/support/fakes/omit.ts';
import { bucketSpec, instanceObject, storageOf, teamObject } from '../../../test/support/fakes/publishing-world.ts';
import type { TeamStorage } from '../../api/resources.ts';
import { physicalBucket } from '../bucket/physical-bucket.ts';
import { ClaimResolver, type Resolution } from './resolve-claim.ts';
import type { Claimant, LedgerView, World } from './world.ts';

const wandb = instanceObject('wandb');
const lab = instanceObject('lab', { bucket: bucketSpec('lab-runs') });
const B = storageOf(bucketSpec('b'));

function resolve(object: Claimant, ...others: readonly Claimant[]): Resolution {
  return new ClaimResolver(admissionWorld({ objects: [object, ...others] })).resolve(object);
}

describe('an instance', () => {
  it('belongs to itself, at its bucket', () => {
    expect(resolve(wandb)).toEqual({
      object: wandb,
      records: [],
      instance: wandb,
      instanceName: 'wandb',
      storage: storageOf(bucketSpec('runs')),
    });
  });

  const without = (deployment: Parameters<typeof instanceObject>[1]) =>
    omit(instanceObject('wandb', deployment).spec, 'bucket');
  it('of a cloud of W&B needs no bucket', () => {
    const spec = without({ deployment: { type: 'DedicatedCloud', cloud: 'AWS' } });
    const object = { ...wandb, spec };
    expect(resolve(object)).toEqual({ object, records: [], instance: object, instanceName: 'wandb' });
  });

  it('of a cloud of W&B may have one', () => {
    const object = instanceObject('wandb', { deployment: { type: 'DedicatedCloud', cloud: 'AWS' } });
    expect(resolve(object).storage?.name).toBe('runs');
  });

  it('on premises needs one', () => {
    const object = { ...wandb, spec: without({}) };
    const { storage, problem, instance, instanceName } = resolve(object);
    expect([storage, problem?.reason, problem?.message]).toEqual([
      undefined,
      'InvalidSpec',
      'spec.bucket must be an object with provider and name.',
    ]);
    expect([instance, instanceName]).toEqual([object, 'wandb']);
  });

  it('whose spec is not valid has no bucket, and says what is wrong', () => {
    const object = instanceObject('wandb', { suspend: 'yes' as unknown as boolean });
    const { problem, storage, instanceName } = resolve(object);
    expect(problem?.message).toContain('spec.suspend');
    expect([storage, instanceName]).toEqual([undefined, 'wandb']);
  });
});

describe('the instance of a team', () => {
  const named = (name: string) => teamObject('omega', { bucket: bucketSpec('b'), instanceRef: { name } });
  const unnamed = (status?: object) =>
    teamObject('omega', { bucket: bucketSpec('b') }, status === undefined ? {} : { status: status });
  const at = (...instances: readonly string[]): readonly LedgerView[] =>
    instances.map((instance) => ledgerOf(instance, recordOf()));
  const before = { instanceRef: { name: 'lab' } };

  it.each<[string, TeamStorage, readonly LedgerView[], readonly Claimant[], string | undefined]>([
    ['the one that it names, whatever its records and its status say', named('lab'), at('wandb'), [wandb, lab], 'lab'],
    ['the one where it is bound, whatever its status says', unnamed(before), at('wandb'), [wandb, lab], 'wandb'],
    ['its former one, where two have a record of it', unnamed(before), at('wandb', 'lab'), [wandb, lab], 'lab'],
    ['its former one, where none has', unnamed(before), [], [wandb, lab], 'lab'],
    ['the only one', unnamed(), [], [wandb], 'wandb'],
    ['not known, where there are two', unnamed(), [], [wandb, lab], undefined],
    ['not known, where two have a record of it', unnamed(), at('wandb', 'lab'), [wandb, lab], undefined],
    ['not known, where there is none', unnamed(), [], [], undefined],
    ['the one where it is bound, also when that is gone', unnamed(), at('wandb'), [lab], 'wandb'],
  ])('is %s', (...[, team, ledgers, instances, wanted]) => {
    const world = admissionWorld({ objects: [team, ...instances], ledgers: { ns: ledgers } });
    const resolver = new ClaimResolver(world);
    const { instanceName, records } = resolver.resolve(team);

    expect([instanceName, resolver.instanceNameOf(team)]).toEqual([wanted, wanted]);
    expect('instanceName' in resolver.resolve(team)).toBe(wanted !== undefined);
    expect(records.map(({ instance }) => instance)).toEqual(ledgers.map(({ instance }) => instance));
  });

  it('is one of its own namespace', () => {
    const elsewhere = instanceObject('wandb', {}, { namespace: 'n2' });
    expect(resolve(unnamed(), elsewhere).problem?.reason).toBe('InstanceNotFound');
  });
});

describe('a team', () => {
  const omega = teamObject('omega', { bucket: bucketSpec('b') });
  const source = teamObject('source', { bucket: bucketSpec('shared', { path: 'theirs' }) });
  const common = { records: [], instance: wandb, instanceName: 'wandb' };

  it('with a bucket is there', () => {
    expect(resolve(omega, wandb)).toEqual({ ...common, object: omega, storage: B });
  });

  it('without one is at none', () => {
    const object = teamObject('omega');
    expect(resolve(object, wandb)).toEqual({ ...common, object });
  });

  it('without an instance has a problem, and no bucket', () => {
    const { problem, storage, instance } = resolve(omega);
    expect([problem?.reason, storage, instance]).toEqual(['InstanceNotFound', undefined, undefined]);
  });

  it.each([
    ['a team', { teamStorageRef: { name: 'source' } }, source, ''],
    ['an instance', { instanceStorageRef: { name: 'wandb' } }, wandb, ''],
    ['a team, in a path of its own', { teamStorageRef: { name: 'source' }, path: 'mine' }, source, 'mine'],
  ])('at the bucket of %s names it as its source', (_, bucketFrom, from, path) => {
    const object = teamObject('omega', { bucketFrom });
    const storage = { ...storageOf(from.spec.bucket as never), path };
    expect(resolve(object, wandb, source)).toEqual({ ...common, object, source: from, storage });
  });

  it('keeps its source where the bucket of that is not valid, and says whose it is', () => {
    const broken = teamObject('source', { bucket: { ...bucketSpec('b'), name: '..' } });
    const object = teamObject('omega', { bucketFrom: { teamStorageRef: { name: 'source' } } });
    const { source: found, problem, storage, instance } = resolve(object, wandb, broken);
    expect([found, storage, instance]).toEqual([broken, undefined, wandb]);
    expect(problem?.message).toContain('spec.bucket of TeamStorage source.name');
  });

  it('whose own bucket is not valid says so of its own field', () => {
    const broken = teamObject('omega', { bucket: { ...bucketSpec('b'), name: '..' } });
    expect(resolve(broken, wandb).problem?.message).toMatch(/^spec\.bucket\.name/);
  });

  it.each([
    ['which names an instance', { instanceRef: { name: 'wandb' } }, wandb],
    ['which names an instance that is not there', { instanceRef: { name: 'lost' } }, undefined],
  ])('whose spec is not valid, %s, has that problem first', (_, spec, instance) => {
    const object = teamObject('omega', { ...spec, bucket: bucketSpec('b'), suspend: 'yes' as unknown as boolean });
    const found = resolve(object, wandb);
    expect(found.problem?.message).toContain('spec.suspend');
    expect(found.storage).toBeUndefined();
    expect('instance' in found ? found.instance : undefined).toBe(instance);
    expect('instance' in found).toBe(instance !== undefined);
  });
});

describe('the bucket of an instance', () => {
  const resolver = new ClaimResolver(admissionWorld({ objects: [] }));

  it.each([
    ['is that of its spec', wandb, physicalBucket(storageOf(bucketSpec('runs')))],
    ['is none, where it names none', { ...wandb, spec: omit(wandb.spec, 'bucket') }, undefined],
    [
      'is none, where it is not valid',
      instanceObject('wandb', { bucket: { ...bucketSpec('b'), name: '..' } }),
      undefined,
    ],
  ])('%s', (_, instance, wanted) => {
    expect(resolver.bucketOf(instance)).toBe(wanted);
  });
});

/** The caller relies on it: a claim whose resolution is the same object is not decided again. */
describe('a resolution', () => {
  const omega = teamObject('omega', { bucketFrom: { teamStorageRef: { name: 'source' } } });
  const source = teamObject('source', { bucket: bucketSpec('shared') });
  const record = recordOf({ at: 'shared' });

  /** The resolution before and after a change of what is around. */
  function around(change: Partial<World>): readonly [Resolution, Resolution] {
    const world = {
      ...admissionWorld({ objects: [omega, source, wandb], ledgers: { ns: [ledgerOf('wandb', record)] } }),
    };
    const resolver = new ClaimResolver(world);
    const before = resolver.resolve(omega);
    Object.assign(world, change);
    return [before, resolver.resolve(omega)];
  }

  it.each<[string, Partial<World>]>([
    ['nothing changed', {}],
    ['its record is in another object of the same ledger', { ledgersIn: () => [ledgerOf('wandb', record)] }],
  ])('is the same object while %s', (_, change) => {
    const [before, after] = around(change);
    expect(after).toBe(before);
  });

  it.each<[string, Partial<World>]>([
    ['its record is another one', { ledgersIn: () => [ledgerOf('wandb', { ...record })] }],
    ['its record is gone', { ledgersIn: () => [ledgerOf('wandb')] }],
    ['it has one more record', { ledgersIn: () => [ledgerOf('wandb', record), ledgerOf('lab', recordOf())] }],
    ['its record is in the ledger of another instance', { ledgersIn: () => [ledgerOf('lab', record)] }],
    ['its source changed', { team: () => teamObject('source', { bucket: bucketSpec('other') }) }],
    ['its source is gone', { team: () => undefined }],
    ['an instance came', { instancesIn: () => [wandb, lab] }],
  ])('is another one when %s', (_, change) => {
    const [before, after] = around(change);
    expect(after).not.toBe(before);
  });
});
