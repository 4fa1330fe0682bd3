import type { ClaimState } from './claim-state.ts';
import { needsEntry, type DeploymentCloud } from './file-stores.ts';
import type { ClaimRecord } from './ledger.ts';
import type { LiveClaim } from './live-claim.ts';

/** The instance of a ledger, as far as its records depend on it. */
interface Instance {
  readonly name: string;
  readonly state: 'Live' | 'Frozen';
  readonly cloud: DeploymentCloud;
}

interface Followed extends Instance {
  readonly live: LiveClaim;
  /** The state of the record, seen from which it follows its object. */
  readonly seen: ClaimState;
}

/** By record: records and claims are replaced and never changed. */
const known = new WeakMap<ClaimRecord, Followed>();

/** The state of a record that is up to date with its object, as an earlier run has found; `undefined` if none has. */
export function followed(
  record: ClaimRecord,
  live: LiveClaim,
  { name, state, cloud }: Instance,
): ClaimState | undefined {
  const before = known.get(record);
  const isSame = before?.live === live && before.name === name && before.state === state && before.cloud === cloud;
  return isSame ? before.seen : undefined;
}

/** To be called for a record that holds what its object says already. */
export function rememberFollowed(
  record: ClaimRecord,
  live: LiveClaim | undefined,
  { name, state, cloud }: Instance,
  seen: ClaimState | undefined,
): void {
  if (live === undefined || seen === undefined || mayGetRow(record, { state, cloud })) return;
  known.set(record, { live, name, state, cloud, seen });
}

/** Whether there is room for a row depends on the others. */
function mayGetRow(
  { kind, address, mode, hasRow }: ClaimRecord,
  { state, cloud }: Pick<Instance, 'state' | 'cloud'>,
): boolean {
  const isWithoutRow = kind === 'TeamStorage' && mode === 'Ambient' && !hasRow;
  return isWithoutRow && state === 'Live' && needsEntry(address, mode, cloud);
}
