import { isDeepStrictEqual } from '../base/deep-equal.ts';
import { ObservableMap } from '../runtime/observable-map.ts';
import { createProvision, type Provisions } from '../controllers/provision/provision.ts';
import type { ReferenceReader } from '../controllers/references/references.ts';
import type { ConditionDraft } from '../domain/conditions/conditions.ts';
import { createWandbServer } from '../drivers/wandb/wandb-server.ts';
import type { PlainHttp } from '../ports/http.ts';
import type { Reconcile } from '../runtime/controller.ts';

type ProvisionDeps = Omit<Parameters<typeof createProvision>[0], 'provisions' | 'readApiKey' | 'connect'> & {
  readonly references: Pick<ReferenceReader, 'readApiKey'>;
  readonly http: PlainHttp;
};

/** Wires the creation of teams, and the map of its results. */
export function wireProvision(deps: ProvisionDeps): {
  readonly provisions: Provisions;
  readonly reconcile: Reconcile;
} {
  const provisions: Provisions = new ObservableMap<string, ConditionDraft>(isDeepStrictEqual);
  const { reconcile } = createProvision({
    ...deps,
    provisions,
    readApiKey: (...asked) => deps.references.readApiKey(...asked),
    connect: (access) => createWandbServer({ http: deps.http, access }),
  });
  return { provisions, reconcile };
}
