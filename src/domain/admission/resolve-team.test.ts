import { describe, expect, it } from '@jest/globals';
import { bucketSpec, instanceObject, storageOf, teamObject } from '../../../test/support/fakes/publishing-world.ts';
import { err, ok } from '../../base/result.ts';
import { parseBucket } from '../spec/parse-bucket.ts';
import { findInstance, resolveTeamBucket } from './resolve-team.ts';

const prod = instanceObject('prod');
const lab = instanceObject('lab');

describe('the instance of a team', () => {
  it('is the one that it names', () => {
    expect(findInstance('lab', [prod, lab])).toEqual(ok(lab));
  });

  it.each([
    {
      name: 'prd',
      instances: [prod],
      reason: 'InstanceNotFound',
      message: 'InstanceStorage prd does not exist in this namespace.',
      remedy: 'Create it, or correct spec.instanceRef.name.',
    },
    {
      name: undefined,
      instances: [],
      reason: 'InstanceNotFound',
      message: 'There is no InstanceStorage in this namespace.',
      remedy: 'Create one; the operator sees it at once.',
    },
    {
      name: undefined,
      instances: [prod, lab],
      reason: 'InstanceAmbiguous',
      message: 'There is more than one InstanceStorage in this namespace (lab, prod).',
      remedy: 'Set spec.instanceRef.name to one of them.',
    },
  ])('is not known: $message', ({ name, instances, ...problem }) => {
    expect(findInstance(name, instances)).toEqual(err({ ...problem, failureClass: 'reference' }));
  });
});

describe('the bucket of a team', () => {
  const read = (object: { readonly spec: { readonly bucket?: unknown } }, field: string) =>
    parseBucket(object.spec.bucket, field);
  const source = teamObject('source', { bucket: bucketSpec('shared', { path: 'theirs' }) });
  const from = (more: { readonly path?: string } = {}) =>
    teamObject('omega', { bucketFrom: { teamStorageRef: { name: 'source' }, ...more } });

  it('is its own, also where it names another one', () => {
    const own = teamObject('omega', {
      bucket: bucketSpec('own'),
      bucketFrom: { teamStorageRef: { name: 'source' } },
    });
    expect(resolveTeamBucket(own, source, read)).toEqual(ok(storageOf(bucketSpec('own'))));
  });

  it('is none where it names none', () => {
    expect(resolveTeamBucket(teamObject('omega'), undefined, read)).toEqual(ok(undefined));
  });

  it('is that of the storage it names, with a path of its own', () => {
    const shared = storageOf(bucketSpec('shared'));
    expect(resolveTeamBucket(from(), source, read)).toEqual(ok({ ...shared, path: '' }));
    expect(resolveTeamBucket(from({ path: 'mine' }), source, read)).toEqual(ok({ ...shared, path: 'mine' }));
  });

  it.each([
    ['a team', { teamStorageRef: { name: 'source' } }, 'TeamStorage source'],
    ['an instance', { instanceStorageRef: { name: 'source' } }, 'InstanceStorage source'],
  ] as const)('is not known where %s that it names is missing, or has none', (_, bucketFrom, owner) => {
    const omega = teamObject('omega', { bucketFrom });
    expect(resolveTeamBucket(omega, undefined, read)).toEqual(
      err({
        reason: 'BucketSourceNotFound',
        message: `spec.bucketFrom names ${owner}, which does not exist in this namespace.`,
        remedy: 'Create it, or correct the reference.',
        failureClass: 'reference',
      }),
    );
    expect(resolveTeamBucket(omega, teamObject('source'), read)).toEqual(
      err({
        reason: 'BucketSourceUnusable',
        message: `spec.bucketFrom names ${owner}, which has no bucket of its own.`,
        remedy: 'Name the storage that declares the bucket: a reference is followed one step only.',
        failureClass: 'reference',
      }),
    );
  });

  it('is not known where the one that it names is wrong, or its path; the message names the field', () => {
    const wrong = teamObject('source', { bucket: { ...bucketSpec('shared'), name: '..' } });
    const seen = resolveTeamBucket(from(), wrong, read);
    expect(seen.ok ? '' : seen.error.message).toContain('spec.bucket of TeamStorage source');
    const path = resolveTeamBucket(from({ path: '//' }), source, read);
    expect(path.ok ? '' : path.error.message).toContain('spec.bucketFrom.path');
  });
});
