import { beforeEach, describe, expect, it } from '@jest/globals';
import { createFakeLog } from '../../../test/fakes/log.ts';
import { minio } from '../../../test/fakes/observations.ts';
import type { InstanceStorage, TeamStorage } from '../../api/resources.ts';
import { emptyLedger, type Ledger } from '../../domain/publication/ledger.ts';
import { err, ok } from '../../domain/result.ts';
import { screenInstance, screenTeam } from '../../domain/screen-spec.ts';
import { Secret } from '../../domain/secret.ts';
import type { Proof } from '../../domain/publication/update-ledger.ts';
import type { KubeFailure, ObjectCache } from '../../ports/kube.ts';
import { Board } from '../board.ts';
import type { OutputWriter } from './output-writer.ts';
import { createPublishedConfig, type InstancePublication } from './publisher.ts';

const REFUSAL = { status: 500, reason: 'InternalError' } as KubeFailure;

function object(kind: string, name: string, spec: unknown, second = '01') {
  const metadata = { name, namespace: 'ns', uid: `uid-${name}`, creationTimestamp: `2026-01-01T00:00:${second}Z` };
  return { apiVersion: 'storage.wandb.com/v1alpha1', kind, metadata, spec };
}

function cacheOf<T extends InstanceStorage | TeamStorage>(list: () => readonly T[]): ObjectCache<T> {
  return { synced: true, get: ({ name }) => list().find(({ metadata }) => metadata.name === name), list };
}

let instances: InstanceStorage[] = [];
let teams: TeamStorage[] = [];
let ledger: Ledger;
let written: { secret: number; refuses: boolean; last: Readonly<Record<string, string>> };
let proofs: Board<string, Proof>;
let publications: Board<string, InstancePublication>;

const instance = (spec: object = {}) =>
  screenInstance(
    object('InstanceStorage', 'wandb', { deployment: { type: 'SaaSCloud', cloud: 'AWS' }, ...spec }) as InstanceStorage,
  );
const team = (name: string, second: string, spec: object = {}) =>
  screenTeam(object('TeamStorage', name, { team: 'omega', ...spec }, second) as TeamStorage);

beforeEach(() => {
  instances = [instance()];
  teams = [];
  ledger = emptyLedger('00112233445566778899aabbccddeeff');
  written = { secret: 0, refuses: false, last: {} };
  proofs = new Board<string, Proof>(() => false);
  publications = new Board<string, InstancePublication>(() => false);
});

async function publish(): Promise<InstancePublication | undefined> {
  const outputs: OutputWriter = {
    write(kind, _instance, data) {
      if (written.refuses) return Promise.resolve(err({ kind: 'Kube', failure: REFUSAL }));
      if (kind === 'Secret') Object.assign(written, { secret: written.secret + 1, last: data });
      return Promise.resolve(ok(undefined));
    },
    noticed: () => undefined,
  };
  const publisher = createPublishedConfig({
    instances: cacheOf(() => instances),
    teams: cacheOf(() => teams),
    ledgers: {
      load: () => Promise.resolve(ok({ ledger, resourceVersion: '1' })),
      save(_instance, _stored, next) {
        ({ ledger } = next);
        return Promise.resolve(ok({ ledger, resourceVersion: '1' }));
      },
      noticed: () => undefined,
    },
    outputs,
    proofs,
    publications,
    log: createFakeLog(),
  });
  await publisher.reconcile('ns/wandb');
  return publications.get('ns/wandb');
}

function prove(name: string): void {
  const credential = { kind: 'AccessKey', accessKeyId: name, secretAccessKey: new Secret('s') } as const;
  const storage = { ...minio, name: `bucket-${name}` };
  const proof = { storage, credential, credentialDigest: `digest-${name}`, provenAt: '2026-01-01T00:01:00Z' };
  proofs.set([[`uid-${name}`, proof]]);
}

const stateOf = (publication: InstancePublication | undefined, name: string) =>
  publication?.claims.get(`uid-${name}`)?.state;

describe('two claims on one team', () => {
  it('that were both proven before anybody was told: the one that wins is published alone', async () => {
    teams = [team('late', '02'), team('early', '01')];
    prove('late');
    prove('early');
    const publication = await publish();

    expect(stateOf(publication, 'early')).toBe('Published');
    expect(stateOf(publication, 'late')).toBe('AwaitingProof');
    expect(written.last['SUPPORTED_FILE_STORES']).not.toContain('late');
  });

  it('the one that was published stays, also when an older one is proven', async () => {
    teams = [team('late', '02')];
    prove('late');
    await publish();
    teams = [team('late', '02'), team('early', '01')];
    prove('early');
    const publication = await publish();

    expect(stateOf(publication, 'late')).toBe('Published');
    expect(stateOf(publication, 'early')).toBe('AwaitingProof');
  });
});

it('a proof of an object whose spec is flawed by now is not published', async () => {
  teams = [team('omega', '01', { suspend: 'yes' })];
  prove('omega');

  expect(stateOf(await publish(), 'omega')).toBe('AwaitingProof');
});

describe('what keeps an instance from publishing', () => {
  beforeEach(async () => {
    teams = [team('late', '02')];
    prove('late');
    await publish();
  });

  it('a refused write leaves the bound claim bound', async () => {
    written.refuses = true;
    const publication = await publish();

    expect(publication?.problem?.reason).toBe('PublishFailed');
    expect(stateOf(publication, 'late')).toBe('Published');
  });

  it('a spec that does not say how file stores are written leaves ledger and Secret alone', async () => {
    const before = { writes: written.secret, ledger };
    instances = [instance({ fileStores: { separator: 5 } })];
    teams = [team('late', '02', { deletionPolicy: 'Remove' })];
    const publication = await publish();

    expect({ writes: written.secret, ledger }).toEqual(before);
    expect(publication?.problem?.reason).toBe('InvalidSpec');
    expect(stateOf(publication, 'late')).toBe('Published');
  });

  it('a slip elsewhere in its spec keeps nobody from publishing', async () => {
    instances = [instance({ validation: { interval: '1y' } })];
    teams = [...teams, team('other', '03', { team: 'other' })];
    prove('other');

    expect(stateOf(await publish(), 'other')).toBe('Published');
  });
});
