import { randomUUID } from 'node:crypto';
import { systemClock } from '../../src/app/system-clock.ts';
import type { BucketTarget } from '../../src/domain/bucket/target.ts';
import { Secret } from '../../src/base/secret.ts';
import { PUBLIC_CLOUDS } from '../../src/domain/bucket/store-endpoint.ts';
import { createOpenBucket } from '../../src/drivers/registry.ts';
import { createKubeClient } from '../../src/kube/client.ts';
import { createKubeConnection } from '../../src/kube/connection.ts';
import { loadKubeConfig } from '../../src/kube/kube-config.ts';
import { createAddressPolicy } from '../../src/net/address-policy.ts';
import { createGuardedHttp } from '../../src/net/guarded-http.ts';
import type { KubeClient } from '../../src/ports/kube.ts';
import { createProber, PROBE_LIMITS } from '../../src/probes/prober.ts';

export interface BareKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The operator's own prober and Kubernetes client alone, for the floors. */
export interface Bare {
  readonly kube: KubeClient;
  /** Runs one full probe and returns its number of requests. */
  probe(at: {
    readonly name: string;
    readonly bucket: string;
    readonly path: string;
    readonly key: BareKey;
  }): Promise<number>;
  close(): Promise<void>;
}

export function createBare(plan: {
  readonly kubeconfig: string;
  /** Of MinIO. */
  readonly endpoint: string;
  readonly appOrigin: string;
}): Bare {
  const connection = createKubeConnection(loadKubeConfig({ file: plan.kubeconfig }));
  const policy = createAddressPolicy({ allowedEndpoints: ['127.0.0.0/8'], deniedCidrs: [], apiServerAddresses: [] });
  const net = createGuardedHttp({ policy, proxy: {} });
  const prober = createProber({
    openBucket: createOpenBucket({ net, clouds: PUBLIC_CLOUDS }),
    http: net.http,
    clock: systemClock,
    randomId: () => randomUUID().replaceAll('-', ''),
    limits: PROBE_LIMITS,
  });
  const url = new URL(plan.endpoint);
  return {
    kube: createKubeClient(connection),
    async probe({ name, bucket, path, key }) {
      const target: BucketTarget = {
        storage: {
          provider: 'S3Compatible',
          name: bucket,
          path,
          region: 'us-east-1',
          addressing: 'Path',
          endpoint: { scheme: 'http', host: url.hostname, port: Number(url.port) },
          credentials: {
            kind: 'AccessKey',
            secretName: 'root',
            accessKeyIdKey: 'ACCESS_KEY',
            secretAccessKeyKey: 'SECRET_KEY',
          },
        },
        credential: {
          kind: 'AccessKey',
          accessKeyId: key.accessKeyId,
          secretAccessKey: new Secret(key.secretAccessKey),
        },
      };
      const seen = await prober.run(
        {
          uid: randomUUID(),
          target,
          endpoint: plan.endpoint,
          mode: 'Full',
          urgent: true,
          appOrigin: plan.appOrigin,
          identity: name,
        },
        new AbortController().signal,
      );
      return seen?.requests ?? 0;
    },
    async close() {
      await Promise.all([net.close(), connection.close()]);
    },
  };
}
