import { isDeepStrictEqual } from '../../base/deep-equal.ts';
import { findCondition, type Condition } from '../../domain/conditions/conditions.ts';
import { redact } from '../../base/redaction.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { withinBounds } from '../../domain/status/status-limits.ts';
import type { ResourceType } from '../../api/object.ts';
import type { Applied, EventRecorder, KubeClient, KubeFailure, ObjectReader } from '../../ports/kube.ts';
import type { Log } from '../../ports/log.ts';
import { describeFailure } from '../references/api-failure.ts';
import { keyOf, keyText } from '../../api/object-key.ts';
import { FIELD_MANAGER } from '../publication/output-writer.ts';
import { insteadOfRefused, isRefusedStatus } from './refused-status.ts';
import type { StorageObject } from './resolved-storage.ts';
import { logReadiness } from './storage-log.ts';

/** Why a status was not written. */
export type StatusFailure = KubeFailure & {
  /** `Moved`: the object has changed, or another object has its name. Nothing is wrong: reconcile again. */
  readonly kind: 'Moved' | 'Failed';
};

/** Tries of one write while other clients change the object. */
const MOST_TRIES = 5;

/** A write of this process, for as long as the cache shows the version that it replaced. */
interface Pending<S> {
  /** Versions of the object that are older than the written one. */
  readonly replaced: ReadonlySet<string | undefined>;
  readonly resourceVersion: string | undefined;
  readonly written: S;
}

/** Writes the status of one kind, and only if it changed. Records an event when the reason of Ready changes. */
// eslint-disable-next-line max-lines-per-function -- all steps of a write share what is pending
export function createStatusWriter<T extends StorageObject>(deps: {
  readonly kube: KubeClient;
  readonly type: ResourceType<T>;
  readonly cache: Pick<ObjectReader<T>, 'get'>;
  readonly events: EventRecorder;
  readonly log: Log;
  /** Whether this process acts for the object `namespace/name`. */
  readonly actsOn?: (key: string) => boolean;
  /** Milliseconds since the epoch; absent: the machine's clock. */
  readonly now?: () => number;
}) {
  const { now = Date.now, actsOn = () => true } = deps;
  /** By UID. */
  const pending = new Map<string, Pending<T['status']>>();

  /** UIDs of objects whose full status the API server refused. */
  const refused = new Set<string>();

  /** The object with its newest known status: from the cache, or from a write that the cache does not show yet. */
  function current(object: T): T {
    const uid = object.metadata.uid ?? '';
    const last = pending.get(uid);
    if (last === undefined) return object;
    const { resourceVersion } = object.metadata;
    if (last.replaced.has(resourceVersion) || last.resourceVersion === resourceVersion) {
      return { ...object, status: last.written };
    }
    pending.delete(uid);
    return object;
  }

  async function write(object: T, status: NonNullable<T['status']>): Promise<Result<void, StatusFailure>> {
    const clean = withinBounds(object.kind, redacted(status));
    const known = current(object);
    const { uid = '' } = object.metadata;
    refused.delete(uid);
    if (isDeepStrictEqual(known.status, clean)) return ok(undefined);
    const applied = await apply(known, clean);
    if (applied.ok || !isRefusedStatus(applied.error)) return applied;
    refused.add(uid);
    return writeInstead(known, applied.error);
  }

  /** Whether the last full status was refused. No event shows when it would be accepted, so it is tried again. */
  function wasRefused(object: T): boolean {
    return refused.has(object.metadata.uid ?? '');
  }

  /**
   * Acknowledges the generation even if the full status is refused, so that no client waits for an object without any
   * report.
   */
  async function writeInstead(known: T, refusal: StatusFailure): Promise<Result<void, StatusFailure>> {
    const { name, namespace } = known.metadata;
    for (const instead of insteadOfRefused(known, refusal, now())) {
      if (isDeepStrictEqual(known.status, instead)) return ok(undefined);
      const applied = await apply(known, instead);
      if (applied.ok) deps.log.error({ name, namespace, cause: describeFailure(refusal) }, 'status refused');
      if (applied.ok || !isRefusedStatus(applied.error)) return applied;
    }
    return err(refusal);
  }

  /** Other clients may change the object during the reconcile, such as its labels. That needs no new reconcile. */
  async function apply(known: T, status: NonNullable<T['status']>): Promise<Result<void, StatusFailure>> {
    const tried = new Set<string | undefined>();
    for (;;) {
      const newest = newestOf(known);
      if (newest === undefined || tried.has(newest.version)) return moved(known);
      tried.add(newest.version);
      const manifest = manifestOf(known, status, newest.version);
      const applied = await deps.kube.applyStatus(deps.type, manifest as Applied<T>, {
        fieldManager: FIELD_MANAGER,
        force: true,
      });
      if (applied.ok) return written({ known, status, applied: applied.value, replaced: tried });
      // Deleted meanwhile: there is no status to write.
      if (applied.error.status === 404) return ok(undefined);
      if (applied.error.status !== 409) return err({ ...applied.error, kind: 'Failed' });
      if (tried.size === MOST_TRIES) return moved(known);
    }
  }

  /**
   * The newest known version of the object; `undefined` if its name belongs to another object now, or the object to
   * another shard.
   */
  function newestOf(known: T): { readonly version: string | undefined } | undefined {
    const { metadata } = deps.cache.get(keyOf(known)) ?? known;
    if (metadata.uid !== known.metadata.uid || !actsOn(keyText(keyOf(known)))) return undefined;
    const last = pending.get(metadata.uid ?? '');
    const isOlder = last?.replaced.has(metadata.resourceVersion) === true;
    return { version: isOlder ? last.resourceVersion : metadata.resourceVersion };
  }

  function moved(known: T): Result<void, StatusFailure> {
    pending.delete(known.metadata.uid ?? '');
    return err({ kind: 'Moved', status: 409, reason: 'Conflict', message: 'the object was changed meanwhile' });
  }

  function written(done: {
    readonly known: T;
    readonly status: NonNullable<T['status']>;
    readonly applied: T;
    readonly replaced: ReadonlySet<string | undefined>;
  }): Result<void, StatusFailure> {
    const { known, status, applied, replaced } = done;
    const { uid = '', resourceVersion } = known.metadata;
    pending.set(uid, {
      replaced: new Set([...(pending.get(uid)?.replaced ?? []), ...replaced, resourceVersion]),
      resourceVersion: applied.metadata.resourceVersion,
      written: status,
    });
    // The watch may have been faster than the answer.
    const cached = deps.cache.get(keyOf(known));
    if (cached !== undefined) invalidate(cached);
    announce(known, known.status?.conditions ?? [], status.conditions ?? []);
    return ok(undefined);
  }

  function announce(object: T, before: readonly Condition[], after: readonly Condition[]): void {
    const ready = findCondition(after, 'Ready');
    const previous = findCondition(before, 'Ready');
    if (ready === undefined || ready.reason === previous?.reason) return;
    logReadiness(deps.log, object, ready);
    deps.events.record({
      regarding: object,
      type: ready.status === 'True' ? 'Normal' : 'Warning',
      reason: ready.reason,
      action: 'Validate',
      note: ready.message.slice(0, 1000),
    });
  }

  /** To be called when the cache shows another version of the object: it contains or replaces the pending write. */
  function invalidate(object: T): void {
    const uid = object.metadata.uid ?? '';
    if (pending.get(uid)?.replaced.has(object.metadata.resourceVersion) === false) pending.delete(uid);
  }

  function forget(uid: string): void {
    pending.delete(uid);
    refused.delete(uid);
  }

  return { write, current, invalidate, forget, wasRefused };
}

export type StatusWriter<T extends StorageObject> = Pick<
  ReturnType<typeof createStatusWriter<T>>,
  'write' | 'current' | 'invalidate' | 'forget' | 'wasRefused'
>;

/**
 * Findings about one object must not be written to its successor of the same name. API servers accept the status of a
 * custom resource with any UID; the resourceVersion ensures that it is the same object.
 */
function manifestOf<T extends StorageObject>(object: T, status: T['status'], version: string | undefined): unknown {
  const { name, namespace, uid } = object.metadata;
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      ...(uid !== undefined && { uid }),
      ...(version !== undefined && { resourceVersion: version }),
    },
    status,
  };
}

/** The last defence before the API server: no secret in a message may reach the status. */
function redacted<S>(value: S): S {
  if (typeof value === 'string') return redact(value) as S;
  if (Array.isArray(value)) return value.map((item: unknown) => redacted(item)) as S;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redacted(item as unknown)])) as S;
}
