/**
 * `rotation`: a credential that is published is to be replaced, and the former one may be revoked soon; `digest` names the
 * new one. `newcomer`: the first proof of a claim. `edit`: of a spec, or a deletion. `other`: a proof that confirms what is
 * published, or an output that was changed by another client.
 */
export type PublicationCause =
  { readonly kind: 'rotation'; readonly digest: string } | { readonly kind: 'newcomer' | 'edit' | 'other' };
