import { beforeEach, describe, expect, it } from '@jest/globals';
import { CONFIG_MAPS, DEPLOYMENTS, SECRETS, SERVICE_ACCOUNTS, TEAM_STORAGES } from '../../../src/api/resources.ts';
import type { KubeClient } from '../../../src/ports/kube.ts';
import { createFakeClock, type FakeClock } from '../fakes/clock.ts';
import { at, configMap, secret, team, valueOf } from './objects.ts';
import { createApiServer, type ApiServer } from './server.ts';

const BY = { fieldManager: 'byob', force: true };

let clock: FakeClock;
let server: ApiServer;
let kube: KubeClient;

beforeEach(() => {
  clock = createFakeClock();
  server = createApiServer({ clock });
  kube = server.client();
});

describe('objects', () => {
  it('have rising versions, and a UID and a time of their own with whole seconds', async () => {
    clock.advance(1999);
    const first = valueOf(await kube.create(CONFIG_MAPS, configMap('a'))).metadata;
    const second = valueOf(await kube.create(SECRETS, secret('a'))).metadata;
    expect(first.creationTimestamp).toBe('2026-01-01T00:00:01Z');
    expect(Number(second.resourceVersion)).toBeGreaterThan(Number(first.resourceVersion));
    await kube.delete(CONFIG_MAPS, at('a'));
    const again = valueOf(await kube.create(CONFIG_MAPS, configMap('a'))).metadata;
    expect(new Set([first.uid, second.uid, again.uid]).size).toBe(3);
  });

  it('cannot be changed by who holds them, nor by what was sent', async () => {
    const sent = { data: { a: '1' } };
    valueOf(await kube.create(CONFIG_MAPS, configMap('a', sent)));
    sent.data.a = '2';
    const held = valueOf(await kube.get(CONFIG_MAPS, at('a'))) as unknown as { data: { a: string } };
    expect(held.data.a).toBe('1');
    expect(() => (held.data.a = '3')).toThrow();
  });

  it('have a generation that follows the spec, and a default status', async () => {
    const created = valueOf(await kube.create(TEAM_STORAGES, team('a')));
    expect(created).toMatchObject({ metadata: { generation: 1 }, status: { observedGeneration: -1 } });
    const status = { observedGeneration: 1, region: 'x' };
    const told = valueOf(await kube.applyStatus(TEAM_STORAGES, team('a', { spec: undefined, status }), BY));
    expect(told).toMatchObject({ metadata: { generation: 1 }, status });
    const user = server.user('kubectl');
    const edited = valueOf(await user.mergePatch(TEAM_STORAGES, at('a'), { spec: { suspend: true } }));
    expect(edited).toMatchObject({ metadata: { generation: 2 }, status });
  });
});

describe('server-side apply', () => {
  it('writes nothing when it changes nothing', async () => {
    const first = valueOf(await kube.apply(CONFIG_MAPS, configMap('a', { data: { a: '1' } }), BY));
    clock.advance(60_000);
    expect(valueOf(await kube.apply(CONFIG_MAPS, configMap('a', { data: { a: '1' } }), BY))).toEqual(first);
  });

  it('keeps what a backup tool owns after a restore', async () => {
    valueOf(await kube.apply(SECRETS, secret('a', { data: { a: 'MQ==', b: 'MQ==' } }), BY));
    valueOf(await server.user('velero').replace(SECRETS, secret('a', { data: { a: 'MQ==', b: 'Mg==', c: 'MQ==' } })));
    const applied = valueOf(await kube.apply(SECRETS, secret('a', { data: {} }), BY));
    expect(applied.data).toEqual({ b: 'Mg==', c: 'MQ==' });
  });

  it('says who owns what, and takes it only by force', async () => {
    valueOf(
      await kube.apply(CONFIG_MAPS, configMap('a', { data: { a: '1' } }), { fieldManager: 'argocd', force: false }),
    );
    const wanted = configMap('a', { data: { a: '2' } });
    expect(await kube.apply(CONFIG_MAPS, wanted, { ...BY, force: false })).toMatchObject({
      error: { status: 409, reason: 'Conflict', conflicts: [{ manager: 'argocd', field: '.data.a' }] },
    });
    expect(valueOf(await kube.apply(CONFIG_MAPS, wanted, BY)).data).toEqual({ a: '2' });
  });

  it('refuses a UID that is gone where there is no object', async () => {
    const restart = { template: { metadata: { annotations: { hash: 'x' } } } };
    const gone = {
      apiVersion: 'apps/v1',
      kind: 'Deployment' as const,
      metadata: { ...at('a'), uid: 'gone' },
      spec: restart,
    };
    expect(await kube.apply(DEPLOYMENTS, gone, BY)).toMatchObject({ error: { status: 409, reason: 'Conflict' } });
  });

  it('refuses a status beyond the bounds of the CRD and names the field', async () => {
    valueOf(await kube.create(TEAM_STORAGES, team('a')));
    const long = { checks: [{ name: 'X', result: 'Pass', reason: 'Ok', message: 'x'.repeat(2049) }] };
    const refused = await kube.applyStatus(TEAM_STORAGES, team('a', { status: long }), BY);
    expect(refused).toMatchObject({ error: { status: 422, reason: 'Invalid' } });
    expect(!refused.ok && refused.error.message).toContain('status.checks[0].message');
  });
});

describe('the rest of the API', () => {
  it('lists by labels, in the order of names', async () => {
    for (const [name, x] of [
      ['b', 'y'],
      ['a', 'y'],
      ['c', 'z'],
    ] as const) {
      valueOf(await kube.create(SECRETS, secret(name, { metadata: { labels: { x } } })));
    }
    expect(valueOf(await kube.list(SECRETS, 'ns', 'x=y')).map(({ metadata }) => metadata.name)).toEqual(['a', 'b']);
    expect(valueOf(await kube.list(SECRETS, 'elsewhere'))).toEqual([]);
  });

  it('issues tokens of ServiceAccounts that are there', async () => {
    const wanted = { audience: 'sts', seconds: 3600 };
    expect(await kube.requestToken(at('a'), wanted)).toMatchObject({ error: { status: 404, reason: 'NotFound' } });
    const account = { apiVersion: 'v1', kind: 'ServiceAccount' as const, metadata: at('a') };
    valueOf(await kube.create(SERVICE_ACCOUNTS, account));
    expect(valueOf(await kube.requestToken(at('a'), wanted)).reveal()).toContain('ns/a for sts');
  });

  it('takes events and forgets them', async () => {
    const type = { group: 'events.k8s.io', version: 'v1', plural: 'events', kind: 'Event' };
    const event = { apiVersion: 'events.k8s.io/v1', kind: 'Event', metadata: at('a') };
    expect(await kube.create(type, event)).toMatchObject({ ok: true });
    expect(valueOf(await kube.list(type, 'ns'))).toEqual([]);
  });

  it('serves a kind while its CRD is there', async () => {
    valueOf(await kube.create(TEAM_STORAGES, team('a')));
    server.removeCrd('TeamStorage');
    const gone = { status: 404, reason: 'Http404', message: 'the server answered 404' };
    expect(await kube.get(TEAM_STORAGES, at('a'))).toEqual({ ok: false, error: gone });
    expect(valueOf(await kube.servedVersions('storage.wandb.com'))).toEqual(['v1alpha1']);
    server.removeCrd('WeightsAndBiases');
    expect(valueOf(await kube.servedVersions('apps.wandb.com'))).toEqual([]);
    server.installCrd('TeamStorage');
    expect(await kube.get(TEAM_STORAGES, at('a'))).toMatchObject({
      error: { reason: 'NotFound', details: { name: 'a', group: 'storage.wandb.com', kind: 'teamstorages' } },
    });
  });
});
