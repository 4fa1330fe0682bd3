import { expect, it } from '@jest/globals';
import { createApiServer } from '../../../test/support/api-server/server.ts';
import { createFakeClock } from '../../../test/support/fakes/clock.ts';
import { CONFIG_MAPS, SECRETS } from '../../api/resources.ts';
import type { PartialObject } from '../../api/object.ts';
import { parseBucket } from '../../domain/spec/parse-bucket.ts';
import { createReferenceReader } from './references.ts';

const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----';
const CA = { namespace: 'wandb', name: 'ca' };

it('keeps nothing of a ConfigMap that was changed or deleted', async () => {
  const api = createApiServer({ clock: createFakeClock() });
  const user = api.user('kubectl');
  const manifest = { apiVersion: 'v1', kind: 'ConfigMap', metadata: CA, data: { 'ca.crt': PEM } } as const;
  const created = await user.create(CONFIG_MAPS, manifest);
  if (!created.ok) throw new Error(created.error.message);
  const cached = (object: PartialObject | undefined) => ({ synced: true, get: () => object, list: () => [] });
  let reads = 0;
  api.onRequest(({ by, kind }) => {
    if (by === 'client' && kind === 'ConfigMap') reads += 1;
  });
  const references = createReferenceReader({
    kube: api.client('byob-operator'),
    allowedSecrets: cached(undefined),
    configMaps: cached(created.value),
    tokens: { open: () => Promise.reject(new Error('no token is needed')) },
    ambient: {},
    requireLabel: true,
  });
  const bucket = parseBucket(
    {
      provider: 'S3Compatible',
      name: 'runs',
      s3Compatible: {
        endpoint: 'https://minio.example',
        region: 'us-east-1',
        caBundle: { configMapKeyRef: { name: 'ca' } },
      },
    },
    'spec.bucket',
  );
  if (!bucket.ok) throw new Error(bucket.error.message);
  const prover = { kind: 'AccessKey', secretName: 'k', accessKeyIdKey: 'a', secretAccessKeyKey: 'b' } as const;
  await user.create({ group: '', version: 'v1', plural: 'secrets', kind: 'Secret' }, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { namespace: 'wandb', name: 'k', labels: { 'storage.wandb.com/allow': 'true' } },
    data: { a: Buffer.from('AKIAEXAMPLE').toString('base64'), b: Buffer.from('secret').toString('base64') },
  } as never);
  const read = () => references.read({ kind: 'InstanceStorage', namespace: 'wandb', storage: bucket.value, prover });

  expect(await read()).toMatchObject({ ok: true, value: { caBundle: PEM } });
  await read();
  expect(reads).toBe(1);
  references.forget('ConfigMap', CA);
  await read();
  expect(reads).toBe(2);
});

it('reads a credential once for all who refer to the same keys of a Secret, and anew once it has changed', async () => {
  const api = createApiServer({ clock: createFakeClock() });
  const user = api.user('kubectl');
  const labels = { 'storage.wandb.com/allow': 'true' };
  const encoded = (values: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')]));
  let secret: PartialObject | undefined;
  const put = async (values: Readonly<Record<string, string>>): Promise<void> => {
    const manifest = { apiVersion: 'v1', kind: 'Secret', metadata: { namespace: 'wandb', name: 'k', labels } };
    const written = await user.apply(SECRETS, { ...manifest, data: encoded(values) } as never, {
      fieldManager: 'kubectl',
      force: true,
    });
    if (!written.ok) throw new Error(written.error.message);
    secret = written.value;
  };
  const references = createReferenceReader({
    kube: api.client('byob-operator'),
    allowedSecrets: { synced: true, get: () => secret, list: () => [] },
    configMaps: { synced: true, get: () => undefined, list: () => [] },
    tokens: { open: () => Promise.reject(new Error('no token is needed')) },
    ambient: {},
    requireLabel: true,
  });
  const read = async (accessKeyIdKey: string) => {
    const credentials = { kind: 'AccessKey', secretName: 'k', accessKeyIdKey, secretAccessKeyKey: 's' } as const;
    const storage = { provider: 'S3', name: 'runs', path: '', region: 'eu-central-1', credentials } as const;
    const found = await references.read({ kind: 'TeamStorage', namespace: 'wandb', storage });
    return found.ok ? found.value.credential : found.error.reason;
  };

  await put({ a: 'AKIAONE', other: 'AKIAOTHER', s: 'secret' });
  const first = await read('a');
  expect(first).toMatchObject({ accessKeyId: 'AKIAONE' });
  expect(await read('a')).toBe(first);
  expect(await read('other')).toMatchObject({ accessKeyId: 'AKIAOTHER' });
  expect(await read('later')).toBe('SecretKeyMissing');

  await put({ a: 'AKIATWO', later: 'AKIALATER', s: 'secret' });
  expect(await read('a')).toMatchObject({ accessKeyId: 'AKIATWO' });
  expect(await read('later')).toMatchObject({ accessKeyId: 'AKIALATER' });
});
