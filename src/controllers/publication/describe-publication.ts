import { servedBy, type ClaimPublication } from '../../domain/publication/claim-publication.ts';
import type { ClaimState } from '../../domain/publication/claim-state.ts';
import { claimId, placeOf, rowOf, type ClaimRecord, type Ledger } from '../../domain/publication/ledger.ts';
import { renderOutputs, type OutputData } from '../../domain/publication/outputs.ts';
import type { Placement } from '../../domain/publication/place-proof.ts';
import { unservedBy } from '../../domain/publication/recover-ledger.ts';
import type { Problem } from '../../domain/problem.ts';
import type { InstancePublication } from './instance-publication.ts';
import { isSameData } from './output-writer.ts';

/**
 * What the other controllers are told, from what is known: the ledger as it
 * stands, and the Secret as it was read or written last. What is planned and
 * not written is not told as if it were there.
 */
export function describePublication(known: {
  readonly secretName: string;
  readonly ledger: Ledger | undefined;
  readonly secret: OutputData | undefined;
  readonly placements: ReadonlyMap<string, Placement>;
  /** Absent when nothing could be planned: then the number of retained records stands. */
  readonly states?: ReadonlyMap<string, ClaimState>;
  readonly problem: Problem | undefined;
  readonly previous: InstancePublication | undefined;
  /** Place (`placeOf`) to which a live claim (`claimId`) resolves through this instance. */
  readonly placeOfClaim: (claim: string) => string | undefined;
  readonly isLive: (claim: string) => boolean;
}): InstancePublication {
  const { ledger, secret, placements, problem, previous } = known;
  const told = problem === undefined ? {} : { problem };
  if (ledger === undefined) return { claims: new Map(), retained: previous?.retained ?? 0, unserved: [], ...told };
  const claims = new Map<string, ClaimPublication>();
  for (const [id, records] of Map.groupBy(ledger.claims, claimId)) {
    const record = standing(records, known.placeOfClaim(id));
    const row = rowOf(ledger, record);
    claims.set(id, {
      record,
      ...(row !== undefined && { row }),
      served: servedBy(ledger, record, secret),
      ...placements.get(id),
    });
  }
  for (const [id, placement] of placements) {
    if (!claims.has(id)) claims.set(id, { served: secret === undefined ? 'Unknown' : 'No', ...placement });
  }
  const outputs = renderOutputs(ledger, known.secretName);
  const states = [...(known.states?.values() ?? [])];
  const isWritten = secret !== undefined && isSameData(secret, outputs.secret);
  return {
    salt: ledger.salt,
    claims,
    ...(isWritten && { server: outputs.server }),
    fileStoresBytes: outputs.fileStoresBytes,
    retained:
      known.states === undefined
        ? (previous?.retained ?? 0)
        : states.filter((state) => state === 'Retained' || state === 'LeftBehind' || state === 'Leaving').length,
    unserved: [...unservedBy(ledger)].filter(known.isLive),
    isKnown: secret !== undefined,
    ...told,
  };
}

/** The record at the place where the claim resolves now, or the one that was bound last. */
function standing(records: readonly ClaimRecord[], place: string | undefined): ClaimRecord {
  const here = records.find((record) => placeOf(record.address) === place);
  const last = records.reduce((latest, record) => (record.boundRevision > latest.boundRevision ? record : latest));
  return here ?? last;
}
