import { describe, expect, it } from '@jest/globals';
import { collectionPath, objectPath, queryString } from './paths.ts';

const SECRETS = { group: '', version: 'v1', plural: 'secrets' };
const TEAMS = { group: 'storage.wandb.com', version: 'v1alpha1', plural: 'teamstorages' };

describe('paths', () => {
  it.each([
    ['a namespace of the core group', SECRETS, 'wandb', '/api/v1/namespaces/wandb/secrets'],
    ['every namespace of the core group', SECRETS, undefined, '/api/v1/secrets'],
    ['a namespace of a group', TEAMS, 'wandb', '/apis/storage.wandb.com/v1alpha1/namespaces/wandb/teamstorages'],
    ['every namespace of a group', TEAMS, undefined, '/apis/storage.wandb.com/v1alpha1/teamstorages'],
  ])('lead to %s', (_name, type, namespace, path) => {
    expect(collectionPath(type, namespace)).toBe(path);
  });

  it('lead to one object', () => {
    expect(objectPath(SECRETS, { namespace: 'wandb', name: 'a.b-c' })).toBe('/api/v1/namespaces/wandb/secrets/a.b-c');
  });

  it('cannot be left by a name', () => {
    expect(objectPath(SECRETS, { namespace: '../x', name: 'a/../../b?c=d#e' })).toBe(
      '/api/v1/namespaces/..%2Fx/secrets/a%2F..%2F..%2Fb%3Fc%3Dd%23e',
    );
  });
});

describe('queryString', () => {
  it('leaves out what is undefined and encodes the rest', () => {
    expect(queryString({ limit: '500', continue: undefined, labelSelector: 'a=b,c in (d)' })).toBe(
      '?limit=500&labelSelector=a%3Db%2Cc+in+%28d%29',
    );
  });

  it('is nothing when there is nothing to ask', () => {
    expect(queryString({ continue: undefined })).toBe('');
  });
});
