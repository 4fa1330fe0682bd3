import type { Clock } from '../ports/clock.ts';
import type { EventRecorder, KubeClient, KubeObject, ResourceType } from '../ports/kube.ts';
import type { Log } from '../ports/log.ts';
import { microTime } from './micro-time.ts';

const EVENTS: ResourceType<KubeObject> = { group: 'events.k8s.io', version: 'v1', plural: 'events', kind: 'Event' };

/** client-go's spam filter: a burst of 25 for each object, then one in five minutes. */
const BURST = 25;
const REFILL_MS = 300_000;

/**
 * Records events best effort: a failure is logged, never returned. An object
 * that changes its mind all the time is cut off, the others are not.
 */
export function createEventRecorder(deps: {
  readonly kube: KubeClient;
  readonly clock: Clock;
  readonly log: Log;
  /** `reportingController`, such as `storage.wandb.com/byob-operator`. */
  readonly controller: string;
  /** Name of this process, such as the pod's. */
  readonly instance: string;
  readonly randomSuffix: () => string;
}): EventRecorder {
  const buckets = new Map<string, { tokens: number; at: number }>();

  function allowed(id: string): boolean {
    const now = deps.clock.monotonic();
    const bucket = buckets.get(id) ?? { tokens: BURST, at: now };
    const tokens = Math.min(BURST, bucket.tokens + (now - bucket.at) / REFILL_MS);
    buckets.set(id, { tokens: Math.max(0, tokens - 1), at: now });
    // Full buckets are as good as none: forget them before they pile up.
    if (buckets.size > 10_000) for (const [key, { tokens: left }] of buckets) if (left > BURST - 2) buckets.delete(key);
    return tokens >= 1;
  }

  return {
    record({ regarding, type, reason, action, note }) {
      const { name, namespace = 'default', uid, resourceVersion } = regarding.metadata;
      if (!allowed(uid ?? `${namespace}/${name}`)) return;
      const event = {
        apiVersion: 'events.k8s.io/v1',
        kind: 'Event',
        metadata: { name: `${name.slice(0, 200)}.${deps.randomSuffix()}`, namespace },
        eventTime: microTime(deps.clock.now()),
        type,
        reason,
        action,
        note: note.slice(0, 1024),
        reportingController: deps.controller,
        reportingInstance: deps.instance.slice(0, 128),
        regarding: { apiVersion: regarding.apiVersion, kind: regarding.kind, name, namespace, uid, resourceVersion },
      };
      void deps.kube.create(EVENTS, event).then((created) => {
        if (!created.ok) deps.log.debug({ reason: created.error.reason, name, namespace }, 'event not recorded');
      });
    },
  };
}
