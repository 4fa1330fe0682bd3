import type { ManagedFieldsEntry } from '../../../src/api/managed-fields.ts';
import { err, ok, type Result } from '../../../src/base/result.ts';
import type { ObjectKey } from '../../../src/api/object.ts';
import type { KubeFailure } from '../../../src/ports/kube.ts';
import {
  alreadyExists,
  applyConflict,
  badRequest,
  conflict,
  invalid,
  notFound,
  NO_SUBRESOURCE,
  untypable,
  wrongUid,
} from './failures.ts';
import { fieldsIn, mergePatched, omit, sameJson, type Fields } from './json.ts';
import type { Kind } from './kinds.ts';
import { readOwners, writeOwners } from './managed-entries.ts';
import { rulesBroken, withBuiltInDefaults } from './object-rules.ts';
import { created, inherited, metaOf, withStatus } from './own-fields.ts';
import { applied, updated, type Owner, type Writer } from './ownership.ts';
import { known, violations, withDefaults } from './schema-rules.ts';
import type { Schema } from './shape.ts';
import { untyped } from './typing.ts';
import type { Storage } from './storage.ts';

/** Where a write goes: a kind in one of its versions, and an object of it. */
export interface Target {
  readonly kind: Kind;
  readonly version: string;
  readonly key: ObjectKey;
}

type Answer = Result<Fields, KubeFailure>;

/** What an apply comes to. */
interface Applying {
  readonly object: Fields;
  readonly owners: readonly Owner[];
}

/** The write verbs of the API server, after its `registry` and `fieldmanager` packages. */
export function createWrites(storage: Storage, { ownerless = false }: { readonly ownerless?: boolean } = {}) {
  /**
   * New objects whose default status is shown and not stored: a create clears the status after the defaults. Their
   * next write stores it, even if it changes nothing else.
   */
  const unstored = new WeakSet<Fields>();

  function create(at: Target, manifest: Fields, manager: string): Answer {
    const { kind, key } = at;
    if (kind.isSwallowed === true) return ok(manifest);
    if (storage.get(kind, key) !== undefined) return err(alreadyExists(kind, key.name));
    const object = fresh(at, decoded(at, manifest));
    const owners = ownerless && kind.isCustom ? [] : updated({}, [], object, writerOf(at, '', manager));
    return commit(at, undefined, object, owners);
  }

  function replace(at: Target, manifest: Fields, manager: string): Answer {
    const { kind, key } = at;
    const live = storage.get(kind, key);
    if (live === undefined) return err(notFound(kind, key.name));
    const { uid, resourceVersion } = fieldsIn(manifest['metadata']);
    if (typeof uid === 'string' && uid !== metaOf(live)['uid']) {
      return err(wrongUid(kind, key, { wanted: uid, live: String(metaOf(live)['uid']) }));
    }
    if (resourceVersion === undefined && kind.isCustom) {
      const why = 'metadata.resourceVersion: Invalid value: 0: must be specified for an update';
      return err(invalid(kind, key.name, [why], kind.plural));
    }
    return update(at, live, manifest, manager);
  }

  function mergePatch(at: Target, patch: unknown, manager: string): Answer {
    const live = storage.get(at.kind, at.key);
    if (live === undefined) return err(notFound(at.kind, at.key.name));
    return update(at, live, fieldsIn(mergePatched(live, patch)), manager);
  }

  /** Any write of the whole object but an apply. */
  function update(at: Target, live: Fields, wanted: Fields, manager: string): Answer {
    const { kind, key } = at;
    const { resourceVersion, managedFields } = metaOf(wanted);
    if (resourceVersion !== undefined && resourceVersion !== metaOf(live)['resourceVersion']) {
      return err(conflict(kind, key.name));
    }
    const object = inherited(kind, live, decoded(at, wanted));
    const sent = Array.isArray(managedFields) ? (managedFields as readonly ManagedFieldsEntry[]) : undefined;
    // An empty list is the way to forget all owners; then nothing is tracked until the next apply.
    const before =
      sent === undefined || (sent.length > 0 && readOwners(sent).length === 0) ? ownersOf(live) : readOwners(sent);
    if (before.length === 0) return commit(at, live, object, []);
    return commit(at, live, object, updated(live, before, object, writerOf(at, '', manager)));
  }

  function apply(
    at: Target,
    manifest: Fields,
    options: { readonly fieldManager: string; readonly force: boolean; readonly subresource: '' | 'status' },
  ): Answer {
    const { kind, key } = at;
    if (options.subresource === 'status' && !kind.hasStatus) return err(NO_SUBRESOURCE);
    const live = storage.get(kind, key);
    if (live === undefined && options.subresource === 'status') return err(notFound(kind, key.name));
    if (metaOf(manifest)['managedFields'] !== undefined) return err(badRequest('metadata.managedFields must be nil'));
    const why = untyped(schemaOf(at), manifest);
    if (why.length > 0) return err(untypable(kind, key, apiVersionOf(kind, at.version), why));
    if (ownerless && kind.isCustom && live !== undefined && options.subresource === 'status') {
      return replaceStatus(at, live, manifest);
    }
    return merge(at, live, manifest, options);
  }

  /** The fields of the manifest become its manager's, and what it left out is no longer. */
  function merge(
    at: Target,
    live: Fields | undefined,
    manifest: Fields,
    options: { readonly fieldManager: string; readonly force: boolean; readonly subresource: '' | 'status' },
  ): Answer {
    const by = { ...writerOf(at, options.subresource, options.fieldManager), force: options.force };
    const outcome = applied(live ?? {}, live === undefined ? [] : trackedOwners(at, live), manifest, by);
    if (!outcome.ok) return err(applyConflict(outcome.conflicts));
    const result = { object: outcome.object, owners: outcome.owners };
    return live === undefined ? makeByApply(at, result) : changeByApply(at, live, result, options.subresource);
  }

  /** What an apply of a status comes to where nobody else has a part in it. */
  function replaceStatus(at: Target, live: Fields, manifest: Fields): Answer {
    const { resourceVersion } = metaOf(manifest);
    if (resourceVersion !== undefined && resourceVersion !== metaOf(live)['resourceVersion']) {
      return err(conflict(at.kind, at.key.name));
    }
    return commit(at, live, withStatus(live, manifest['status']), []);
  }

  /** A version asks for nothing where there is no object: it is made, whatever version the manifest has. */
  function makeByApply(at: Target, { object, owners }: Applying): Answer {
    const { uid } = metaOf(object);
    if (uid !== undefined) return err(conflict(at.kind, at.key.name, orphanUid(uid)));
    return commit(at, undefined, fresh(at, object), owners);
  }

  /** The status endpoint looks at the version, and not at the UID. */
  function changeByApply(at: Target, live: Fields, { object, owners }: Applying, subresource: string): Answer {
    const { kind, key } = at;
    const { uid, resourceVersion } = metaOf(object);
    if (resourceVersion !== metaOf(live)['resourceVersion']) return err(conflict(kind, key.name));
    if (subresource === 'status') return commit(at, live, withStatus(live, object['status']), owners);
    if (uid !== metaOf(live)['uid']) {
      return err(invalid(kind, key.name, [`metadata.uid: Invalid value: "${String(uid)}": field is immutable`]));
    }
    return commit(at, live, inherited(kind, live, object), owners);
  }

  /** The owners; all fields of an object that nobody tracked belong to `before-first-apply`. */
  function trackedOwners(at: Target, live: Fields): readonly Owner[] {
    const owners = ownersOf(live);
    return owners.length > 0 ? owners : updated({}, [], live, writerOf(at, '', 'before-first-apply'));
  }

  function fresh({ kind, key }: Target, object: Fields): Fields {
    return created(kind, object, { namespace: key.namespace, uid: storage.newUid(), time: storage.time() });
  }

  /** Checks and stores; what changes nothing is not written. */
  function commit(at: Target, live: Fields | undefined, object: Fields, owners: readonly Owner[]): Answer {
    const { kind, key } = at;
    const schema = schemaOf(at);
    const full = fieldsIn(withDefaults(schema, withBuiltInDefaults(kind, object)));
    const broken = [...rulesBroken(kind, full, live), ...violations(schema, full)];
    if (broken.length > 0) return err(invalid(kind, key.name, broken));
    if (live !== undefined && !unstored.has(live) && sameJson(bare(full), bare(live))) {
      if (sameOwners(owners, ownersOf(live))) return ok(live);
    }
    const managedFields = writeOwners(owners);
    const metadata = { ...omit(metaOf(full), 'managedFields'), ...(managedFields.length > 0 && { managedFields }) };
    const written = storage.put(kind, key, { ...full, metadata });
    if (live === undefined && kind.isCustom && !sameJson(full, object)) unstored.add(written);
    return ok(written);
  }

  function remove({ kind, key }: Target): Result<void, KubeFailure> {
    if (storage.get(kind, key) === undefined) return err(notFound(kind, key.name));
    storage.remove(kind, key);
    return ok(undefined);
  }

  function writerOf({ kind, version }: Target, subresource: '' | 'status', manager: string): Writer {
    return {
      manager,
      subresource,
      apiVersion: apiVersionOf(kind, version),
      now: storage.time(),
      ignored: subresource === 'status' ? ['metadata', 'spec'] : kind.hasStatus ? ['status'] : [],
      schemaOf: (apiVersion) => kind.versions[apiVersion.slice(apiVersion.indexOf('/') + 1)] ?? {},
    };
  }

  return { create, replace, mergePatch, apply, remove };
}

export type Writes = ReturnType<typeof createWrites>;

export function apiVersionOf({ group }: Kind, version: string): string {
  return group === '' ? version : `${group}/${version}`;
}

function schemaOf({ kind, version }: Target): Schema {
  return kind.versions[version] ?? {};
}

/** A manifest as the server reads it: what it does not know is dropped, and defaults are filled in. */
function decoded(at: Target, manifest: Fields): Fields {
  return withBuiltInDefaults(at.kind, known(schemaOf(at), manifest) as Fields);
}

function ownersOf(object: Fields): readonly Owner[] {
  const entries = metaOf(object)['managedFields'];
  return Array.isArray(entries) ? readOwners(entries as readonly ManagedFieldsEntry[]) : [];
}

function bare(object: Fields): Fields {
  return { ...omit(object, 'apiVersion'), metadata: omit(metaOf(object), 'managedFields', 'resourceVersion') };
}

function sameOwners(left: readonly Owner[], right: readonly Owner[]): boolean {
  const timeless = (owners: readonly Owner[]): unknown => writeOwners(owners.map((owner) => ({ ...owner, time: '' })));
  return sameJson(timeless(left), timeless(right));
}

function orphanUid(uid: unknown): string {
  return `uid mismatch: the provided object specified uid ${String(uid)}, and no existing object was found`;
}
