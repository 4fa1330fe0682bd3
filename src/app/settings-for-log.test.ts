import { expect, it } from '@jest/globals';
import { without } from '../base/defined.ts';
import { PUBLIC_CLOUDS } from '../domain/bucket/store-endpoint.ts';
import type { OperatorOptions } from './operator-options.ts';
import { settingsForLog } from './settings-for-log.ts';

const DEFAULTS: OperatorOptions = {
  version: '1.2.3',
  namespaces: ['wandb'],
  health: { host: '0.0.0.0', port: 8081 },
  metrics: { host: '0.0.0.0', port: 8080 },
  workers: 16,
  allowedEndpoints: [],
  deniedCidrs: [],
  requireSecretLabel: true,
  allowPublicBuckets: false,
  clouds: PUBLIC_CLOUDS,
  proxy: {},
  threadPoolSize: undefined,
  clusterApiServer: undefined,
};

it('has version, namespaces and workers, and no flag that was not set', () => {
  expect(settingsForLog(DEFAULTS)).toEqual({ version: '1.2.3', namespaces: ['wandb'], workers: 16 });
});

it('has each flag that was set', () => {
  expect(
    settingsForLog({
      ...without(DEFAULTS, 'namespaces'),
      watchLabelSelector: { text: 'shard=a', requirements: [] },
      allowedEndpoints: ['minio.acme.example'],
      deniedCidrs: ['10.0.0.0/8'],
      requireSecretLabel: false,
      allowPublicBuckets: true,
      clouds: { ...PUBLIC_CLOUDS, gcs: 'https://gcs.acme.example' },
    }),
  ).toEqual({
    version: '1.2.3',
    namespaces: 'all',
    workers: 16,
    watchLabelSelector: 'shard=a',
    allowedEndpoints: ['minio.acme.example'],
    deniedCidrs: ['10.0.0.0/8'],
    endpoints: { gcs: 'https://gcs.acme.example' },
    secretsWithoutLabel: true,
    allowPublicBuckets: true,
  });
});

it.each(['http://user:pass@proxy.acme.example:3128', 'user:pass@proxy.acme.example:3128'])(
  'has of a proxy the host alone: %s',
  (httpsProxy) => {
    const settings = settingsForLog({ ...DEFAULTS, proxy: { httpsProxy } });
    expect(settings).toMatchObject({ httpsProxy: 'proxy.acme.example:3128' });
    expect(JSON.stringify(settings)).not.toContain('pass');
  },
);
