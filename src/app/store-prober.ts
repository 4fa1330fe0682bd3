import { randomBytes } from 'node:crypto';
import { createOpenBucket } from '../drivers/registry.ts';
import { createAddressPolicy } from '../net/address-policy.ts';
import { createGuardedHttp } from '../net/guarded-http.ts';
import { createProber, PROBE_LIMITS, type Prober } from '../probes/prober.ts';
import { createSurveys } from '../probes/surveys.ts';
import type { OperatorOptions } from './operator-options.ts';
import { systemClock } from './system-clock.ts';

/** A prober outside of the operator. `stop` removes what running probes have written, and closes all connections. */
export type StoreProber = Prober;

/** Wires a prober with the operator's limits and rules for addresses. */
export function createStoreProber(
  options: Pick<OperatorOptions, 'allowedEndpoints' | 'deniedCidrs' | 'proxy' | 'clouds' | 'threadPoolSize'>,
): StoreProber {
  const { allowedEndpoints, deniedCidrs, proxy, clouds, threadPoolSize } = options;
  const policy = createAddressPolicy({ allowedEndpoints, deniedCidrs, apiServerAddresses: [] });
  const net = createGuardedHttp({ policy, proxy, threadPoolSize });
  const prober = createProber({
    openBucket: createOpenBucket({ net, clouds }),
    http: net.http,
    clock: systemClock,
    randomId: () => randomBytes(16).toString('hex'),
    limits: PROBE_LIMITS,
    surveys: createSurveys(),
  });
  return {
    run: (request, signal) => prober.run(request, signal),
    async stop() {
      await prober.stop();
      await net.close();
    },
  };
}
