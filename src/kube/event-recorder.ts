import type { Clock } from '../ports/clock.ts';
import type { KubeObject, ResourceType } from '../api/object.ts';
import type { EventRecorder, KubeClient } from '../ports/kube.ts';
import type { Log } from '../ports/log.ts';
import { microTime } from './micro-time.ts';

const EVENTS: ResourceType<EventObject> = { group: 'events.k8s.io', version: 'v1', plural: 'events', kind: 'Event' };

/** client-go's spam filter: a burst of 25 for each object, then one in five minutes. */
const BURST = 25;
const REFILL_MS = 300_000;
/** With more objects, the one without an event for the longest time loses its count. */
const MAX_OBJECTS = 10_000;
/**
 * Requests at the same time. Each one that finds no free connection opens another, and a publication of thousands of teams
 * records thousands of events in one step.
 */
const AT_ONCE = 4;
/** Events that wait; more are dropped. */
const MAX_WAITING = 10_000;
/** The API server counts bytes. */
const MAX_NOTE_BYTES = 1024;

/**
 * Records events, best effort: a failure is logged, never returned. The rate is
 * limited for each object, so that one that changes all the time does not affect the others.
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
}): EventRecorder & {
  /**
   * Resolves when every recorded event was answered; each call has the client's deadline. After one without an answer,
   * those that wait are dropped.
   */
  drain(): Promise<void>;
} {
  const waiting = new Set<EventObject>();
  const senders = new Set<Promise<void>>();
  let sending = 0;
  let isDraining = false;
  /** In the order of last use. An event costs `REFILL_MS` of credit; credit grows with time. */
  const eventCredits = new Map<string, { readonly credit: number; readonly at: number }>();

  function allowed(id: string): boolean {
    const now = deps.clock.monotonic();
    const bucket = eventCredits.get(id) ?? { credit: BURST * REFILL_MS, at: now };
    const credit = Math.min(BURST * REFILL_MS, bucket.credit + now - bucket.at);
    const pays = credit >= REFILL_MS;
    eventCredits.delete(id);
    // A dropped event costs nothing: otherwise an object with constant events would never have one recorded again.
    eventCredits.set(id, { credit: pays ? credit - REFILL_MS : credit, at: now });
    const [quietest] = eventCredits.keys();
    if (eventCredits.size > MAX_OBJECTS && quietest !== undefined) eventCredits.delete(quietest);
    return pays;
  }

  async function sendWaiting(): Promise<void> {
    sending += 1;
    for (const event of waiting) {
      waiting.delete(event);
      const created = await deps.kube.create(EVENTS, event);
      if (created.ok) continue;
      const { name, namespace } = event.regarding;
      deps.log.debug({ reason: created.error.reason, name, namespace }, 'event not recorded');
      if (isDraining && created.error.status === 0) waiting.clear();
    }
    sending -= 1;
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
        note: cut(note, MAX_NOTE_BYTES),
        reportingController: deps.controller,
        reportingInstance: deps.instance.slice(0, 128),
        regarding: { apiVersion: regarding.apiVersion, kind: regarding.kind, name, namespace, uid, resourceVersion },
      };
      if (waiting.size >= MAX_WAITING) {
        deps.log.debug({ reason: 'TooManyWait', name, namespace }, 'event not recorded');
        return;
      }
      waiting.add(event);
      if (sending === AT_ONCE) return;
      const sender = sendWaiting().then(() => void senders.delete(sender));
      senders.add(sender);
    },
    async drain() {
      isDraining = true;
      await Promise.all(senders);
    },
  };
}

interface EventObject extends KubeObject {
  readonly regarding: { readonly name: string; readonly namespace: string };
}

/** The longest prefix of whole characters in at most so many bytes. */
function cut(text: string, bytes: number): string {
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(bytes));
  return text.slice(0, read);
}
