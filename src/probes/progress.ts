import type { Observations, Observed, PresignedMethod, PresignedSeen } from '../domain/observations/observations.ts';
import type { OwnedObject } from './leftovers.ts';

/** What a probe has seen so far, and what of its own may be in the bucket. */
export interface Progress {
  seen: Omit<Observations, 'requests'>;
  readonly owned: OwnedObject[];
  /** Whether anything was sent to be created: folders may be left of it, though every object is gone. */
  wrote: boolean;
}

/** Adds observations; later ones of the same step count. */
export function note(progress: Progress, seen: Partial<Observations>): void {
  progress.seen = { ...progress.seen, ...seen };
}

/** Adds the result of one method on a pre-signed URL. */
export function notePresigned(progress: Progress, method: PresignedMethod, seen: Observed<PresignedSeen>): void {
  note(progress, { presigned: { ...progress.seen.presigned, [method]: seen } });
}

/** Adds an object that is about to be created, so that it is cleaned up in every case. */
export function own(progress: Progress, object: OwnedObject['object']): OwnedObject {
  const mine: OwnedObject = { object };
  progress.owned.push(mine);
  progress.wrote = true;
  return mine;
}

/** An object is surely not in the bucket, or has to stay there. */
export function disown({ owned }: Progress, mine: OwnedObject): void {
  const at = owned.indexOf(mine);
  if (at >= 0) owned.splice(at, 1);
}
