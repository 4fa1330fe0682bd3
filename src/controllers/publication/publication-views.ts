import { isDeepStrictEqual } from '../../base/deep-equal.ts';
import type { Secret } from '../../base/secret.ts';
import { defined, without } from '../../base/defined.ts';
import type { InstanceStorage, TeamStorage } from '../../api/resources.ts';
import { parseKey } from '../../api/object-key.ts';
import { claimIdOf, keyOf, type Claimant, type ClaimKey } from '../../domain/admission/world.ts';
import type { Problem } from '../../domain/conditions/problem.ts';
import type { ClaimPublication } from '../../domain/publication/claim-publication.ts';
import type { ObjectReader } from '../../ports/kube.ts';
import type { ObservableMap } from '../../runtime/observable-map.ts';
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
export function claimView(publication: InstancePublication, claim: Claimant): ClaimView {
  return viewOf(publication, claimIdOf(claim));
}

function viewOf({ salt, isKnown = false, problem, claims }: InstancePublication, id: string): ClaimView {
  return { isKnown, ...defined({ salt, problem, claim: claims.get(id) }) };
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
  /** The publications of which the others were told last. */
  const told = new Map<string, InstancePublication>();

  deps.publications.onChange((keys) => {
    for (const key of keys) {
      const change = { before: told.get(key), now: deps.publications.get(key) };
      if (change.now === undefined) told.delete(key);
      else told.set(key, change.now);
      if (!isDeepStrictEqual(instanceView(change.before), instanceView(change.now))) onChange.instances([key]);
      const { namespace } = parseKey(key);
      const claims = [...deps.instances.list(namespace), ...deps.teams.list(namespace)].filter(seesChange(change));
      if (claims.length > 0) onChange.claims(claims.map(keyOf));
    }
  });
}

interface Change {
  readonly before: InstancePublication | undefined;
  readonly now: InstancePublication | undefined;
}

function instanceView(publication: InstancePublication | undefined): InstanceView | undefined {
  return publication && without(publication, 'claims', 'salt');
}

/** Whether the view of a claim is another one: few claims of thousands. */
function seesChange({ before, now }: Change): (claim: Claimant) => boolean {
  if (before === undefined || now === undefined) return () => before !== now;
  const isOnlyClaims = before.salt === now.salt && before.isKnown === now.isKnown && before.problem === now.problem;
  return (claim) => {
    const id = claimIdOf(claim);
    if (isOnlyClaims && before.claims.get(id) === now.claims.get(id)) return false;
    return !isSameView(viewOf(before, id), viewOf(now, id));
  };
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
