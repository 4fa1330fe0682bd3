import { announcedAddresses } from '../kube/announced-addresses.ts';
import type { KubeConnection } from '../kube/connection.ts';
import { createAddressPolicy } from '../net/address-policy.ts';
import { createGuardedHttp, type GuardedHttp } from '../net/guarded-http.ts';
import type { Clock } from '../ports/clock.ts';
import type { RuntimeMetrics } from '../ports/metrics.ts';
import { createApiServerAddresses, type ApiServerAddresses } from './api-server-addresses.ts';
import type { OperatorOptions } from './operator-options.ts';

/** Wires the connector to stores, and the look-up of the API server's addresses, which the connector refuses. */
export function wireNetwork(
  options: OperatorOptions,
  deps: {
    readonly connection: KubeConnection;
    /** URL of the API server in the kubeconfig. */
    readonly server: string | undefined;
    readonly metrics: RuntimeMetrics;
    readonly clock: Clock;
  },
): { readonly net: GuardedHttp; readonly apiServerAddresses: ApiServerAddresses } {
  const apiServerAddresses = createApiServerAddresses({
    urls: [deps.server, options.clusterApiServer],
    announced: () => announcedAddresses(deps.connection),
    resolve: (host) => net.resolve(host),
    clock: deps.clock,
  });
  const net = createGuardedHttp({
    policy: createAddressPolicy({
      allowedEndpoints: options.allowedEndpoints,
      deniedCidrs: options.deniedCidrs,
      apiServerAddresses,
    }),
    proxy: options.proxy,
    threadPoolSize: options.threadPoolSize,
  });
  deps.metrics.nameLookups(() => net.lookups());
  return { net, apiServerAddresses };
}
