import { expect, it } from '@jest/globals';
import { createApiServer } from '../../../test/support/api-server/server.ts';
import { createFakeClock } from '../../../test/support/fakes/clock.ts';
import { CONFIG_MAPS } from '../../api/resources.ts';
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
