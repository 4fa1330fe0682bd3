import { describe, expect, it } from '@jest/globals';
import type { Observations } from '../domain/observations/observations.ts';
import { err, ok } from '../base/result.ts';
import {
  azureBlob,
  contextOf,
  denied,
  endpointFails,
  gcs,
  goodObservations,
  goodSettings,
  listFails,
  minio,
  s3,
} from '../../test/support/fakes/observations.ts';
import { CATALOGUE } from './catalogue.ts';
import { judgeAll } from './judge.ts';
import { mayIgnore } from './ignorable.ts';
import { isProven } from './roll-up.ts';

const withOwner = contextOf({ storage: { ...s3, expectedBucketOwner: '111122223333' } });

describe('how checks depend on each other', () => {
  it('passes everything for a good bucket, in the order of the catalogue', () => {
    const results = judgeAll(goodObservations({ owner: ok(undefined) }), withOwner, { ignore: [] });
    expect(results.map(({ name }) => name)).toEqual(CATALOGUE.map(({ name }) => name));
    expect(results.filter(({ result }) => result !== 'Pass')).toEqual([
      {
        name: 'EncryptionMatches',
        result: 'Skip',
        reason: 'NotApplicable',
        message: 'The spec names no encryption key.',
      },
      { name: 'CaKnownToServer', result: 'Skip', reason: 'NotApplicable', message: 'The spec names no CA.' },
    ]);
  });

  it('lets only one check fail for one cause, and names it in all that are skipped', () => {
    const results = judgeAll(endpointFails({ kind: 'ConnectionRefused' }), withOwner, { ignore: [] });
    expect(results.filter(({ result }) => result === 'Fail').map(({ name }) => name)).toEqual(['EndpointReachable']);
    const skipped = results.slice(3).filter(({ reason }) => reason !== 'NotApplicable');
    expect(skipped.map(({ message }) => message)).toEqual(
      skipped.map(() => 'Not checked: EndpointReachable must pass first.'),
    );
  });

  it('does not let a check be ignored without which the bucket is unsafe', () => {
    const seen = listFails({ kind: 'SignatureMismatch' });
    const results = judgeAll(seen, contextOf(), { ignore: ['Authenticated', 'CanList'] });
    expect(results.find(({ name }) => name === 'Authenticated')?.result).toBe('Fail');
    expect(results.find(({ name }) => name === 'CanList')?.reason).toBe('Ignored');
  });

  it('lets a check be ignored by the administrator only', () => {
    const names = ['NotPublic', 'CanList', 'Authenticated', 'NoSuchCheck'];
    expect(mayIgnore(names, { withFlag: false })).toEqual(['CanList']);
    expect(mayIgnore(names, { withFlag: true })).toEqual(['NotPublic', 'CanList']);
  });

  it('does not keep a bucket from being proven because of what it does not tell', () => {
    const seen = goodObservations({
      settings: { retention: err(denied), versioning: err(denied), lifecycle: err(denied) },
    });
    expect(isProven(judgeAll(seen, contextOf({ storage: minio }), { ignore: [] }))).toBe(true);
  });

  it('keeps GCS without soft delete from being proven, and other stores without versioning not', () => {
    const off = ok({ enabled: false });
    const seen = goodObservations({ settings: { ...goodSettings, softDelete: off, versioning: off } });
    const proven = [gcs, s3, azureBlob].map((storage) =>
      isProven(judgeAll(seen, contextOf({ storage }), { ignore: [] })),
    );
    expect(proven).toEqual([false, true, true]);
  });

  it('judges what builds on an ignored check by what was seen', () => {
    const seen = goodObservations({ read: err(denied), delete: ok({ gone: true }) });
    const results = judgeAll(seen, contextOf(), { ignore: ['CanRead'] });
    expect(results.find(({ name }) => name === 'CanDelete')?.result).toBe('Pass');
  });
});

describe('a light probe', () => {
  const light: Observations = {
    mode: 'Light',
    list: ok({ keys: 1 }),
    presigned: { GET: ok({ httpStatus: 404 }) },
    requests: 2,
  };
  const previous = judgeAll(goodObservations({ write: ok({ conditional: false }) }), contextOf(), { ignore: [] });

  it('keeps the results of what it does not look at', () => {
    expect(judgeAll(light, contextOf(), { previous, ignore: [] })).toEqual(
      previous.map((result) => (result.name === 'RegionMatches' ? { ...result, message: expect.any(String) } : result)),
    );
  });

  it('refutes what it does look at', () => {
    const refused = { ...light, presigned: { GET: err(denied) } };
    const results = judgeAll(refused, contextOf(), { previous, ignore: [] });
    expect(results.filter(({ result }) => result === 'Fail').map(({ reason }) => reason)).toEqual([
      'PresignedUrlRejected',
    ]);
  });

  it('keeps good results beside a failed listing, so that the next light probe need not be a full one', () => {
    const failed: Observations = { mode: 'Light', list: err(denied), requests: 2 };
    const after = judgeAll(failed, contextOf(), { previous, ignore: [] });
    expect(after.filter(({ result }) => result === 'Fail').map(({ reason }) => reason)).toEqual(['ListDenied']);
    expect(judgeAll(light, contextOf(), { previous: after, ignore: [] }).map(({ result }) => result)).toEqual(
      previous.map(({ result }) => result),
    );
  });

  it('leaves open what nobody has looked at yet', () => {
    const results = judgeAll(light, contextOf(), { ignore: [] });
    expect(results.find(({ name }) => name === 'CanWrite')).toMatchObject({ result: 'Unknown', reason: 'NotObserved' });
    expect(results.find(({ name }) => name === 'PresignedUrls')?.result).toBe('Unknown');
  });
});
