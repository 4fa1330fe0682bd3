import type { InstanceStorage } from '../../api/resources.ts';
import { kubeTime } from '../../domain/conditions/conditions.ts';
import { defined, without } from '../../base/defined.ts';
import { instanceFormat } from '../../domain/spec/instance-settings.ts';
import { emptyLedger, isSame, type Ledger } from '../../domain/publication/ledger.ts';
import type { FormerLedger } from '../../domain/publication/former-ledger.ts';
import { migrateLedger } from '../../domain/publication/migrate-ledger.ts';
import { HASH_KEY, renderOutputs, type OutputData, type Outputs } from '../../domain/publication/outputs.ts';
import { recoverLedger, type RecoveredLedger } from '../../domain/publication/recover-ledger.ts';
import { isSealedBy, readSeal } from '../../domain/publication/seal.ts';
import { Secret } from '../../base/secret.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { Sanitized } from '../../domain/spec/sanitize-spec.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Ledgers } from '../admission/ledgers.ts';
import { keyText } from '../../api/object-key.ts';
import type { LedgerStore, StoredLedger } from './ledger-store.ts';
import type { InstanceIdentity } from './output-names.ts';
import { isSameData, type OutputWriter, type StandingOutput } from './output-writer.ts';
import { ledgerFault, outputFault, unrecoverable, type PublicationFault } from './publication-problems.ts';

/** The present outputs at the API server, and the ledger for them. */
export interface Standing {
  readonly stored: StoredLedger;
  readonly ledger: Ledger;
  readonly secret: StandingOutput | undefined;
  readonly configMap: StandingOutput | undefined;
  /** The ledger was created from something else, so it must be written. */
  readonly isMade: boolean;
  /** It was recovered from the outputs; reported after it is written. */
  readonly recovery?: Recovery;
}

interface Recovery extends RecoveredLedger {
  /** What was stored in place of the ledger. */
  readonly found: StoredLedger['kind'];
}

/** The result of reading from the API server. What was read counts even if another read failed. */
export interface StandingFound {
  /** `undefined` in it: there is no instance, no ledger and no output. */
  readonly standing: Result<Standing | undefined, PublicationFault>;
  /** Data of the output Secret, if it was read. */
  readonly secret?: OutputData;
  /** The ledger, if it is known. */
  readonly ledger?: Ledger;
}

type Found = Pick<Standing, 'stored' | 'secret' | 'configMap'>;
type Made = Pick<Standing, 'ledger' | 'isMade' | 'recovery'>;

/** A recovery that is not written yet, and its inputs. */
interface Pending {
  readonly recovery: Recovery;
  readonly salt: string;
  readonly from: Found & { readonly context: unknown };
}

/**
 * Reads ledger and outputs of an instance. If there is no ledger of the present format, creates, migrates or recovers
 * one. Writes nothing.
 */
export function createStandingReader(deps: {
  readonly ledgerStore: LedgerStore;
  readonly outputs: OutputWriter;
  readonly ledgers: Pick<Ledgers, 'known'>;
  /** 32 random hex characters. */
  readonly randomSalt: () => string;
  readonly clock: Clock;
}) {
  const pending = new Map<string, Pending>();

  async function read(
    identity: InstanceIdentity,
    instance: Sanitized<InstanceStorage> | undefined,
  ): Promise<StandingFound> {
    const stored = await deps.ledgerStore.load(identity);
    if (!stored.ok) return { standing: err(ledgerFault(identity, stored.error)) };
    const known = stored.value.kind === 'Known' ? { ledger: stored.value.ledger } : {};
    const secret = await deps.outputs.read('Secret', identity);
    // The ledger is known although the Secret is not.
    if (!secret.ok) return { standing: err(outputFault(identity, secret.error)), ...known };
    const data = { secret: secret.value?.data ?? {} };
    const configMap = await deps.outputs.read('ConfigMap', identity);
    if (!configMap.ok) {
      return { standing: err(outputFault(identity, configMap.error)), ...known, ...data };
    }
    const found = { stored: stored.value, secret: secret.value, configMap: configMap.value };
    const made = ledgerFrom(identity, instance, found);
    if (!made.ok) return { standing: made, ...data };
    if (made.value === undefined) return { standing: ok(undefined) };
    return { standing: ok({ ...found, ...made.value }), ledger: made.value.ledger, ...data };
  }

  function ledgerFrom(
    identity: InstanceIdentity,
    instance: Sanitized<InstanceStorage> | undefined,
    found: Found,
  ): Result<Made | undefined, PublicationFault> {
    const { stored, secret, configMap } = found;
    // Former formats had no seal, so a former ledger beside a seal was restored from a backup.
    if (stored.kind === 'Former' && readSeal(secret?.seal) === undefined) {
      return ok({ ledger: migrated(stored.ledger, secret, instance, deps.clock.now()), isMade: true });
    }
    if (stored.kind === 'Known' && !isOlder(stored.ledger, found)) {
      pending.delete(keyText(identity));
      return ok(withoutWait(stored.ledger, secret));
    }
    if (secret !== undefined || configMap !== undefined) return recovered(identity, instance, found);
    // A recovery that could not be written holds credentials, and has nothing left to recover.
    pending.delete(keyText(identity));
    if (instance === undefined && stored.kind === 'Missing') return ok(undefined);
    const { separator, variables } = instanceFormat(instance?.spec);
    const ledger =
      begun(deps.ledgers.known(keyText(identity))) ?? emptyLedger(deps.randomSalt(), { separator, variables });
    return ok({ ledger, isMade: true });
  }

  function recovered(
    identity: InstanceIdentity,
    instance: Sanitized<InstanceStorage> | undefined,
    found: Found,
  ): Result<Made, PublicationFault> {
    const { stored, secret, configMap } = found;
    const context = contextOf(identity, instance);
    const key = keyText(identity);
    const known = pending.get(key);
    const from = { ...found, context };
    // The recovery is kept until it is written: another salt would require new proofs of everything.
    if (known !== undefined && isSameFound(known.from, from)) return ok(madeFrom(known.recovery));
    const salt = known?.salt ?? deps.randomSalt();
    const again = recoverLedger(
      { secret: secret?.data, seal: readSeal(secret?.seal), configMap: configMap?.data },
      {
        ...context,
        newSalt: salt,
        now: kubeTime(deps.clock.now()),
        ...defined({ older: olderIn(found, instance, deps.clock.now()) }),
      },
    );
    if (again === undefined) return err(unrecoverable(identity));
    const recovery = { ...again, found: stored.kind };
    pending.set(key, { recovery, salt, from });
    return ok(madeFrom(recovery));
  }

  /** To be called after the ledger was written: a later loss is a new one. */
  function saved(identity: InstanceIdentity): void {
    pending.delete(keyText(identity));
  }

  return { read, saved };
}

/** A new ledger that could not be written yet is kept: another salt would require new proofs of everything. */
function begun(known: Ledger | undefined): Ledger | undefined {
  return known?.revision === 0 && known.claims.length === 0 ? known : undefined;
}

function migrated(
  ledger: FormerLedger,
  secret: StandingOutput | undefined,
  instance: Sanitized<InstanceStorage> | undefined,
  now: number,
): Ledger {
  const { cloud, separator, variables } = instanceFormat(instance?.spec);
  return migrateLedger(ledger, secret?.data, { cloud, format: { separator, variables } }, now);
}

/** The ledger that was restored from a backup, if that is the cause of the recovery. */
function olderIn(
  { stored, secret }: Found,
  instance: Sanitized<InstanceStorage> | undefined,
  now: number,
): Ledger | undefined {
  if (stored.kind === 'Former') return migrated(stored.ledger, secret, instance, now);
  return stored.kind === 'Known' ? stored.ledger : undefined;
}

/** The inputs of a recovery that come from the instance. */
function contextOf({ name }: InstanceIdentity, instance: Sanitized<InstanceStorage> | undefined) {
  const { separator, variables } = instanceFormat(instance?.spec);
  const hash = instance?.status?.config?.hash;
  return { instance: name, format: { separator, variables }, ...defined({ hash }) };
}

function madeFrom(recovery: Recovery): Made {
  return { ledger: recovery.ledger, isMade: true, recovery };
}

function isSameFound(left: Pending['from'], right: Pending['from']): boolean {
  return (
    isSameOutput(left.secret, right.secret) &&
    isSameOutput(left.configMap, right.configMap) &&
    isSame([left.context, versionOf(left.stored)], [right.context, versionOf(right.stored)])
  );
}

function isSameOutput(left: StandingOutput | undefined, right: StandingOutput | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  return left.seal === right.seal && isSameData(left.data, right.data);
}

function versionOf(stored: StoredLedger): readonly (string | undefined)[] {
  return [stored.kind, stored.kind === 'Missing' ? undefined : stored.resourceVersion];
}

/** Deleting the Secret discards the manual edits in it, so there is nothing left to preserve. */
function withoutWait(ledger: Ledger, secret: StandingOutput | undefined): Made {
  if (ledger.awaitsProof !== true || secret !== undefined) return { ledger, isMade: false };
  return { ledger: without(ledger, 'awaitsProof'), isMade: true };
}

/**
 * Whether the Secret was rendered from a later ledger, so this one was restored from a backup: from a later revision,
 * or from a ledger that was created since.
 */
function isOlder(ledger: Ledger, { secret, configMap }: Pick<Found, 'secret' | 'configMap'>): boolean {
  const seal = readSeal(secret?.seal);
  if (secret === undefined || seal === undefined) return false;
  if (seal.salt === ledger.salt.reveal()) return seal.revision > ledger.revision;
  if (!isSealedBy({ salt: new Secret(seal.salt) }, seal, secret.data)) return false;
  const rendered = renderOutputs(ledger, '');
  const shown = configMap?.data[HASH_KEY];
  // The ConfigMap decides: if it has the hash of the ledger, the Secret is the object that was restored. The same if the
  // ledger was recovered beside this ConfigMap, and what has changed since is not written yet.
  if (shown !== rendered.server.hash) return shown === undefined || shown !== ledger.knownHash?.hash;
  // If the Secret holds the same as well, either can be: a recovery loses nothing.
  return isSameData(secret.data, rendered.secret);
}

/**
 * Whether the Secret holds the data, with a seal of exactly this ledger. The revision shows an older restored Secret
 * even if only a policy has changed since.
 */
export function isSecretCurrent(secret: Standing['secret'], { salt, revision }: Ledger, outputs: Outputs): boolean {
  const seal = readSeal(secret?.seal);
  const isSealed = seal?.salt === salt.reveal() && seal.revision === revision && seal.digest === outputs.digest;
  return isSealed && secret !== undefined && isSameData(secret.data, outputs.secret);
}
