import {
  CONFIG_MAPS,
  DEPLOYMENTS,
  INSTANCE_STORAGES,
  SECRETS,
  TEAM_STORAGES,
  weightsAndBiases,
} from '../../src/api/resources.ts';
import type { KubeObject } from '../../src/api/object.ts';
import type { KubeFailure } from '../../src/ports/kube.ts';
import { ok, type Result } from '../../src/base/result.ts';
import { keyOf, manifestOf, type Script, type World } from './api-server-world.ts';

const BY = { fieldManager: 'byob', force: true };
const MILD = { fieldManager: 'byob', force: false };
const ARGO = { fieldManager: 'argocd', force: true };

const S3 = { provider: 'S3', name: 'acme', s3: { region: 'eu-central-1' } };
const TEAM = { team: 'omega', bucket: S3 };

function condition(type: string, status = 'True', message = '') {
  return { type, status, observedGeneration: 1, lastTransitionTime: '2026-01-01T00:00:00Z', reason: 'Ok', message };
}

/** Metadata of an answer that went well. */
function metaOf(answer: Result<KubeObject, KubeFailure>): KubeObject['metadata'] {
  if (!answer.ok) throw new Error(`${answer.error.reason}: ${answer.error.message}`);
  return answer.value.metadata;
}

/** Of an object with many defaults of the server's own, what the operator looks at. */
function told(answer: Result<KubeObject, KubeFailure>): Result<unknown, KubeFailure> {
  if (!answer.ok) return answer;
  const { metadata, spec } = answer.value as KubeObject & { readonly spec?: { readonly template?: KubeObject } };
  const { name, uid, resourceVersion, generation, managedFields } = metadata;
  const appliers = managedFields?.filter(({ operation }) => operation === 'Apply');
  return ok({ name, uid, resourceVersion, generation, appliers, annotations: spec?.template?.metadata.annotations });
}

const configMap = (world: World, name: string, fields: object = {}) =>
  manifestOf(world, CONFIG_MAPS, name, { ...fields });
const secret = (world: World, name: string, fields: object = {}) => manifestOf(world, SECRETS, name, { ...fields });
const team = (world: World, name: string, fields: object = {}) => manifestOf(world, TEAM_STORAGES, name, { ...fields });

/** Short stories of what the operator relies on. */
export const SCRIPTS: readonly Script[] = [
  {
    name: 'create, read, create again, delete, read',
    async play(world, see) {
      const key = keyOf(world, 'a');
      see(
        await world.kube.create(
          CONFIG_MAPS,
          configMap(world, 'a', { data: { a: '1' }, metadata: { labels: { x: 'y' } } }),
        ),
      );
      see(await world.kube.get(CONFIG_MAPS, key));
      see(await world.kube.create(CONFIG_MAPS, configMap(world, 'a')));
      see(await world.kube.delete(CONFIG_MAPS, key));
      see(await world.kube.get(CONFIG_MAPS, key));
      see(await world.kube.create(CONFIG_MAPS, configMap(world, 'a', { data: { a: '1' } })));
    },
  },
  {
    name: 'a missing object, whatever is done with it',
    async play(world, see) {
      see(await world.kube.get(SECRETS, keyOf(world, 'none')));
      see(await world.kube.get(TEAM_STORAGES, keyOf(world, 'none')));
      see(await world.kube.delete(TEAM_STORAGES, keyOf(world, 'none')));
      see(await world.kube.replace(SECRETS, secret(world, 'none', { metadata: { resourceVersion: '1' } })));
      see(await world.kube.replace(TEAM_STORAGES, team(world, 'none', { spec: TEAM })));
      see(await world.kube.mergePatch(TEAM_STORAGES, keyOf(world, 'none'), { metadata: { labels: { a: 'b' } } }, BY));
      see(await world.kube.applyStatus(TEAM_STORAGES, team(world, 'none', { status: { region: 'x' } }), BY));
      see(await world.kube.applyStatus(TEAM_STORAGES, team(world, 'none', { metadata: { uid: 'x' }, status: {} }), BY));
      see(await world.kube.requestToken(keyOf(world, 'none'), { audience: 'x', seconds: 3600 }));
    },
  },
  {
    name: 'a type that is not served',
    async play(world, see) {
      const type = { group: 'nowhere.wandb.com', version: 'v1', plural: 'nothings', kind: 'Nothing' };
      see(await world.kube.get(type, keyOf(world, 'none')));
      see(await world.kube.list(type, world.namespace));
      see(await world.kube.apply(type, manifestOf(world, type, 'none'), BY));
      see(await world.kube.servedVersions('nowhere.wandb.com'));
      see(await world.kube.servedVersions('storage.wandb.com'));
      see(await world.kube.servedVersions('apps.wandb.com'));
      see(await world.kube.get({ ...TEAM_STORAGES, version: 'v9' }, keyOf(world, 'none')));
      see(await world.kube.applyStatus(CONFIG_MAPS, configMap(world, 'a'), BY));
    },
  },
  {
    name: 'a no-op apply keeps the version, a co-owner does not',
    async play(world, see) {
      const object = configMap(world, 'a', {
        data: { a: '1' },
        metadata: { labels: { 'app.kubernetes.io/name': 'y' } },
      });
      see(await world.kube.apply(CONFIG_MAPS, object, BY));
      see(await world.kube.apply(CONFIG_MAPS, object, BY));
      see(await world.kube.apply(CONFIG_MAPS, object, { fieldManager: 'argocd', force: false }));
      see(await world.kube.apply(CONFIG_MAPS, object, MILD));
    },
  },
  {
    name: 'an apply removes what it leaves out, but not what others own',
    async play(world, see) {
      const apply = async (data: object | undefined, by = BY) =>
        see(await world.kube.apply(CONFIG_MAPS, configMap(world, 'a', data === undefined ? {} : { data }), by));
      await apply({ a: '1', b: '1', c: '1' });
      await apply({ b: '1', d: '1' }, ARGO);
      await apply({ c: '1' });
      await apply(undefined);
      await apply({}, ARGO);
      await apply(undefined, ARGO);
    },
  },
  {
    name: 'labels and annotations that are applied no more',
    async play(world, see) {
      const metadata = { labels: { a: '1', b: '1' }, annotations: { a: '1' } };
      see(await world.kube.apply(CONFIG_MAPS, configMap(world, 'a', { metadata }), BY));
      see(await world.kube.apply(CONFIG_MAPS, configMap(world, 'a', { metadata: { labels: { a: '1' } } }), BY));
      see(await world.kube.apply(CONFIG_MAPS, configMap(world, 'a'), BY));
    },
  },
  {
    name: 'conflicts without force, and with force the field moves',
    async play(world, see) {
      see(await world.kube.apply(CONFIG_MAPS, configMap(world, 'a', { data: { a: '1', b: '1' } }), ARGO));
      await world.user('edit').mergePatch(CONFIG_MAPS, keyOf(world, 'a'), { data: { c: '1' } });
      see(await world.kube.apply(CONFIG_MAPS, configMap(world, 'a', { data: { a: '2' } }), MILD));
      see(await world.kube.apply(CONFIG_MAPS, configMap(world, 'a', { data: { c: '2' } }), MILD));
      see(await world.kube.apply(CONFIG_MAPS, configMap(world, 'a', { data: { a: '2', b: '2', c: '2' } }), MILD));
      see(await world.kube.get(CONFIG_MAPS, keyOf(world, 'a')));
      see(await world.kube.apply(CONFIG_MAPS, configMap(world, 'a', { data: { a: '2', c: '2' } }), BY));
      see(await world.kube.apply(CONFIG_MAPS, configMap(world, 'a', { data: { b: '1' } }), ARGO));
    },
  },
  {
    name: 'replace by version',
    async play(world, see) {
      const first = metaOf(see(await world.kube.create(SECRETS, secret(world, 'a', { data: { a: 'MQ==' } }))));
      const next = (data: object, metadata: object) =>
        world.kube.replace(SECRETS, secret(world, 'a', { data, metadata }));
      const { resourceVersion, uid } = first;
      see(await next({ a: 'MQ==' }, { resourceVersion }));
      see(await next({ a: 'Mg==' }, { resourceVersion }));
      see(await next({ a: 'Mw==' }, { resourceVersion }));
      see(await next({ b: 'Mw==' }, {}));
      see(await next({ a: 'NA==' }, { uid: '00000000-0000-0000-0000-000000000000' }));
      see(await next({}, { uid }));
    },
  },
  {
    name: 'a backup tool restores over an applied object: what it changed stays with a later apply',
    async play(world, see) {
      const metadata = { labels: { a: 'b' } };
      see(await world.kube.apply(SECRETS, secret(world, 'a', { metadata, data: { a: 'MQ==', b: 'MQ==' } }), BY));
      const restored = secret(world, 'a', { metadata, data: { a: 'Mg==', b: 'MQ==', old: 'MQ==' } });
      see(await world.user('velero').replace(SECRETS, restored));
      see(await world.kube.apply(SECRETS, secret(world, 'a', { metadata, data: { b: 'MQ==' } }), BY));
      see(await world.kube.apply(SECRETS, secret(world, 'a', { metadata, data: { a: 'MQ==' } }), BY));
      see(await world.kube.apply(SECRETS, secret(world, 'a', { metadata, data: { b: 'MQ==' } }), BY));
    },
  },
  {
    name: 'a backup tool makes the object anew: nothing of it is ours until we apply it, and it stays',
    async play(world, see) {
      const data = { a: 'MQ==', b: 'MQ==' };
      see(await world.user('velero').create(SECRETS, secret(world, 'a', { data })));
      see(await world.kube.apply(SECRETS, secret(world, 'a', { data }), BY));
      see(await world.kube.apply(SECRETS, secret(world, 'a', { data: { a: 'MQ==' } }), BY));
      see(await world.kube.apply(SECRETS, secret(world, 'a'), BY));
    },
  },
  {
    name: 'a UID in an apply',
    async play(world, see) {
      const other = '00000000-0000-0000-0000-000000000000';
      const apply = async (uid: string | undefined, a: string) =>
        see(await world.kube.apply(CONFIG_MAPS, configMap(world, 'a', { metadata: { uid }, data: { a } }), BY));
      await apply(other, '1');
      const { uid } = metaOf(see(await world.kube.create(CONFIG_MAPS, configMap(world, 'a'))));
      await apply(other, '1');
      await apply(uid, '1');
      await world.kube.delete(CONFIG_MAPS, keyOf(world, 'a'));
      await apply(uid, '1');
      await world.kube.create(CONFIG_MAPS, configMap(world, 'a'));
      await apply(uid, '1');
    },
  },
  {
    name: 'a version in an apply',
    async play(world, see) {
      const apply = async (resourceVersion: string | undefined, a: string) => {
        const object = configMap(world, 'a', { metadata: { resourceVersion }, data: { a } });
        return see(await world.kube.apply(CONFIG_MAPS, object, BY));
      };
      await apply('1', '1');
      const first = metaOf(await apply(undefined, '1'));
      await apply(first.resourceVersion, '2');
      await apply(first.resourceVersion, '3');
      await world.kube.delete(CONFIG_MAPS, keyOf(world, 'a'));
      await apply(first.resourceVersion, '4');
      see(await world.kube.get(CONFIG_MAPS, keyOf(world, 'a')));
    },
  },
  {
    name: 'an apply with the version of no object creates, and changes nothing that exists',
    async play(world, see) {
      const metadata = { resourceVersion: '1' };
      const apply = async (fields: object) => see(await world.kube.apply(SECRETS, secret(world, 'a', fields), BY));
      await apply({ metadata, type: 'Opaque', data: { a: 'MQ==' } });
      await apply({ metadata, type: 'Opaque', data: { a: 'MQ==' } });
      await apply({ metadata, type: 'Opaque', data: { a: 'Mg==' } });
      see(await world.kube.get(SECRETS, keyOf(world, 'a')));
      await apply({ data: {} });
      see(await world.user('kubectl').create(CONFIG_MAPS, configMap(world, 'a', { data: { a: '1' } })));
      see(await world.kube.apply(CONFIG_MAPS, configMap(world, 'a', { metadata, data: { a: '2' } }), BY));
      see(await world.kube.get(CONFIG_MAPS, keyOf(world, 'a')));
    },
  },
  {
    name: 'a UID and a version in an apply of a custom resource',
    async play(world, see) {
      const apply = async (metadata: object) =>
        see(await world.kube.apply(TEAM_STORAGES, team(world, 'a', { metadata, spec: TEAM }), BY));
      await apply({ uid: '00000000-0000-0000-0000-000000000000' });
      await apply({ resourceVersion: '1' });
      const { uid, resourceVersion } = metaOf(await apply({}));
      await apply({ uid: '00000000-0000-0000-0000-000000000000' });
      await apply({ resourceVersion: '1' });
      await apply({ uid, resourceVersion });
    },
  },
  {
    name: 'a status apply to an object that was deleted and made again',
    async play(world, see) {
      const { uid, resourceVersion } = metaOf(
        see(await world.kube.create(TEAM_STORAGES, team(world, 'a', { spec: TEAM }))),
      );
      const apply = async (metadata: object, region: string) =>
        see(await world.kube.applyStatus(TEAM_STORAGES, team(world, 'a', { metadata, status: { region } }), BY));
      await apply({ uid }, 'right-uid');
      await apply({ resourceVersion }, 'stale');
      await world.kube.delete(TEAM_STORAGES, keyOf(world, 'a'));
      await apply({ uid }, 'gone');
      see(await world.kube.create(TEAM_STORAGES, team(world, 'a', { spec: TEAM })));
      await apply({ uid }, 'of-the-old');
      await apply({ uid, resourceVersion }, 'of-the-old');
      await apply({ resourceVersion }, 'of-the-old');
      see(await world.kube.get(TEAM_STORAGES, keyOf(world, 'a')));
    },
  },
  {
    name: 'generation follows the spec alone',
    async play(world, see) {
      const key = keyOf(world, 'a');
      const user = world.user('kubectl');
      see(await user.create(TEAM_STORAGES, team(world, 'a', { spec: TEAM, status: { region: 'mine' } })));
      see(await user.mergePatch(TEAM_STORAGES, key, { metadata: { annotations: { a: 'b' } } }));
      see(await user.mergePatch(TEAM_STORAGES, key, { spec: { suspend: true } }));
      see(await user.mergePatch(TEAM_STORAGES, key, { spec: { suspend: true } }));
      see(await world.kube.applyStatus(TEAM_STORAGES, team(world, 'a', { status: { observedGeneration: 2 } }), BY));
      see(await user.mergePatch(TEAM_STORAGES, key, { status: { region: 'mine' } }));
      see(await user.mergePatch(TEAM_STORAGES, key, { spec: { suspend: null } }));
      see(await world.kube.apply(TEAM_STORAGES, team(world, 'a', { spec: { ...TEAM, suspend: true } }), ARGO));
      see(await world.kube.apply(TEAM_STORAGES, team(world, 'a', { spec: TEAM }), ARGO));
      see(await world.kube.applyStatus(TEAM_STORAGES, team(world, 'a', { status: {} }), BY));
    },
  },
  {
    name: 'conditions and checks are maps, in the order of who applies them',
    async play(world, see) {
      await world.kube.create(TEAM_STORAGES, team(world, 'a', { spec: TEAM }));
      const apply = async (status: object, by = BY) =>
        see(await world.kube.applyStatus(TEAM_STORAGES, team(world, 'a', { status }), by));
      const [a, b, c] = [condition('A'), condition('B'), condition('C')];
      await apply({ conditions: [a, b], checks: [{ name: 'X', result: 'Pass', reason: 'Ok' }] });
      await apply({ conditions: [b, a], checks: [{ name: 'Y', result: 'Pass', reason: 'Ok' }] });
      await apply({ conditions: [c] }, ARGO);
      await apply({ conditions: [a, c] }, MILD);
      await apply({ conditions: [c, a], checks: [] });
      await apply({ conditions: [condition('C', 'False'), b] }, MILD);
      await apply({ conditions: [condition('C', 'False'), b] }, ARGO);
      await apply({ conditions: [c] }, MILD);
      await apply({ region: 'x' });
      await apply({}, ARGO);
    },
  },
  {
    name: 'the status has bounds',
    async play(world, see) {
      await world.kube.create(TEAM_STORAGES, team(world, 'a', { spec: TEAM }));
      const apply = async (status: object) =>
        see(await world.kube.applyStatus(TEAM_STORAGES, team(world, 'a', { status }), BY));
      await apply({ conditions: [condition('A', 'True', 'x'.repeat(32769))] });
      await apply({ conditions: [condition('A', 'Perhaps')] });
      await apply({ conditions: [{ ...condition('A'), reason: 'not a reason' }] });
      await apply({ conditions: [{ type: 'A', status: 'True' }] });
      await apply({ conditions: Array.from({ length: 33 }, (_, index) => condition(`A${String(index)}`)) });
      await apply({ checks: [{ name: 'X', result: 'Pass', reason: 'Ok', message: 'x'.repeat(2049) }] });
      await apply({ region: 'é'.repeat(63) });
      await apply({ region: 'é'.repeat(64) });
      await apply({ observedGeneration: -2 });
      await apply({ lastFullValidationTime: 'yesterday' });
      see(await world.kube.get(TEAM_STORAGES, keyOf(world, 'a')));
    },
  },
  {
    name: 'the spec has bounds',
    async play(world, see) {
      const create = async (name: string, spec: object) =>
        see(await world.kube.create(TEAM_STORAGES, team(world, name, { spec })));
      await create('a', { ...TEAM, team: 'x'.repeat(300) });
      await create('b', { bucket: S3 });
      await create('c', { ...TEAM, bucket: { ...S3, provider: 'Floppy' } });
      await create('d', { ...TEAM, suspend: 'yes' });
      see(await world.kube.apply(TEAM_STORAGES, team(world, 'e', { spec: { ...TEAM, team: 'x'.repeat(300) } }), BY));
      see(await world.kube.create(TEAM_STORAGES, team(world, 'f')));
      see(await world.kube.create(TEAM_STORAGES, team(world, 'Not A Name', { spec: TEAM })));
    },
  },
  {
    name: 'unknown fields are dropped by a create and refused by an apply',
    async play(world, see) {
      const spec = { ...TEAM, unheard: 'of', bucket: { ...S3, of: 'it' } };
      see(await world.kube.create(TEAM_STORAGES, team(world, 'a', { spec, more: 1 })));
      see(await world.kube.create(CONFIG_MAPS, configMap(world, 'a', { data: { a: '1' }, more: 1 })));
      see(await world.kube.apply(TEAM_STORAGES, team(world, 'b', { spec: { ...TEAM, unheard: 'of' } }), BY));
      see(
        await world.kube.applyStatus(
          TEAM_STORAGES,
          team(world, 'a', { status: { conditions: [{ ...condition('A'), x: 1 }] } }),
          BY,
        ),
      );
      see(await world.kube.apply(CONFIG_MAPS, configMap(world, 'b', { more: 1 }), BY));
    },
  },
  {
    name: 'an item twice in one list',
    async play(world, see) {
      await world.kube.create(TEAM_STORAGES, team(world, 'a', { spec: TEAM }));
      const status = { conditions: [condition('A'), condition('A')] };
      see(await world.kube.applyStatus(TEAM_STORAGES, team(world, 'a', { status }), BY));
    },
  },
  {
    name: 'replace of a custom resource',
    async play(world, see) {
      see(await world.kube.create(TEAM_STORAGES, team(world, 'a', { spec: TEAM })));
      const applied = await world.kube.applyStatus(TEAM_STORAGES, team(world, 'a', { status: { region: 'x' } }), BY);
      const { resourceVersion } = metaOf(see(applied));
      see(await world.kube.replace(TEAM_STORAGES, team(world, 'a', { spec: TEAM })));
      see(await world.kube.replace(TEAM_STORAGES, team(world, 'a', { metadata: { resourceVersion }, spec: TEAM })));
      const spec = { ...TEAM, suspend: true };
      see(await world.kube.replace(TEAM_STORAGES, team(world, 'a', { metadata: { resourceVersion }, spec })));
      see(await world.kube.replace(TEAM_STORAGES, team(world, 'a', { metadata: { resourceVersion }, spec })));
    },
  },
  {
    name: 'owners of fields are released, or all forgotten, by a patch',
    async play(world, see) {
      const key = keyOf(world, 'a');
      see(await world.kube.apply(CONFIG_MAPS, configMap(world, 'a', { data: { a: '1' } }), ARGO));
      const { managedFields = [], resourceVersion = '' } = metaOf(
        see(await world.kube.apply(CONFIG_MAPS, configMap(world, 'a', { data: { b: '1', c: '1' } }), BY)),
      );
      const left = managedFields.filter(({ manager }) => manager !== 'byob');
      see(
        await world.kube.mergePatch(CONFIG_MAPS, key, { metadata: { resourceVersion: '1', managedFields: left } }, BY),
      );
      see(await world.kube.mergePatch(CONFIG_MAPS, key, { metadata: { resourceVersion, managedFields: left } }, BY));
      see(await world.kube.mergePatch(CONFIG_MAPS, key, { metadata: { managedFields: [] } }, BY));
      see(await world.user('edit').mergePatch(CONFIG_MAPS, key, { data: { d: '1' } }));
      see(await world.kube.apply(CONFIG_MAPS, configMap(world, 'a', { data: { b: '2' } }), MILD));
      see(await world.kube.apply(CONFIG_MAPS, configMap(world, 'a', { data: { b: '2' } }), BY));
      see(await world.kube.apply(CONFIG_MAPS, configMap(world, 'a'), BY));
      see(await world.kube.apply(CONFIG_MAPS, configMap(world, 'a', { metadata: { managedFields: left } }), BY));
    },
  },
  {
    name: 'an edit takes what it changes from its applier',
    async play(world, see) {
      const key = keyOf(world, 'a');
      see(await world.kube.apply(CONFIG_MAPS, configMap(world, 'a', { data: { a: '1', b: '1', c: '1' } }), BY));
      see(await world.user('edit').mergePatch(CONFIG_MAPS, key, { data: { a: '2', b: null } }));
      see(await world.user('edit').mergePatch(CONFIG_MAPS, key, { metadata: { labels: { x: 'y' } } }));
      see(await world.kube.apply(CONFIG_MAPS, configMap(world, 'a', { data: { a: '1' } }), BY));
      see(await world.user('edit').mergePatch(CONFIG_MAPS, key, { data: null, metadata: { labels: null } }));
      see(await world.kube.apply(CONFIG_MAPS, configMap(world, 'a', { data: { a: '1' } }), BY));
    },
  },
  {
    name: 'Secrets and ConfigMaps have bounds',
    async play(world, see) {
      const half = Buffer.alloc(512 * 1024).toString('base64');
      const create = async (name: string, fields: object) => {
        const made = await world.kube.create(SECRETS, secret(world, name, fields));
        return see(made.ok ? ok(undefined) : made);
      };
      await create('a', { data: { a: half, b: half } });
      await create('b', { data: { a: half, b: half, c: 'MQ==' } });
      await create('c', { data: { 'not a key': 'MQ==' } });
      await create('d', { type: 'storage.wandb.com/ledger', metadata: { labels: { x: 'x'.repeat(64) } } });
      await create('e', { type: 'storage.wandb.com/ledger' });
      see(await world.kube.replace(SECRETS, secret(world, 'e')));
      see(await world.kube.apply(SECRETS, secret(world, 'e', { type: 'Opaque' }), BY));
      see(
        await world.kube.create(CONFIG_MAPS, configMap(world, 'a', { data: { a: 'x'.repeat(1024 * 1024), b: 'x' } })),
      );
      see(await world.kube.apply(CONFIG_MAPS, configMap(world, 'x'.repeat(254), {}), BY));
    },
  },
  {
    name: 'a list by labels',
    async play(world, see) {
      for (const [name, labels] of [
        ['b', { x: 'y', z: '1' }],
        ['a', { x: 'y' }],
        ['c', { x: 'other' }],
      ] as const) {
        await world.kube.create(SECRETS, secret(world, name, { metadata: { labels } }));
      }
      see(await world.kube.list(SECRETS, world.namespace));
      see(await world.kube.list(SECRETS, world.namespace, 'x=y'));
      see(await world.kube.list(SECRETS, world.namespace, 'x=y,z=1'));
      see(await world.kube.list(SECRETS, world.namespace, 'q=y'));
    },
  },
  {
    name: 'a Deployment is restarted by an annotation of its template',
    async play(world, see) {
      const labels = { app: 'wandb' };
      const spec = {
        selector: { matchLabels: labels },
        replicas: 0,
        template: { metadata: { labels }, spec: { containers: [{ name: 'a', image: 'none.example/a' }] } },
      };
      const deployment = (fields: object) => manifestOf(world, DEPLOYMENTS, 'a', { ...fields });
      const { uid = '' } = metaOf(await world.user('helm').create(DEPLOYMENTS, deployment({ spec })));
      const restart = async (hash: string, of: string) => {
        const annotated = { template: { metadata: { annotations: { hash } } } };
        const applied = await world.kube.apply(
          DEPLOYMENTS,
          deployment({ metadata: { uid: of }, spec: annotated }),
          MILD,
        );
        const answer = told(applied);
        return see(answer.ok ? ok({ ...(answer.value as object), resourceVersion: undefined }) : answer);
      };
      await restart('one', uid);
      await restart('one', uid);
      await restart('two', uid);
      await restart('two', '00000000-0000-0000-0000-000000000000');
      await world.user('helm').delete(DEPLOYMENTS, keyOf(world, 'a'));
      await restart('three', uid);
    },
  },
  {
    name: 'two versions of one W&B resource, and a list that has one owner',
    async play(world, see) {
      const [v1, v2] = [weightsAndBiases('v1'), weightsAndBiases('v2')];
      const env = (name: string) => ({
        wandb: { legacyOverrides: { app: { env: [{ name, value: '1' }] } } },
        objectStore: { default: { externalObjectStore: { bucket: { name: 's', key: 'bucket' } } } },
      });
      see(
        await world.kube.apply(
          v1,
          manifestOf(world, v1, 'a', { spec: { values: { global: { a: 1, b: { c: [1] } } } } }),
          ARGO,
        ),
      );
      see(await world.kube.apply(v2, manifestOf(world, v2, 'a', { spec: env('MINE') }), MILD));
      see(await world.kube.apply(v2, manifestOf(world, v2, 'a', { spec: env('MINE') }), MILD));
      see(await world.kube.get(v1, keyOf(world, 'a')));
      see(await world.kube.apply(v2, manifestOf(world, v2, 'a', { spec: env('THEIRS') }), { ...ARGO, force: false }));
      see(
        await world.kube.apply(v1, manifestOf(world, v1, 'a', { spec: { values: { global: { b: { d: 1 } } } } }), ARGO),
      );
      see(await world.kube.apply(v1, manifestOf(world, v1, 'a', { spec: { values: { global: { a: 2 } } } }), MILD));
      see(await world.kube.apply(v2, manifestOf(world, v2, 'a', { spec: {} }), MILD));
      see(await world.kube.list(v2, world.namespace));
    },
  },
  {
    name: 'lists that are sets, in the spec of an instance',
    async play(world, see) {
      const apply = async (variables: readonly string[], by: typeof BY) => {
        const spec = {
          deployment: { type: 'SelfManaged', cloud: 'OnPremises' },
          bucket: S3,
          validation: { ignore: variables },
        };
        return see(await world.kube.apply(INSTANCE_STORAGES, manifestOf(world, INSTANCE_STORAGES, 'a', { spec }), by));
      };
      await apply(['RegionMatches', 'PresignedUrls'], ARGO);
      await apply(['PresignedUrls', 'CorsAllowsApp'], BY);
      await apply(['CorsAllowsApp'], BY);
      await apply([], ARGO);
    },
  },
];
