import { isDeepStrictEqual } from 'node:util';
import type { Secret } from '../../base/secret.ts';
import { defined, without } from '../../base/defined.ts';
import type { InstanceStorage, TeamStorage } from '../../api/resources.ts';
import { parseKey } from '../../api/object-key.ts';
import { keyOf, type ClaimKey } from '../../domain/admission/world.ts';
import type { Problem } from '../../domain/conditions/problem.ts';
import type { ClaimPublication } from '../../domain/publication/claim-publication.ts';
import { claimId, type ClaimRecord } from '../../domain/publication/ledger.ts';
import type { ObjectReader } from '../../ports/kube.ts';
import { ObservableMap } from '../../runtime/observable-map.ts';
import type { InstancePublication } from './instance-publication.ts';

/**
 * The part of a publication that the reconcile of one claim can see. A claim is woken when its view changes, so a field
 * that is added here and shown in a status reaches that status.
 */
export interface ClaimView {
  /** Key of the digests; absent while no ledger is known. */
  readonly salt?: Secret<string>;
  /** The output Secret was read: without `claim`, nothing is published for the claim. */
  readonly isKnown: boolean;
  readonly claim?: ClaimPublication;
  /** Why the outputs cannot be updated, or why the ledger is unknown. */
  readonly problem?: Problem;
}

/** The view of a claim on the publication of an instance. */
export function claimView(publication: InstancePublication, claim: Pick<ClaimRecord, 'kind' | 'name'>): ClaimView {
  const { salt, isKnown = false, problem, claims } = publication;
  return { isKnown, ...defined({ salt, problem, claim: claims.get(claimId(claim)) }) };
}

/** The part of a publication that is about the instance itself. */
type InstanceView = Omit<InstancePublication, 'claims' | 'salt'>;

/** Reports the claims and instances (`namespace/name`) whose view of a publication changed, and only those. */
export function watchPublications(
  deps: {
    readonly publications: ObservableMap<string, InstancePublication>;
    readonly instances: ObjectReader<InstanceStorage>;
    readonly teams: ObjectReader<TeamStorage>;
  },
  onChange: {
    readonly claims: (claims: readonly ClaimKey[]) => void;
    readonly instances: (keys: readonly string[]) => void;
  },
): void {
  const instances = new ObservableMap<string, InstanceView>(isDeepStrictEqual);
  /** By instance, then by `claimId`. */
  const claims = new Map<string, ObservableMap<string, ClaimView>>();
  instances.onChange(onChange.instances);

  deps.publications.onChange((keys) => {
    for (const key of keys) {
      const { namespace } = parseKey(key);
      const publication = deps.publications.get(key);
      instances.set([[key, publication && without(publication, 'claims', 'salt')]]);
      const objects = [...deps.instances.list(namespace), ...deps.teams.list(namespace)].map(keyOf);
      viewsOf(key, namespace).replace(
        publication === undefined ? [] : objects.map((object) => [claimId(object), claimView(publication, object)]),
      );
    }
  });

  function viewsOf(key: string, namespace: string): ObservableMap<string, ClaimView> {
    const known = claims.get(key);
    if (known !== undefined) return known;
    const views = new ObservableMap<string, ClaimView>(isSameView);
    views.onChange((ids) => onChange.claims(ids.map((id) => claimKey(id, namespace))));
    claims.set(key, views);
    return views;
  }
}

/** The inverse of `claimId`, in a namespace. */
function claimKey(id: string, namespace: string): ClaimKey {
  const slash = id.indexOf('/');
  return { kind: id.slice(0, slash) as ClaimKey['kind'], namespace, name: id.slice(slash + 1) };
}

/**
 * A problem of the instance does not change the view of a claim with an entry, because that stays published. So an
 * outage of the API server does not wake every claim.
 */
function isSameView(left: ClaimView, right: ClaimView): boolean {
  if (left.salt !== right.salt && left.salt?.reveal() !== right.salt?.reveal()) return false;
  if (left.claim !== undefined && left.claim === right.claim && isServed(left)) return left.isKnown === right.isKnown;
  if (!isServed(left) || !isServed(right)) return isDeepStrictEqual(left, right);
  return isDeepStrictEqual({ ...left, problem: undefined }, { ...right, problem: undefined });
}

function isServed({ claim }: ClaimView): boolean {
  return claim?.served === 'Yes' || claim?.served === 'NotNeeded';
}
