import { isDeepStrictEqual } from '../base/deep-equal.ts';
import { ObservableMap } from '../runtime/observable-map.ts';
import { createDelivery } from '../controllers/delivery/delivery.ts';
import { createDeliveryTargets } from '../controllers/delivery/delivery-target.ts';
import type { InstanceDelivery } from '../controllers/delivery/instance-delivery.ts';
import { createRestarts } from '../controllers/delivery/restart.ts';
import type { Clock } from '../ports/clock.ts';
import type { KubeClient } from '../ports/kube.ts';
import type { Reconcile } from '../runtime/controller.ts';

/** Dependencies of the delivery, except those that are created here. */
type DeliveryDeps = Omit<Parameters<typeof createDelivery>[0], 'deliveries' | 'targets' | 'restarts'> & {
  readonly kube: KubeClient;
  readonly clock: Clock;
};

/** Wires the delivery to the W&B server, and the map of its results. */
export function wireDelivery(deps: DeliveryDeps): {
  readonly deliveries: ObservableMap<string, InstanceDelivery>;
  readonly reconcile: Reconcile;
} {
  const deliveries = new ObservableMap<string, InstanceDelivery>(isDeepStrictEqual);
  const { reconcile } = createDelivery({
    ...deps,
    deliveries,
    targets: createDeliveryTargets(deps),
    restarts: createRestarts(deps),
  });
  return { deliveries, reconcile };
}
