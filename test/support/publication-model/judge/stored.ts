import type { SecretObject } from '../../../../src/api/resources.ts';
import { Secret } from '../../../../src/base/secret.ts';
import type { Ledger } from '../../../../src/domain/publication/ledger.ts';
import { migrateLedger } from '../../../../src/domain/publication/migrate-ledger.ts';
import { renderOutputs, type OutputData } from '../../../../src/domain/publication/outputs.ts';
import { isSealedBy, readSeal, SEAL_ANNOTATION, type Seal } from '../../../../src/domain/publication/seal.ts';
import { HAND_KEYS, plain, type Slot } from '../universe.ts';
import type { World } from '../world.ts';
import { decodedOf, formerOf, isSameData } from './decode.ts';

/** Reads the outputs of an instance as they are at the API server now. */
export class Stored {
  readonly #world: World;
  readonly #decoded = new WeakMap<SecretObject, Ledger | undefined>();

  constructor(world: World) {
    this.#world = world;
  }

  /** The output Secret. */
  secret({ namespace, name }: Slot): SecretObject | undefined {
    return this.#world.truth.secrets.reader.get({ namespace, name: `${name}-storage` });
  }

  /** The data of the output Secret as plain text. */
  data(slot: Slot): OutputData | undefined {
    const secret = this.secret(slot);
    if (secret === undefined) return undefined;
    return Object.fromEntries(Object.entries(secret.data ?? {}).map(([key, value]) => [key, plain(value)]));
  }

  /** The data of the output ConfigMap. */
  listing({ namespace, name }: Slot): OutputData | undefined {
    return this.#world.truth.configMaps.reader.get({ namespace, name: `${name}-storage` })?.data;
  }

  /** The seal of the output Secret. */
  seal(slot: Slot): Seal | undefined {
    return readSeal(this.secret(slot)?.metadata.annotations?.[SEAL_ANNOTATION]);
  }

  /** The ledger, if it is of the present format. */
  ledger(slot: Slot): Ledger | undefined {
    const secret = this.#ledgerSecret(slot);
    if (secret === undefined) return undefined;
    if (!this.#decoded.has(secret)) this.#decoded.set(secret, decodedOf(secret));
    return this.#decoded.get(secret);
  }

  /** The ledger of a former format, as the present version takes it over. */
  migratedLedger(slot: Slot): Ledger | undefined {
    const secret = this.#ledgerSecret(slot);
    const former = secret === undefined ? undefined : formerOf(secret);
    if (former === undefined) return undefined;
    const { cloud = 'OnPremises' } = this.#world.truth.instances.reader.get(slot)?.spec.deployment ?? {};
    const format = { separator: ',', variables: ['FILE_STORES'] };
    return migrateLedger(former, this.data(slot), { cloud, format }, this.#world.clock.now());
  }

  /** The ledger, where nothing says that it is older than what stands. */
  believedLedger(slot: Slot): Ledger | undefined {
    if (this.seal(slot) !== undefined) return undefined;
    return this.ledger(slot) ?? this.migratedLedger(slot);
  }

  /** A ledger of a former format beside a seal: the versions that wrote it knew none, so it counts as lost. */
  hasOldLedger(slot: Slot): boolean {
    return this.seal(slot) !== undefined && this.migratedLedger(slot) !== undefined;
  }

  /** Whether the Secret is what the ledger renders. */
  isRendered(slot: Slot): boolean {
    const ledger = this.ledger(slot);
    return isSameData(this.data(slot), ledger && renderOutputs(ledger, '').secret);
  }

  /** Whether the data of the Secret is not what its seal says. */
  isEdited(slot: Slot): boolean {
    const seal = this.seal(slot);
    return seal !== undefined && !isSealedBy({ salt: new Secret(seal.salt) }, seal, this.data(slot) ?? {});
  }

  /** Its outputs were edited while its ledger was lost, and nothing was proven since: they are left alone. */
  awaitsProof(slot: Slot): boolean {
    return this.ledger(slot)?.awaitsProof === true;
  }

  /** Whether the operator leaves the outputs alone, because it cannot know what they should be. */
  isLeftAlone(slot: Slot): boolean {
    return this.awaitsProof(slot) || this.#isUnrecoverable(slot);
  }

  /**
   * It is unknown which part of it is the operator's: there is no ledger, no seal, and a key that people put in. The
   * Secret is left as it is (`LedgerUnrecoverable`).
   */
  #isUnrecoverable(slot: Slot): boolean {
    const hasLedger = (this.ledger(slot) ?? this.migratedLedger(slot)) !== undefined;
    if (hasLedger || this.seal(slot) !== undefined) return false;
    return Object.keys(this.data(slot) ?? {}).some((key) => HAND_KEYS.some((one) => one === key));
  }

  #ledgerSecret({ namespace, name }: Slot): SecretObject | undefined {
    return this.#world.truth.secrets.reader.get({ namespace, name: `${name}-storage-ledger` });
  }
}

/** Whether the data with this seal was rendered from this ledger. */
export function isSealOf({ revision, salt }: Seal, ledger: Ledger): boolean {
  return revision === ledger.revision && salt === ledger.salt.reveal();
}
