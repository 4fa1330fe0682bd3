/**
 * `rotation`: a credential that is published is to be replaced, and the former one may be revoked soon; `digest` names the
 * new one. `newcomer`: the first proof of a claim. `edit`: of a spec, a deletion, or the proof of another place.
 * `repair`: another client changed an output. `other`: a proof that confirms what is published.
 */
export type PublicationCause =
  { readonly kind: 'rotation'; readonly digest: string } | { readonly kind: 'newcomer' | 'edit' | 'repair' | 'other' };

/** Whether a user waits for it, as long as it is not one of many. A client that changes an output again and again does not. */
export function isAwaitedCause({ kind }: PublicationCause): boolean {
  return kind !== 'other' && kind !== 'repair';
}
