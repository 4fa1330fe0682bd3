import { keyText, parseKey } from '../../api/object-key.ts';
import type { ClaimPublication } from '../../domain/publication/claim-publication.ts';
import { claimId, placeOf, recordId, type ClaimRecord } from '../../domain/publication/ledger.ts';
import type { LiveClaim } from '../../domain/publication/live-claim.ts';
import type { ObservableMap } from '../../runtime/observable-map.ts';
import type { Ledgers } from '../admission/ledgers.ts';
import type { InstancePublication } from './instance-publication.ts';

/**
 * Finds the instances that a claim may leave: those that published it before, once another one has published it. To be
 * called with each instance whose publication was reported.
 */
export function createFormerPlaces(deps: {
  readonly publications: Pick<ObservableMap<string, InstancePublication>, 'get'>;
  readonly ledgers: Pick<Ledgers, 'in'>;
}): (instance: string) => readonly string[] {
  /** By instance: the records that the server gets by its outputs. */
  const servedBefore = new Map<string, ReadonlySet<string>>();

  return (instance) => {
    const { namespace, name } = parseKey(instance);
    const served = servedIn(deps.publications.get(instance));
    // A record may stay at both places, and each run reports: only what is new counts, or they would wake each other.
    const before = servedBefore.get(instance);
    const fresh = new Set(served.filter((record) => before?.has(recordId(record)) !== true).map(claimId));
    if (served.length === 0) servedBefore.delete(instance);
    else servedBefore.set(instance, new Set(served.map(recordId)));
    if (fresh.size === 0) return [];
    const isFormer = (record: ClaimRecord): boolean => fresh.has(claimId(record));
    return deps.ledgers
      .in(namespace)
      .filter(({ instance: other, ledger }) => other !== name && ledger?.claims.some(isFormer) === true)
      .map((other) => keyText({ namespace, name: other.instance }));
  };
}

/** Whether a claim is published at exactly the place to which it resolves. */
export function isServedWhereItResolves(
  publications: Pick<ObservableMap<string, InstancePublication>, 'get'>,
  namespace: string,
  { kind, name, resolves }: LiveClaim,
): boolean {
  if (typeof resolves === 'string') return false;
  const publication = publications.get(`${namespace}/${resolves.instance}`);
  const claim = publication?.claims.get(claimId({ kind, name }));
  return claim?.record !== undefined && isServed(claim) && placeOf(claim.record.address) === placeOf(resolves.storage);
}

function isServed({ served }: ClaimPublication): boolean {
  return served === 'Yes' || served === 'NotNeeded';
}

function servedIn(publication: InstancePublication | undefined): readonly ClaimRecord[] {
  const served = [...(publication?.claims.values() ?? [])].filter(isServed);
  return served.flatMap(({ record }) => record ?? []);
}
