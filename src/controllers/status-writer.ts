import { isDeepStrictEqual } from 'node:util';
import { findCondition, type Condition } from '../domain/conditions.ts';
import { redact } from '../domain/redaction.ts';
import { ok, type Result } from '../domain/result.ts';
import type { Applied, EventRecorder, KubeClient, KubeFailure, ObjectCache, ResourceType } from '../ports/kube.ts';
import type { Log } from '../ports/log.ts';
import { FIELD_MANAGER } from './publication/output-writer.ts';
import type { StorageObject } from './subject.ts';

/**
 * Writes the status of one kind, and only when it says something new: at rest
 * nothing is written (design 3). Records an event when the reason of Ready changes.
 */
export function createStatusWriter<T extends StorageObject>(deps: {
  readonly kube: KubeClient;
  readonly type: ResourceType<T>;
  readonly cache: Pick<ObjectCache<T>, 'get'>;
  readonly events: EventRecorder;
  readonly log: Log;
}) {
  /** Our last write by UID, for as long as the cache still shows what it replaced. */
  const pending = new Map<string, { readonly replaced: string | undefined; readonly written: T['status'] }>();

  /** The object with the newest status that we know of: the cache, or our own write that it has not seen yet. */
  function current(object: T): T {
    const uid = object.metadata.uid ?? '';
    const last = pending.get(uid);
    if (last === undefined) return object;
    if (last.replaced === object.metadata.resourceVersion) return { ...object, status: last.written };
    pending.delete(uid);
    return object;
  }

  async function write(object: T, status: NonNullable<T['status']>): Promise<Result<void, KubeFailure>> {
    const clean = redacted(status);
    const before = current(object).status;
    if (isDeepStrictEqual(before, clean)) return ok(undefined);
    const { name, namespace } = object.metadata;
    const manifest = {
      apiVersion: object.apiVersion,
      kind: object.kind,
      metadata: { name, ...(namespace !== undefined && { namespace }) },
      status: clean,
    };
    const applied = await deps.kube.applyStatus(deps.type, manifest as unknown as Applied<T>, {
      fieldManager: FIELD_MANAGER,
      force: true,
    });
    // Deleted meanwhile: nobody is left to tell.
    if (!applied.ok) return applied.error.status === 404 ? ok(undefined) : applied;
    pending.set(object.metadata.uid ?? '', { replaced: object.metadata.resourceVersion, written: clean });
    // The watch may have been faster than the answer.
    const cached = deps.cache.get({ namespace: namespace ?? '', name });
    if (cached !== undefined) noticed(cached);
    announce(object, before?.conditions ?? [], clean.conditions ?? []);
    return ok(undefined);
  }

  function announce(object: T, before: readonly Condition[], after: readonly Condition[]): void {
    const ready = findCondition(after, 'Ready');
    const previous = findCondition(before, 'Ready');
    if (ready === undefined || ready.reason === previous?.reason) return;
    deps.log.info(
      { name: object.metadata.name, namespace: object.metadata.namespace, ready: ready.status, reason: ready.reason },
      'readiness changed',
    );
    deps.events.record({
      regarding: object,
      type: ready.status === 'True' ? 'Normal' : 'Warning',
      reason: ready.reason,
      action: 'Validate',
      note: ready.message.slice(0, 1000),
    });
  }

  /** The cache shows another version of the object now: what we wrote is in it, or replaced. */
  function noticed(object: T): void {
    const uid = object.metadata.uid ?? '';
    if (pending.get(uid)?.replaced !== object.metadata.resourceVersion) pending.delete(uid);
  }

  function forget(uid: string): void {
    pending.delete(uid);
  }

  return { write, current, noticed, forget };
}

export type StatusWriter<T extends StorageObject> = Pick<
  ReturnType<typeof createStatusWriter<T>>,
  'write' | 'current' | 'noticed' | 'forget'
>;

/** The last wall before status: whatever a message picked up, no secret leaves in it. */
function redacted<S>(value: S): S {
  if (typeof value === 'string') return redact(value) as S;
  if (Array.isArray(value)) return value.map((item: unknown) => redacted(item)) as S;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redacted(item as unknown)])) as S;
}
