import { describe, expect, it, jest } from '@jest/globals';
import { omit } from '../../../test/support/fakes/omit.ts';
import { readListing } from './read-listing.ts';

const LINE = {
  claim: 'TeamStorage/omega',
  team: 'omega team',
  address: 's3://***:***@minio.example:9000/b/teams/omega?region=us-east-1&tls=true',
  entry: true,
  provenAt: '2026-01-01T00:00:00Z',
};
const READ = {
  kind: 'TeamStorage',
  name: 'omega',
  team: 'omega team',
  address: {
    ...{ provider: 'S3Compatible', name: 'b', path: 'teams/omega', region: 'us-east-1', addressing: 'Path' },
    endpoint: { scheme: 'https', host: 'minio.example', port: 9000 },
  },
  mode: 'AccessKey',
  entry: true,
  provenAt: '2026-01-01T00:00:00Z',
  retained: false,
};

const read = (...lines: readonly unknown[]) => readListing(JSON.stringify(lines));

describe('a line of the listing', () => {
  it.each<[string, object, object]>([
    ['as it was written', {}, {}],
    ['of an instance', { claim: 'InstanceStorage/a.b-1' }, { kind: 'InstanceStorage', name: 'a.b-1' }],
    ['of an unknown claim', { claim: 'TeamStorage/' }, { name: '' }],
    ['of what is retained', { retained: true }, { retained: true }],
    ['with edited marks', { retained: 'yes', entry: 'true' }, { retained: false, entry: false }],
    ['without marks', { entry: undefined }, { entry: false }],
  ])('is read: %s', (_, changes, found) => {
    expect(read({ ...LINE, ...changes })).toStrictEqual([{ ...READ, ...found }]);
  });

  it('has no team where none is written', () => {
    expect(read({ ...LINE, team: undefined })).toStrictEqual([omit(READ, 'team')]);
  });

  it.each([
    ['s3://***:***@s3.eu-central-1.amazonaws.com/b?region=eu-central-1', 'S3', 'AccessKey'],
    ['cw://***:***@cwobject.com/b?tls=true', 'CoreWeave', 'AccessKey'],
    ['gs://***:***@b', 'GCS', 'ServiceAccountKey'],
    ['az://:***@account/b', 'AzureBlob', 'AccountKey'],
    ['gs://b', 'GCS', 'Ambient'],
  ])('tells the sign-in by the address: %s', (address, provider, mode) => {
    expect(read({ ...LINE, address })).toMatchObject([{ mode, address: { provider } }]);
  });

  it.each<[string, unknown]>([
    ['without a claim', { ...LINE, claim: undefined }],
    ['of another kind', { ...LINE, claim: 'Bucket/omega' }],
    ['with text before the kind', { ...LINE, claim: 'a TeamStorage/omega' }],
    ['with a name that is none', { ...LINE, claim: 'TeamStorage/omega two' }],
    ['without an address', { ...LINE, address: undefined }],
    ['with an address that is none', { ...LINE, address: 'b' }],
    ['without a time', { ...LINE, provenAt: undefined }],
    ['that is a text', 'x'],
    ['that is nothing', null],
  ])('is left out %s, and the next one is read', (_, line) => {
    expect(read(line, LINE)).toStrictEqual([READ]);
  });

  it.each([undefined, '', '[]', '{}', 'not: [yaml', 'text'])('there is none in %j', (listing) => {
    expect(readListing(listing)).toEqual([]);
  });
});

it('prints nothing of a listing that was edited: the library warns with lines of the text', () => {
  const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  const edited = ['&a x: 1\n*a: s3://key:secret@b', '!!unknown x', '%2F\n---\nx'].map((text) => readListing(text));
  expect(warned).not.toHaveBeenCalled();
  expect(edited).toHaveLength(3);
});
