import type { ObjectKey } from '../../../src/api/object.ts';
import type { KubeFailure } from '../../../src/ports/kube.ts';
import { fieldText } from './field-set.ts';
import type { Kind } from './kinds.ts';
import type { Conflict, Owner } from './ownership.ts';

/** `teamstorages.storage.wandb.com`, or the plural alone in the core group. */
function resourceText({ group, plural }: Kind): string {
  return group === '' ? plural : `${plural}.${group}`;
}

/** Longer names are none: our client leaves them out. */
const MAX_NAME = 253;

/** What an answer is about. Most answers hold the plural for the kind. */
function about({ group, plural }: Kind, name: string, kind = plural): Required<Pick<KubeFailure, 'details'>> {
  const named = name.length <= MAX_NAME ? { name } : {};
  return { details: { ...named, ...(group !== '' && { group }), kind } };
}

export function notFound(kind: Kind, name: string): KubeFailure {
  const message = `${resourceText(kind)} "${name}" not found`;
  return { status: 404, reason: 'NotFound', message, ...about(kind, name) };
}

/** The path is not served, as while a CRD is gone: the server says so in plain text, our client in words of its own. */
export const NOT_SERVED: KubeFailure = { status: 404, reason: 'Http404', message: 'the server answered 404' };

/** The type is served, and has no such subresource. */
export const NO_SUBRESOURCE: KubeFailure = {
  status: 404,
  reason: 'NotFound',
  message: 'the server could not find the requested resource',
};

export function alreadyExists(kind: Kind, name: string): KubeFailure {
  const message = `${resourceText(kind)} "${name}" already exists`;
  return { status: 409, reason: 'AlreadyExists', message, ...about(kind, name) };
}

const STALE = 'the object has been modified; please apply your changes to the latest version and try again';

export function conflict(kind: Kind, name: string, why = STALE): KubeFailure {
  const message = `Operation cannot be fulfilled on ${resourceText(kind)} "${name}": ${why}`;
  return { status: 409, reason: 'Conflict', message, ...about(kind, name) };
}

/** The UID of an update is a precondition, which the storage refuses in its words. */
export function wrongUid(
  kind: Kind,
  key: ObjectKey,
  uids: { readonly wanted: string; readonly live: string },
): KubeFailure {
  const path = ['/registry', ...(kind.group === '' ? [] : [kind.group]), kind.plural, key.namespace, key.name].join(
    '/',
  );
  const why = `Precondition failed: UID in precondition: ${uids.wanted}, UID in object meta: ${uids.live}`;
  const error = `StorageError: invalid object, Code: 4, Key: ${path}, ResourceVersion: 0, AdditionalErrorMsg: ${why}`;
  return conflict(kind, key.name, error);
}

export function badRequest(message: string): KubeFailure {
  return { status: 400, reason: 'BadRequest', message };
}

/** `problems`: each begins with the field. `called`: what the answer calls the kind. */
export function invalid(kind: Kind, name: string, problems: readonly string[], called = kind.kind): KubeFailure {
  const all = problems.length === 1 ? problems[0] : `[${problems.join(', ')}]`;
  const of = kind.group === '' ? called : `${called}.${kind.group}`;
  const message = `${of} "${name}" is invalid: ${all ?? ''}`.slice(0, 1024);
  return { status: 422, reason: 'Invalid', message, ...about(kind, name, called) };
}

/** A manifest that does not fit its schema. The server calls that an error of its own. */
export function untypable(kind: Kind, key: ObjectKey, apiVersion: string, problems: readonly string[]): KubeFailure {
  const of = `${key.namespace}/${key.name}; ${kind.group === '' ? '/' : ''}${apiVersion}, Kind=${kind.kind}`;
  const why = problems.length === 1 ? problems[0] : ['errors:', ...problems].join('\n  ');
  // What our client reads out of the sentence: the field that it is about.
  const field = /^\.([^:\s]+): /.exec(why ?? '')?.[1];
  return {
    status: 500,
    reason: 'Http500',
    message: `failed to create typed patch object (${of}): ${why ?? ''}`,
    ...(field !== undefined && { fields: [field] }),
  };
}

/** Others own what an apply without force would change. */
export function applyConflict(conflicts: readonly Conflict[]): KubeFailure {
  const sorted = conflicts.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const [first] = sorted;
  const counted = sorted.length === 1 ? 'with 1 conflict' : `with ${String(sorted.length)} conflicts`;
  const text =
    sorted.length === 1 && first !== undefined
      ? `conflict with ${ownerText(first.owner)}: ${fieldText(first.path)}`
      : sorted
          .flatMap(({ owner, path }, index) => [
            ...(sorted[index - 1]?.owner === owner ? [] : [`conflicts with ${ownerText(owner)}:`]),
            `- ${fieldText(path)}`,
          ])
          .join('\n');
  return {
    status: 409,
    reason: 'Conflict',
    message: `Apply failed ${counted}: ${text}`.slice(0, 1024),
    conflicts: sorted.map(({ owner, path }) => ({ manager: owner.manager, field: fieldText(path) })),
  };
}

function keyOf({ owner, path }: Conflict): string {
  return [owner.manager, owner.operation, owner.subresource, owner.apiVersion, path].join(' ');
}

function ownerText({ manager, operation, subresource, apiVersion }: Owner): string {
  const through = subresource === '' ? '' : ` with subresource "${subresource}"`;
  return `"${manager}"${through}${operation === 'Update' ? ` using ${apiVersion}` : ''}`;
}
