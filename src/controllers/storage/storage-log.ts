import type { Condition } from '../../domain/conditions/conditions.ts';
import type { Log } from '../../ports/log.ts';
import type { ProbeReport } from '../validation/validation.ts';
import type { StorageObject } from './resolved-storage.ts';

/** The limit of an event's message. */
const MOST_CHARACTERS = 1000;

/** Logs a change of readiness: a warning unless the object is Ready. */
export function logReadiness(log: Log, object: StorageObject, ready: Condition): void {
  const { status, reason, message } = ready;
  const fields = { ...nameOf(object), ready: status, reason, message: message.slice(0, MOST_CHARACTERS) };
  if (status === 'True') log.info(fields, 'readiness changed');
  else log.warn(fields, 'readiness changed');
}

/**
 * Logs the requests of a probe. Some fail in a good probe as well: unsigned ones must fail, and a grant need not cover
 * each setting. The ids of failed requests are only here; the support of a store asks for them.
 */
export function logProbe(log: Log, object: StorageObject, probed: ProbeReport): void {
  const { mode, requests, failures, isGood } = probed;
  const fields = { ...nameOf(object), mode, requests, ...(failures.length > 0 && { failures }) };
  if (isGood || failures.length === 0) log.debug(fields, 'bucket probed');
  else log.warn(fields, 'requests of a probe failed');
}

function nameOf({ kind, metadata: { namespace, name } }: StorageObject) {
  return { kind, namespace, name };
}
