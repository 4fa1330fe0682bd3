import { describe, expect, it } from '@jest/globals';
import { bucket, COMMA, EMPTY, instanceClaim, proven, team, update } from '../../../test/support/fakes/publication.ts';
import { Secret } from '../../base/secret.ts';
import type { LiveClaim } from './live-claim.ts';
import { renderOutputs } from './outputs.ts';
import { chartEnvironment, isEmptyConfig, type ServerConfig } from './server-config.ts';

const serverOf = (...claims: readonly LiveClaim[]): ServerConfig =>
  renderOutputs(update(EMPTY, claims).ledger, 'wandb-storage').server;
const omega = proven(team('omega', bucket('b')), 'd1');
const wandb = proven(instanceClaim(bucket('i')), 'i1');
const fromSecret = (key: string) => ({ valueFrom: { secretKeyRef: { name: 'wandb-storage', key } } });

describe('the configuration of the server', () => {
  it.each([
    ['nothing', [], true],
    ['a team', [omega], false],
    ['the instance bucket', [wandb], false],
    ['both', [omega, wandb], false],
  ])('with %s published is empty: %s', (_, claims, isEmpty) => {
    expect(isEmptyConfig(serverOf(...claims))).toBe(isEmpty);
  });

  it('names the variables of the file stores as long as there is an entry', () => {
    expect(serverOf(omega).fileStoreVariables).toEqual(COMMA.variables);
    expect(chartEnvironment(serverOf(omega))).toEqual({ STORES: fromSecret('STORES') });
    expect([serverOf(wandb).fileStoreVariables, chartEnvironment(serverOf(wandb))]).toEqual([[], {}]);
  });

  it('names the keys of the instance bucket in the Secret and in the ConfigMap', () => {
    const withKey = proven(instanceClaim({ ...bucket('i', 'runs'), kmsKeyId: 'k' }), 'i1');
    const server = serverOf(withKey);
    expect(server.objectStoreKeys).toEqual([
      ...['ACCESS_KEY', 'AccessKey', 'BUCKET', 'Bucket', 'ForcePathStyle', 'Host', 'Path', 'Provider', 'Region'],
      ...['SECRET_KEY', 'SecretKey', 'TlsEnabled', 'url'],
    ]);
    expect(server.environmentKeys).toEqual(['AWS_REGION', 'AWS_S3_KMS_ID']);
    expect([serverOf(omega).objectStoreKeys, serverOf(omega).environmentKeys]).toEqual([[], []]);
    expect(serverOf(omega)).not.toHaveProperty('chartBucket');
  });

  it('takes the whole address from the Secret where the URL of the chart cannot hold the key', () => {
    const gcs = instanceClaim({
      ...{ provider: 'GCS', name: 'g', path: '' },
      credentials: { kind: 'ServiceAccountKey', secretName: 's', key: 'k' },
    });
    const credential = { kind: 'ServiceAccountKey', clientEmail: 'e', privateKey: new Secret('p') } as const;
    const claim = proven(gcs, 'g1');
    const server = serverOf({ ...claim, proof: { ...claim.proof!, credential } });
    const names = [
      ...['BUCKET', 'GORILLA_FILE_STORE', 'GORILLA_RUN_UPDATE_SHADOW_QUEUE_OVERFLOW_BUCKET_STORE'],
      'GORILLA_STORAGE_BUCKET',
    ];
    expect(chartEnvironment(server)).toEqual(Object.fromEntries(names.map((name) => [name, fromSecret('BUCKET')])));
    expect(serverOf(wandb).bucketVariables).toEqual([]);
  });
});
