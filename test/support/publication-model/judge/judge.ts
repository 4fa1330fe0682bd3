import { recordId, type Ledger } from '../../../../src/domain/publication/ledger.ts';
import type { ApiRequestDone } from '../../api-server/requests.ts';
import { BusyCounter } from '../busy-counter.ts';
import type { Output } from '../commands.ts';
import type { Slot } from '../universe.ts';
import type { World } from '../world.ts';
import { judgeClaims, judgeGenerations } from './claim-status.ts';
import { Claims } from './claims.ts';
import type { Context } from './context.ts';
import { noteDamage } from './damage.ts';
import { KnownInstances, type Known } from './known.ts';
import { judgeLedgerWrite } from './ledger-writes.ts';
import { MissingCrds } from './missing-crds.ts';
import { judgeOutputsAtRest } from './outputs-at-rest.ts';
import { Proofs } from './proofs.ts';
import { isOneBound, refusedByUnpublished, type TeamKey } from './refused-claims.ts';
import { RenderedOutputs } from './rendered-outputs.ts';
import { judgeRestart } from './restarts.ts';
import { judgeSecretWrite } from './secret-writes.ts';
import { isSealOf, Stored } from './stored.ts';

const READS: ReadonlySet<string> = new Set(['get', 'list', 'servedVerbs', 'servedVersions']);

/**
 * The invariants P1 to P7, judged by the bytes at the API server and by a
 * bookkeeping of its own: what was proven, what people asked for, and what they
 * did to the outputs. Where a rule does not hold, its file says so, and why.
 *
 * - P1: only what was proven is published (`secret-writes.ts`, `outputs-at-rest.ts`).
 * - P2: what is published stays until it is asked to leave (`leaving-records.ts`, `leaving-entries.ts`,
 *   `secret-writes.ts`).
 * - P3: outputs are a function of the ledger (`rendered-outputs.ts`, `outputs-at-rest.ts`), and it can be read back
 *   (`ledger-writes.ts`). After a mere restart nothing is written: that is judged by `run.ts`.
 * - P4: outputs are there (`outputs-at-rest.ts`), and what is reported of them is true (`claim-status.ts`).
 * - P5: every generation is acknowledged (`claim-status.ts`).
 * - P6: a server is restarted for other data only (`restarts.ts`).
 * - P7: who comes later takes nothing from those who are there (`coming-records.ts`, `taken-credentials.ts`).
 *
 * Bytes are decoded in `decode.ts` and `stored.ts`. What is known is in `known.ts` (outputs), `claims.ts` and
 * `proofs.ts`; `damage.ts` and `missing-crds.ts` say how it changes by what people do.
 */
export class Judge {
  /** What did not hold so far. */
  readonly violations: string[] = [];
  /** Writes by the operator. */
  writes: string[] = [];
  readonly #context: Context;
  readonly #busy: BusyCounter;
  readonly #crds: MissingCrds;
  readonly #rendered: RenderedOutputs;

  constructor(world: World) {
    const fail = (why: string): void => this.fail(why);
    const [claims, proofs] = [new Claims(world), new Proofs()];
    this.#context = { world, stored: new Stored(world), claims, proofs, instances: new KnownInstances(), fail };
    this.#busy = new BusyCounter(world.clock, fail);
    this.#crds = new MissingCrds(this.#context);
    this.#rendered = new RenderedOutputs(this.#context);
    world.onProven(({ uid, bucket, credential }) => {
      const claim = claims.ofUid(uid);
      if (claim !== undefined) proofs.add(claim, bucket, credential);
    });
    world.onProbe((uid) => this.#busy.count(`probes of ${claims.ofUid(uid) ?? uid}`));
    world.truth.instances.onChange(({ object }) => claims.see(object));
    world.truth.teams.onChange(({ object }) => claims.see(object));
    world.api.onRequest((done) => {
      if (done.by === 'client' && done.status !== 200 && !READS.has(done.verb)) this.#refused(done);
      if (!done.changed) return;
      world.look();
      if (done.by === 'client') this.#written(done);
    });
  }

  /** Notes a violation. */
  fail(why: string): void {
    this.violations.push(why);
  }

  // What people do.

  /** People touched an object of an instance. */
  damage(slot: Slot, what: Output): void {
    noteDamage(this.#context, this.#context.instances.of(slot), what);
  }

  /** People added a key to an output Secret; what stood there stands. */
  added(slot: Slot): void {
    this.#context.instances.of(slot).damaged.add('Secret');
  }

  /** The ledger of an instance of which nothing is damaged, and all is written. */
  wholeLedger(slot: Slot): Ledger | undefined {
    const { damaged, ledger } = this.#context.instances.of(slot);
    const seal = this.#context.stored.seal(slot);
    if (seal === undefined || ledger === undefined) return undefined;
    return damaged.size === 0 && isSealOf(seal, ledger) ? ledger : undefined;
  }

  /** The CRD goes, and takes all claims of the kind with it: they were not deleted. */
  crdIsGone(kind: Slot['kind']): void {
    this.#crds.gone(kind);
  }

  /** The CRD is back: what went with it is excused where the operator did not see it gone. */
  crdIsBack(kind: Slot['kind']): void {
    this.#crds.back(kind);
  }

  // What the operator does.

  /** The operator has come to rest and has seen everything: older versions of claims count no more. */
  atRest(): void {
    this.#context.claims.atRest();
  }

  /** Another process leads: what the one before it saw of claims that are gone, and did not write down, is lost. */
  otherProcess(): void {
    this.#context.claims.otherProcess();
  }

  #refused({ kind, verb, key, status }: ApiRequestDone): void {
    // The caches are behind: it is tried again until a watch has caught up, which a story may put off.
    if (status === 409) return;
    this.#busy.count(`${verb} ${kind} ${key.namespace}/${key.name} that was refused with ${status}`);
  }

  #written({ kind, verb, key }: ApiRequestDone): void {
    if (kind === 'Event') return;
    this.writes.push(`${verb} ${kind} ${key.namespace}/${key.name}`);
    const [, instance] = /^(.+?)-storage(?:-ledger)?$/.exec(key.name) ?? [];
    const { instances } = this.#context;
    const known = instance === undefined ? undefined : instances.find(key.namespace, instance);
    if (kind === 'Secret' && known !== undefined) {
      if (key.name.endsWith('-ledger')) judgeLedgerWrite(this.#context, known);
      else judgeSecretWrite(this.#context, known);
    }
    if (kind === 'ConfigMap' && known !== undefined) this.#listingWritten(known);
    if (kind === 'Deployment') judgeRestart(this.#context, instances.of(key));
  }

  #listingWritten(known: Known): void {
    known.damaged.delete('ConfigMap');
    known.listed = new Set(this.#context.stored.ledger(known.slot)?.claims.map(recordId));
  }

  // What is looked at between the steps.

  /** The same ledger has the same bytes, and the operator threw nothing. */
  look(): void {
    this.#rendered.judge();
    for (const error of this.#context.world.errors.splice(0)) this.fail(`The operator threw: ${error}`);
  }

  /** Whether every generation is acknowledged. */
  lookAtGenerations(): void {
    judgeGenerations(this.#context);
  }

  /** Whether what is reported of each claim is true. */
  lookAtClaims(): void {
    judgeClaims(this.#context);
  }

  /** With faults over, everything known and some time gone by. */
  lookAtRest(): void {
    judgeOutputsAtRest(this.#context);
    judgeClaims(this.#context);
  }

  /** Claims that are refused for another one, of which nothing may be published. */
  refusedByUnpublished(): readonly TeamKey[] {
    return refusedByUnpublished(this.#context);
  }

  /** Whether one of these teams has a record now. */
  isOneBound(teams: readonly TeamKey[]): boolean {
    return isOneBound(this.#context, teams);
  }
}
