import { gunzipSync } from 'node:zlib';
import {
  CONFIG_HASH_ANNOTATION,
  type DeploymentObject,
  type InstanceStorage,
  type SecretObject,
  type TeamStorage,
} from '../../../src/api/resources.ts';
import { without } from '../../../src/base/defined.ts';
import { Secret } from '../../../src/base/secret.ts';
import { decodeLedger, encodeLedger } from '../../../src/domain/publication/ledger-format.ts';
import { placeOf, recordId, type ClaimRecord, type Ledger } from '../../../src/domain/publication/ledger.ts';
import { migrateLedger } from '../../../src/domain/publication/migrate-ledger.ts';
import type { FormerLedger } from '../../../src/domain/publication/former-ledger.ts';
import { renderOutputs, type OutputData } from '../../../src/domain/publication/outputs.ts';
import { isSealedBy, readSeal, SEAL_ANNOTATION } from '../../../src/domain/publication/seal.ts';
import type { ApiRequestDone } from '../api-server/requests.ts';
import { parseOutputs, type Published } from './parse-outputs.ts';
import { HAND_KEYS, plain, slotText, targetOf, INSTANCES, type Slot, type Target } from './universe.ts';
import { BusyCounter } from './busy-counter.ts';
import type { Success, World } from './world.ts';

type Claim = InstanceStorage | TeamStorage;

interface ClaimKey {
  readonly namespace: string;
  readonly name: string;
}

const READS: ReadonlySet<string> = new Set(['get', 'list', 'servedVerbs', 'servedVersions']);

/** What a claim asked for since the operator last came to rest: it may have seen any of these last. */
interface Seen {
  readonly deletion: Set<string>;
  readonly change: Set<string>;
  readonly isolation: Set<string>;
  readonly places: Set<string>;
  readonly uids: Set<string>;
}

/** What is known of one instance, from the bytes that were written and from what people did to them. */
interface Known {
  readonly slot: Slot;
  /** What the output Secret last held by the operator's hand. */
  standing: Published;
  /** Records of the ledger that the operator wrote last; absent after it was damaged. */
  ledger: Ledger | undefined;
  /** The same, whatever became of it since. */
  written: Ledger | undefined;
  /** Since when each record is there, by `recordId`. */
  readonly since: Map<string, number>;
  /** Buckets whose last record left, and rightly so; `slot` for the instance bucket. */
  readonly mayLeave: Set<string>;
  /** Records (`recordId`) in the list of the ConfigMap: what a lost ledger can be recovered with. */
  listed: ReadonlySet<string>;
  /** Records of the ledger when it was damaged last: who had the bucket then is no newcomer. */
  lost: ReadonlySet<string>;
  /** Records (`recordId`) with `Remove` in a ledger that people put beside a Secret without a seal: what it says counts. */
  believed: ReadonlySet<string>;
  /** People touched it, and the operator has not written it since. */
  readonly damaged: Set<'ledger' | 'Secret' | 'ConfigMap'>;
  /** Data of the Secret at the last restart; `undefined`: any data will do. */
  restartedFor: string | undefined;
  /** The hash that the server knows, where it went with the ledger: a restart that was on its way may still bring it. */
  lostHash: string | undefined;
  /** Data of the Secret by the digest in its seal: a restart on its way may be for what stood before. */
  readonly dataOf: Map<string, string>;
  /** When people last left nothing of ledger and Secret. */
  anewAt: number;
}

/**
 * The invariants P1 to P7, judged by the bytes at the API server and by a
 * bookkeeping of its own: what was proven, what people asked for, and what they
 * did to the outputs.
 *
 * Where they do not hold, and why:
 *
 * - What people put into an output Secret with their own hands is not judged
 *   until the operator has written that Secret again.
 * - When the ledger and the Secret are both damaged at the same time (deleted,
 *   edited or put back, and not yet written again), no memory is left of what stood
 *   there: what the Secret holds at that moment counts as proven and as what
 *   stands, and the next restart needs no other reason. With the ConfigMap gone
 *   as well everything begins anew.
 *   Where the Secret was edited, nothing is written over it before something is proven: the ledger says so.
 * - Where the Secret has the seal of another ledger and the ConfigMap is damaged, records are judged again from the next
 *   ledger that is written: it may be recovered from that Secret.
 * - A ledger of a former format beside a Secret with a seal counts as damaged: it is older than the Secret.
 * - A ledger that can be read beside a Secret without a seal is what stands, no matter who put it there or edited it:
 *   nothing says that it is old, and a `Remove` in it counts. A former version left such a Secret, or people took the
 *   seal off.
 * - Without a ledger and without a seal a Secret with a key of people's is left as it is (`LedgerUnrecoverable`).
 * - After a recovery without a seal only the ledger has the hash that the server knows for certain. Where that ledger
 *   is lost, the next restart needs no other reason.
 * - After a damage of the ledger alone, its records may come back changed (a
 *   policy unknown, a claim without a name): entries stay all the same, and
 *   records are judged again from the next ledger that is written. A claim whose record was in that ledger alone and in
 *   no list, because the outputs could not be written yet, is not known any more: it keeps no entry of others.
 * - A claim that moved to another instance is published there as long as the Secret there holds its entry, also while
 *   the ledger there is lost and not yet written again: the record at the former instance may leave.
 * - A restart that was on its way to the API server when people deleted everything may arrive after that.
 * - Objects that went with their CRD and whose CRD was back before the operator
 *   could see it gone (their record still says `Remove`, or a watch that lags has yet to show it) count as deleted.
 * - An entry that is not needed any more leaves: its claims sign in by the
 *   server's own identity, on the cloud where that reaches the bucket.
 * - While caches are held back, what counts as last seen is any version since
 *   the operator came to rest.
 */
export class Judge {
  readonly violations: string[] = [];
  readonly #world: World;
  readonly #busy: BusyCounter;
  readonly #known = new Map<string, Known>();
  readonly #seen = new Map<string, Seen>();
  /** By `namespace kind/name`: what was proven for it, as `bucket credential`. */
  readonly #proven = new Map<string, Set<string>>();
  readonly #names = new Map<string, string>();
  /** When each incarnation was made, by UID. */
  readonly #madeAt = new Map<string, number>();
  /** The last version of each claim, which may be gone. */
  readonly #last = new Map<string, Claim>();
  /** Claims that went with their CRD, and have not been made anew. */
  readonly #gone = new Set<string>();
  /** By kind of a CRD that went: the ledgers that were written until then. */
  readonly #writtenUntil = new Map<Slot['kind'], ReadonlySet<Ledger | undefined>>();
  /** Claims that were gone before a process that had seen their last version wrote it down. */
  readonly #unseen = new Set<string>();
  /** Claims that went with their CRD before the operator could see that the CRD was gone. */
  readonly #excused = new Set<string>();
  /** Writes by the operator. */
  writes: string[] = [];

  constructor(world: World) {
    this.#world = world;
    this.#busy = new BusyCounter(world.clock, (why) => this.fail(why));
    for (const slot of INSTANCES) {
      this.#known.set(`${slot.namespace}/${slot.name}`, {
        slot,
        standing: { entries: new Map() },
        ledger: undefined,
        written: undefined,
        since: new Map(),
        mayLeave: new Set(),
        listed: new Set(),
        lost: new Set(),
        believed: new Set(),
        damaged: new Set(),
        restartedFor: undefined,
        lostHash: undefined,
        dataOf: new Map(),
        anewAt: Number.NEGATIVE_INFINITY,
      });
    }
    world.onProven((success) => this.#note(success));
    world.onProbe((uid) => this.#busy.count(`probes of ${this.#names.get(uid) ?? uid}`));
    world.truth.instances.onChange(({ object }) => this.#see(object));
    world.truth.teams.onChange(({ object }) => this.#see(object));
    world.api.onRequest((done) => {
      if (done.by === 'client' && done.status !== 200 && !READS.has(done.verb)) this.#refused(done);
      if (!done.changed) return;
      world.look();
      if (done.by === 'client') this.#written(done);
    });
  }

  fail(why: string): void {
    this.violations.push(why);
  }

  // What people do.

  /** People touched an object of an instance. */
  damage(slot: Slot, what: 'ledger' | 'Secret' | 'ConfigMap'): void {
    const known = this.#of(slot);
    known.damaged.add(what);
    if (what === 'ledger') {
      const believed = this.#believed(slot)?.claims ?? [];
      known.believed = new Set(believed.filter(({ policy }) => policy === 'Remove').map(recordId));
      if (known.ledger !== undefined) known.lost = new Set(known.ledger.claims.map(recordId));
      known.ledger = undefined;
      known.lostHash = known.written?.knownHash?.hash;
      if (known.lostHash !== undefined) known.restartedFor = undefined;
    }
    if ((known.damaged.has('ledger') && known.damaged.has('Secret')) || this.#hasOldLedger(slot))
      this.#beginAnew(known);
    else if (what === 'ledger') this.#believe(known);
    else if (this.#isUndecided(known)) known.ledger = undefined;
  }

  /** The ledger of an instance of which nothing is damaged, and all is written. */
  wholeLedger(slot: Slot): Ledger | undefined {
    const { damaged, ledger } = this.#of(slot);
    const seal = readSeal(this.#sealOf(slot));
    const isWritten = seal?.revision === ledger?.revision && seal?.salt === ledger?.salt.reveal();
    return damaged.size === 0 && isWritten ? ledger : undefined;
  }

  /** People added a key to an output Secret; what stood there stands. */
  added(slot: Slot): void {
    this.#of(slot).damaged.add('Secret');
  }

  /** The CRD goes, and takes all claims of the kind with it: they were not deleted. */
  crdIsGone(kind: Slot['kind']): void {
    const { instances, teams } = this.#world.truth;
    const reader = kind === 'InstanceStorage' ? instances.reader : teams.reader;
    for (const { metadata } of reader.list()) {
      this.#gone.add(`${metadata.namespace ?? ''} ${kind}/${metadata.name}`);
    }
    this.#writtenUntil.set(kind, new Set([...this.#known.values()].map(({ slot }) => this.#storedLedger(slot))));
  }

  /** The CRD is back: what went with it is excused where the operator did not see it gone. */
  crdIsBack(kind: Slot['kind']): void {
    const unwritten = [...this.#known.values()].filter(
      ({ slot }) => this.#writtenUntil.get(kind)?.has(this.#storedLedger(slot)) === true,
    );
    // The operator may not have seen it gone: it wrote nothing since.
    for (const id of this.#gone) {
      const isUnseen = unwritten.some(({ slot }) => id.startsWith(`${slot.namespace} ${kind}/`));
      if (isUnseen && this.#last.get(id)?.spec.deletionPolicy === 'Remove') this.#excused.add(id);
    }
    for (const { slot, written } of this.#known.values()) {
      for (const record of (this.#storedLedger(slot) ?? written)?.claims ?? []) {
        const isRemove = record.kind === kind && record.policy === 'Remove';
        if (isRemove) this.#excused.add(`${slot.namespace} ${record.kind}/${record.name}`);
      }
    }
  }

  /** The operator has come to rest and has seen everything: older versions of claims count no more. */
  atRest(): void {
    for (const id of this.#seen.keys()) if (!this.#unseen.has(id)) this.#seen.delete(id);
    for (const object of [...this.#last.values()]) this.#see(object);
  }

  /** Another process leads: what the one before it saw of claims that are gone, and did not write down, is lost. */
  otherProcess(): void {
    for (const [id, { kind, metadata }] of this.#last) {
      const { namespace = '', name } = metadata;
      if (this.#world.claim({ kind, namespace, name }) === undefined) this.#unseen.add(id);
    }
  }

  /** What the secret holds now is all that there is. */
  #beginAnew(known: Known): void {
    known.restartedFor = undefined;
    known.anewAt = this.#world.clock.monotonic();
    known.ledger = undefined;
    // What was asked to leave, and has not left yet, may still.
    for (const bucket of known.mayLeave) if (!isIn(known.standing, bucket)) known.mayLeave.delete(bucket);
    const believed = this.#believed(known.slot);
    known.written = believed ?? known.written;
    this.#stands(known, believed === undefined ? (this.#data(known.slot) ?? {}) : renderOutputs(believed, '').secret);
    // Of edited outputs the operator takes over what the listing confirms: it may be none.
    if (this.#isEdited(known.slot)) known.standing = { entries: new Map() };
  }

  #isEdited(slot: Slot): boolean {
    const seal = readSeal(this.#sealOf(slot));
    return seal !== undefined && !isSealedBy({ salt: new Secret(seal.salt) }, seal, this.#data(slot) ?? {});
  }

  /** People put a ledger beside a Secret without a seal, or edited it. */
  #believe(known: Known): void {
    const believed = this.#believed(known.slot);
    if (believed === undefined) return;
    known.written = believed;
    this.#stands(known, renderOutputs(believed, '').secret);
  }

  /** The seal is of another ledger, and the ConfigMap, which would decide between the two, is damaged as well. */
  #isUndecided({ slot, damaged }: Known): boolean {
    const [seal, ledger] = [readSeal(this.#sealOf(slot)), this.#storedLedger(slot)];
    if (seal === undefined || ledger === undefined || !damaged.has('ConfigMap')) return false;
    return seal.revision !== ledger.revision || seal.salt !== ledger.salt.reveal();
  }

  /** A ledger of a former format beside a seal: the versions that wrote it knew none, so it counts as lost. */
  #hasOldLedger(slot: Slot): boolean {
    return readSeal(this.#sealOf(slot)) !== undefined && this.#migratedLedger(slot) !== undefined;
  }

  /** The ledger that is stored, where nothing says that it is older than what stands. */
  #believed(slot: Slot): Ledger | undefined {
    if (readSeal(this.#sealOf(slot)) !== undefined) return undefined;
    return this.#storedLedger(slot) ?? this.#migratedLedger(slot);
  }

  #stands(known: Known, data: OutputData): void {
    const { entries, slot } = readable(data);
    // A key that people added may read like file stores: no claim asked for it.
    known.standing = readable(without(data, ...HAND_KEYS));
    const { namespace } = known.slot;
    for (const [bucket, credential] of entries) this.#prove(`${namespace} (by hand)`, bucket, credential);
    if (slot !== undefined) this.#prove(`${namespace} (by hand)`, slot.bucket, slot.credential);
  }

  // Bookkeeping.

  #of({ namespace, name }: { readonly namespace: string; readonly name: string }): Known {
    const known = this.#known.get(`${namespace}/${name}`);
    if (known === undefined) throw new Error(`no instance ${namespace}/${name}`);
    return known;
  }

  #note({ uid, bucket, credential }: Success): void {
    const claim = this.#names.get(uid);
    if (claim !== undefined) this.#prove(claim, bucket, credential);
  }

  #prove(claim: string, bucket: string, credential: string): void {
    const proofs = this.#proven.get(claim) ?? new Set();
    proofs.add(`${bucket} ${credential}`);
    this.#proven.set(claim, proofs);
  }

  #isProven(namespace: string, bucket: string, credential: string): boolean {
    return [...this.#proven].some(
      ([claim, proofs]) => claim.startsWith(`${namespace} `) && proofs.has(`${bucket} ${credential}`),
    );
  }

  #see(object: Claim): void {
    const { namespace = '', name, uid = '' } = object.metadata;
    const id = `${namespace} ${object.kind}/${name}`;
    this.#names.set(uid, id);
    if (!this.#madeAt.has(uid)) this.#madeAt.set(uid, this.#world.clock.monotonic());
    this.#last.set(id, object);
    if (this.#world.claim({ kind: object.kind, namespace, name }) !== undefined) {
      this.#gone.delete(id);
      this.#unseen.delete(id);
    }
    const seen = this.#seen.get(id) ?? {
      deletion: new Set(),
      change: new Set(),
      isolation: new Set(),
      places: new Set(),
      uids: new Set(),
    };
    seen.deletion.add(object.spec.deletionPolicy ?? 'Retain');
    seen.change.add(object.spec.bucketChangePolicy ?? 'Forbid');
    seen.uids.add(uid);
    seen.places.add(this.#placeText(object));
    if (object.kind === 'TeamStorage')
      seen.isolation.add(`${object.spec.isolation ?? 'Preferred'} ${object.spec.team}`);
    this.#seen.set(id, seen);
  }

  #placeText(object: Claim): string {
    const target = this.#target(object);
    return typeof target === 'object' ? `${target.instance} ${target.bucket}/${target.path}` : (target ?? 'unknown');
  }

  #target(object: Claim): Target | 'nothing' | undefined {
    const { namespace = '' } = object.metadata;
    return targetOf(
      object,
      (kind, name) => this.#world.claim({ kind, namespace, name }),
      this.#world.truth.instances.reader.list(namespace).map(({ metadata }) => metadata.name),
    );
  }

  #data({ namespace, name }: Slot): Readonly<Record<string, string>> | undefined {
    const secret = this.#world.truth.secrets.reader.get({ namespace, name: `${name}-storage` });
    if (secret === undefined) return undefined;
    return Object.fromEntries(Object.entries(secret.data ?? {}).map(([key, value]) => [key, plain(value)]));
  }

  #sealOf({ namespace, name }: Slot): string | undefined {
    const secret = this.#world.truth.secrets.reader.get({ namespace, name: `${name}-storage` });
    return secret?.metadata.annotations?.[SEAL_ANNOTATION];
  }

  readonly #decoded = new WeakMap<SecretObject, Ledger | undefined>();

  #storedLedger({ namespace, name }: Slot): Ledger | undefined {
    const secret = this.#world.truth.secrets.reader.get({ namespace, name: `${name}-storage-ledger` });
    if (secret === undefined) return undefined;
    if (!this.#decoded.has(secret)) this.#decoded.set(secret, decodedOf(secret));
    return this.#decoded.get(secret);
  }

  /** The stored ledger of a former format, as the present version takes it over. */
  #migratedLedger(slot: Slot): Ledger | undefined {
    const { namespace, name } = slot;
    const secret = this.#world.truth.secrets.reader.get({ namespace, name: `${name}-storage-ledger` });
    const former = secret === undefined ? undefined : formerOf(secret);
    if (former === undefined) return undefined;
    const { cloud = 'OnPremises' } = this.#world.truth.instances.reader.get(slot)?.spec.deployment ?? {};
    const format = { separator: ',', variables: ['FILE_STORES'] };
    return migrateLedger(former, this.#data(slot), { cloud, format }, this.#world.clock.now());
  }

  // What the operator does.

  #refused({ kind, verb, key, status }: ApiRequestDone): void {
    // The caches are behind: it is tried again until a watch has caught up, which a story may put off.
    if (status === 409) return;
    this.#busy.count(`${verb} ${kind} ${key.namespace}/${key.name} that was refused with ${status}`);
  }

  #written({ kind, verb, key }: ApiRequestDone): void {
    if (kind === 'Event') return;
    this.writes.push(`${verb} ${kind} ${key.namespace}/${key.name}`);
    const [, instance] = /^(.+?)-storage(?:-ledger)?$/.exec(key.name) ?? [];
    const known = instance === undefined ? undefined : this.#known.get(`${key.namespace}/${instance}`);
    if (kind === 'Secret' && known !== undefined) {
      if (key.name.endsWith('-ledger')) this.#ledgerWritten(known);
      else this.#secretWritten(known);
    }
    if (kind === 'ConfigMap' && known !== undefined) {
      known.damaged.delete('ConfigMap');
      known.listed = new Set(this.#storedLedger(known.slot)?.claims.map(recordId));
    }
    if (kind === 'Deployment') this.#restarted(key);
  }

  #secretWritten(known: Known): void {
    const { slot, damaged, mayLeave } = known;
    const what = `Secret ${slot.namespace}/${slot.name}-storage`;
    if (this.#awaitsProof(slot)) this.fail(`P1 ${what} was edited, and is written over before anything was proven`);
    let now: Published;
    try {
      now = parseOutputs(this.#data(slot) ?? {});
    } catch (error) {
      // What people put in leaves with the patch that follows.
      if (!damaged.has('Secret')) this.fail(`P1 ${what} is none: ${(error as Error).message}`);
      return;
    }
    const flaws = this.#unproven(slot, now);
    if (flaws.length > 0) {
      if (!damaged.has('Secret')) this.fail(`P1 ${what} holds what was never proven: ${flaws.join('; ')}`);
      return;
    }
    // What was on its way when people put something back is not for what they put.
    if (!this.#isNew(known.anewAt)) this.#lost(known, now);
    // Of what may leave, people may own a copy: it stays until the patch that follows the apply.
    const ledger = this.#storedLedger(slot);
    const rows = ledger && new Set(ledger.rows.map(({ address }) => address.name));
    for (const bucket of now.entries.keys()) if (rows?.has(bucket) !== false) mayLeave.delete(bucket);
    if (now.slot !== undefined && (ledger === undefined || ledger.slot !== undefined)) mayLeave.delete('slot');
    const { digest = '' } = readSeal(this.#sealOf(slot)) ?? {};
    known.dataOf.set(digest, JSON.stringify(this.#data(slot)));
    known.standing = damaged.has('Secret') ? this.#withoutHands(known, now) : now;
    // A key that people own leaves with the patch that follows the apply, or after the next try.
    if (this.#isRendered(slot)) damaged.delete('Secret');
  }

  #lost({ slot, standing, mayLeave }: Known, now: Published): void {
    const what = `P2 Secret ${slot.namespace}/${slot.name}-storage has lost`;
    for (const bucket of standing.entries.keys()) {
      if (!now.entries.has(bucket) && !mayLeave.has(bucket)) this.fail(`${what} the entry of ${bucket}`);
    }
    if (standing.slot !== undefined && now.slot === undefined && !mayLeave.has('slot')) {
      this.fail(`${what} BUCKET, which was ${standing.slot.bucket}`);
    }
  }

  /** What people put in leaves with the patch that follows the apply: it does not stand. */
  #withoutHands({ slot, standing }: Known, now: Published): Published {
    const ledger = this.#storedLedger(slot);
    const rows = new Set(ledger?.rows.map(({ address }) => address.name));
    const isOurs = (bucket: string): boolean => standing.entries.has(bucket) || rows.has(bucket);
    const entries = new Map([...now.entries].filter(([bucket]) => isOurs(bucket)));
    const hasSlot = standing.slot !== undefined || ledger?.slot !== undefined;
    return hasSlot && now.slot !== undefined ? { entries, slot: now.slot } : { entries };
  }

  #unproven({ namespace }: Slot, { entries, slot }: Published): readonly string[] {
    const stores = [
      ...[...entries].map(([bucket, credential]) => ({ bucket, credential })),
      ...(slot === undefined ? [] : [slot]),
    ];
    return stores
      .filter(({ bucket, credential }) => !this.#isProven(namespace, bucket, credential))
      .map(({ bucket, credential }) => `${bucket} with ${credential === '' ? 'no credential' : credential}`);
  }

  #ledgerWritten(known: Known): void {
    const { slot, damaged } = known;
    const what = `The ledger of ${slot.namespace}/${slot.name}`;
    const ledger = this.#storedLedger(slot);
    if (ledger === undefined) {
      this.fail(`P3 ${what} cannot be read`);
      return;
    }
    const again = decodeLedger(encodeLedger(ledger));
    if (!again.ok || again.value.kind !== 'Current') {
      this.fail(`P3 ${what} cannot be read back`);
    } else if (encodeLedger(again.value.ledger) !== encodeLedger(ledger)) {
      this.fail(`P3 ${what} is another one once it was encoded and decoded`);
    }
    const before = known.ledger;
    const isWhole = before !== undefined && !damaged.has('ledger');
    damaged.delete('ledger');
    const { written } = known;
    if (!isWhole && written !== undefined) this.#leftMeanwhile(known, written, ledger);
    known.ledger = ledger;
    known.written = ledger;
    const wasThere = new Map((before?.claims ?? []).map((record) => [recordId(record), record]));
    const isThere = new Set(ledger.claims.map(recordId));
    if (isWhole) {
      const left = before.claims.filter((record) => !isThere.has(recordId(record)));
      for (const record of left) this.#left(known, record, ledger);
      this.#rowsLeft(known, before, ledger);
      const came = ledger.claims.filter((record) => !wasThere.has(recordId(record)));
      for (const record of came) if (!known.lost.has(recordId(record))) this.#came(known, record, came);
      this.#credentialsTaken(known, before, ledger, came);
    } else if (before === undefined && !this.#hasHistory(known)) {
      // The operator may still have seen the listing: what was bound before it all went is no newcomer.
      const were = new Set(written?.claims.map(recordId));
      const came = ledger.claims.filter((record) => !were.has(recordId(record)));
      for (const record of came) this.#came(known, record, ledger.claims);
    }
    const now = this.#world.clock.monotonic();
    for (const record of ledger.claims) if (!wasThere.has(recordId(record))) known.since.set(recordId(record), now);
  }

  /** Something stood there before: what its ledger holds now may be what was recovered. */
  #hasHistory({ standing }: Known): boolean {
    return standing.entries.size > 0 || standing.slot !== undefined;
  }

  /** A record left the ledger: was it asked to? */
  #left(known: Known, record: ClaimRecord, after: Ledger): void {
    const { slot } = known;
    const id = `${slot.namespace} ${record.kind}/${record.name}`;
    const why = this.#mayLeave(known, record, after);
    if (why === undefined && !this.#wasGone(id, record, after)) {
      const policies = [...(this.#seen.get(id)?.deletion ?? [])].join('|');
      this.fail(
        `P2 The ledger of ${slot.namespace}/${slot.name} dropped ${record.kind} ${record.name} on ${record.address.name}/${record.address.path} (last seen: ${policies})`,
      );
    }
  }

  /** It was gone when the write was sent, and another incarnation is there since. */
  #wasGone(id: string, record: ClaimRecord, after: Ledger): boolean {
    const { uid = '' } = this.#last.get(id)?.metadata ?? {};
    const isRemove = this.#seen.get(id)?.deletion.has('Remove') === true;
    const isReplaced = record.uid !== uid && this.#isNew(this.#madeAt.get(uid) ?? 0);
    return isReplaced && (isRemove || heirOf(record, after) !== undefined);
  }

  #mayLeave(known: Known, record: ClaimRecord, after: Ledger): string | undefined {
    const { slot } = known;
    const { namespace } = slot;
    const id = `${namespace} ${record.kind}/${record.name}`;
    const seen = this.#seen.get(id);
    const live = this.#world.claim({ kind: record.kind, namespace, name: record.name });
    if (this.#excused.has(id)) return 'excused';
    if (live === undefined) return this.#goneMayLeave(known, record, after);
    const isRemove = this.#wasToLeave(known, record);
    const here = `${slot.name} ${record.address.name}/${record.address.path}`;
    const mayMove = seen?.change.has('Allow') === true;
    const target = this.#target(live);
    const isOfOther = target === 'nothing' && record.uid !== live.metadata.uid;
    if (isOfOther && this.#isAbsorbed(known, record, after)) return 'absorbed';
    const places = [...(seen?.places ?? [])].filter((place) => place !== here && place !== 'unknown');
    const isElsewhere = this.#placeText(live) !== here || places.length > 0;
    if (!isElsewhere) return undefined;
    if (target === 'nothing' || places.includes('nothing')) {
      if (mayMove || isRemove) return 'unset';
    }
    const isOther = record.uid !== undefined && seen?.uids.has(record.uid) === true ? seen.uids.size > 1 : true;
    const bound = [...this.#known.values()].some(
      (one) =>
        one.slot.namespace === namespace &&
        (one === known ? after : this.#storedLedger(one.slot))?.claims.some(
          (other) => other.kind === record.kind && other.name === record.name && recordId(other) !== recordId(record),
        ) === true,
    );
    const otherInstance = [...this.#known.values()].some(
      (one) => one !== known && one.slot.namespace === namespace && this.#isPublishedBy(one, record),
    );
    if (!bound && !otherInstance) return undefined;
    if (mayMove) return 'moved';
    return isOther && isRemove ? 'left behind' : undefined;
  }

  /** The same of a record whose object is gone. */
  #goneMayLeave(known: Known, record: ClaimRecord, after: Ledger): string | undefined {
    const id = `${known.slot.namespace} ${record.kind}/${record.name}`;
    if (this.#gone.has(id)) {
      const isElsewhere = heirOf(record, after) !== undefined || this.#hasMoved(id, record, after);
      return isElsewhere ? 'absorbed or moved' : undefined;
    }
    if (this.#isAbsorbed(known, record, after)) return 'absorbed';
    const wasSeen = (this.#seen.get(id)?.uids.size ?? 0) > 0;
    return wasSeen && this.#wasToLeave(known, record) ? 'deleted' : undefined;
  }

  #isAbsorbed(known: Known, record: ClaimRecord, after: Ledger): boolean {
    const mayBe = record.policy !== 'Remove' || this.#wasToLeave(known, record);
    return mayBe && heirOf(record, after) !== undefined;
  }

  #wasToLeave({ slot, believed }: Known, record: ClaimRecord): boolean {
    if (record.policy === 'Remove' && believed.has(recordId(record))) return true;
    return this.#seen.get(`${slot.namespace} ${record.kind}/${record.name}`)?.deletion.has('Remove') === true;
  }

  /** Its ledger has the record, or had it until people took it away, and the Secret still holds the entry. */
  #isPublishedBy({ slot, damaged, written, standing }: Known, record: ClaimRecord): boolean {
    const has = (ledger: Ledger | undefined): ClaimRecord | undefined =>
      ledger?.claims.find((other) => recordId(other) === recordId(record));
    if (has(this.#storedLedger(slot)) !== undefined) return true;
    const lost = damaged.has('ledger') ? has(written) : undefined;
    return lost !== undefined && (!lost.hasRow || standing.entries.has(lost.address.name));
  }

  /** It had moved before its CRD went, or was just about to. */
  #hasMoved(id: string, record: ClaimRecord, after: Ledger): boolean {
    const isElsewhere = after.claims.some(({ kind, name }) => kind === record.kind && name === record.name);
    return isElsewhere && this.#seen.get(id)?.change.has('Allow') === true;
  }

  /** A ledger that was lost came back without a record: its bucket may leave if no claim kept it. */
  #leftMeanwhile(known: Known, before: Ledger, after: Ledger): void {
    const isThere = new Map(after.claims.map((record) => [recordId(record), record]));
    for (const [bucket, records] of Map.groupBy(before.claims, ({ address }) => address.name)) {
      if (after.claims.some(({ hasRow, address }) => hasRow && address.name === bucket)) continue;
      const served = records.filter(({ hasRow }) => hasRow);
      const listed = served.filter((record) => known.listed.has(recordId(record)));
      // Who came with a write of the ledger alone, to a bucket that others have, is not known any more.
      const mayLeave = (listed.length > 0 ? listed : served).every((record) => {
        // It may sign in by another identity by now.
        const now = isThere.get(recordId(record)) ?? record;
        return this.#needsNone(known.slot, now) || this.#mayLeave(known, record, after) !== undefined;
      });
      if (mayLeave) known.mayLeave.add(bucket);
    }
    const hadSlot = before.claims.filter(({ kind }) => kind === 'InstanceStorage');
    const hasSlot = after.claims.some(({ kind }) => kind === 'InstanceStorage');
    const isAsked = hadSlot.every((record) => this.#mayLeave(known, record, after) !== undefined);
    if (!hasSlot && isAsked) known.mayLeave.add('slot');
  }

  /** Marks the buckets whose last record with an entry has left. */
  #rowsLeft(known: Known, before: Ledger, after: Ledger): void {
    const { slot, mayLeave } = known;
    const has = ({ claims }: Ledger, bucket: string): boolean =>
      claims.some(({ hasRow, address }) => hasRow && address.name === bucket);
    const buckets = new Set(before.claims.filter(({ hasRow }) => hasRow).map(({ address }) => address.name));
    for (const bucket of buckets) {
      if (has(after, bucket)) continue;
      const kept = after.claims.filter(
        (record) =>
          record.address.name === bucket &&
          record.kind === 'TeamStorage' &&
          before.claims.some((one) => recordId(one) === recordId(record) && one.hasRow),
      );
      const needed = kept.filter((record) => !this.#needsNone(slot, record));
      if (needed.length === 0) mayLeave.add(bucket);
      else this.fail(`P2 ${needed.map(({ name }) => name).join(', ')} on ${bucket} lost the entry though it is needed`);
    }
    const hasSlot = ({ claims }: Ledger): boolean => claims.some(({ kind }) => kind === 'InstanceStorage');
    if (hasSlot(before) && !hasSlot(after)) mayLeave.add('slot');
  }

  /** Whether W&B reaches the bucket of the claim by its own identity. */
  #needsNone({ namespace, name }: Slot, record: ClaimRecord): boolean {
    const instance = this.#world.truth.instances.reader.get({ namespace, name });
    const isNative = instance === undefined || instance.spec.deployment.cloud === 'AWS' || this.#world.held.size > 0;
    return record.address.provider === 'S3' && isNative && record.mode === 'Ambient';
  }

  /** A record is new: does a bound one exclude it? */
  #came(known: Known, record: ClaimRecord, together: readonly ClaimRecord[]): void {
    const { slot } = known;
    const { namespace } = slot;
    if (record.name === '') return;
    for (const other of this.#known.values()) {
      const claims = other === known ? (known.ledger?.claims ?? []) : (other.ledger?.claims ?? []);
      for (const incumbent of claims) {
        const isSelf =
          other.slot.namespace === namespace && incumbent.kind === record.kind && incumbent.name === record.name;
        if (isSelf || incumbent.kind !== 'TeamStorage') continue;
        const isTogether = other === known && together.includes(incumbent);
        const why = this.#excludes(other, incumbent, known, record, isTogether);
        if (why !== undefined) {
          this.fail(
            `P7 ${record.kind} ${record.name} was published on ${record.address.name} through ${namespace}/${slot.name}, though TeamStorage ${incumbent.name} of ${other.slot.namespace}/${other.slot.name} ${why}`,
          );
        }
      }
    }
  }

  #excludes(
    at: Known,
    incumbent: ClaimRecord,
    known: Known,
    record: ClaimRecord,
    isTogether: boolean,
  ): string | undefined {
    const { slot } = at;
    const id = `${slot.namespace} TeamStorage/${incumbent.name}`;
    const seen = this.#seen.get(id);
    const live = this.#world.claim({ kind: 'TeamStorage', namespace: slot.namespace, name: incumbent.name });
    const here = `${slot.name} ${incumbent.address.name}/${incumbent.address.path}`;
    // Only what is certain: it is there, it has been there, and it said the same all the time.
    if (live?.kind !== 'TeamStorage' || seen?.isolation.size !== 1 || seen.places.size !== 1) return undefined;
    if (!seen.places.has(here) || seen.uids.size !== 1) return undefined;
    const [, rival] =
      [...(this.#seen.get(`${known.slot.namespace} ${record.kind}/${record.name}`)?.isolation ?? [])][0]?.split(' ') ??
      [];
    const isSameTeam = at === known && record.kind === 'TeamStorage' && rival === live.spec.team;
    const others = this.#seen.get(`${known.slot.namespace} ${record.kind}/${record.name}`);
    if (isSameTeam && others?.isolation.size === 1) return `has team ${live.spec.team}`;
    const isRequired = live.spec.isolation === 'Required';
    const isSameBucket = incumbent.address.name === record.address.name;
    if (!isRequired || !isSameBucket) return undefined;
    // Of two that came together the one without the demand may have been first.
    const isDemanding = others?.isolation.size === 1 && [...others.isolation][0]?.startsWith('Required') === true;
    if (!isTogether && !this.#isNew(at.since.get(recordId(incumbent)) ?? 0)) return 'requires to be alone in it';
    // One process knows what it has sent; another begins before that has arrived.
    const isByOther = !isTogether && this.#isNew(this.#world.leaderSince);
    return !isDemanding || isByOther ? undefined : 'requires to be alone in it, as both do';
  }

  /** Whether something is so new that a request may have been on its way before it. */
  #isNew(since: number): boolean {
    return this.#world.clock.monotonic() - since <= this.#world.slowestMs * 20;
  }

  /** A newcomer must not bring its own credential to a bucket that is published. */
  #credentialsTaken(known: Known, before: Ledger, after: Ledger, came: readonly ClaimRecord[]): void {
    const { namespace } = known.slot;
    for (const row of after.rows) {
      const old = before.rows.find(({ address }) => address.name === row.address.name);
      const newcomer = came.find(({ address, hasRow }) => hasRow && address.name === row.address.name);
      if (old === undefined || newcomer === undefined || textOf(old) === textOf(row)) continue;
      for (const member of before.claims) {
        if (!member.hasRow || member.address.name !== row.address.name || member.name === newcomer.name) continue;
        const id = `${namespace} TeamStorage/${member.name}`;
        const live = this.#world.claim({ kind: 'TeamStorage', namespace, name: member.name });
        const places = this.#seen.get(id)?.places;
        const here = `${known.slot.name} ${member.address.name}/${member.address.path}`;
        // The bucket of another object, which it names, may have changed since the judge has looked.
        const isHere = live !== undefined && this.#placeText(live) === here;
        if (places?.size !== 1 || !places.has(here) || !isHere) continue;
        const isProven = this.#proven.get(id)?.has(`${row.address.name} ${textOf(row)}`) === true;
        const sources = [old.source, row.source].map((source) =>
          source?.kind === 'AccessKey' ? source.secretName : '',
        );
        if (!isProven && sources[0] !== sources[1]) {
          this.fail(
            `P7 ${newcomer.name} brought its credential to ${row.address.name}, where it was never proven for ${member.name}`,
          );
        }
      }
    }
  }

  #restarted({ namespace, name }: { readonly namespace: string; readonly name: string }): void {
    const known = this.#of({ namespace, name });
    const data = this.#data(known.slot) ?? {};
    const deployment: DeploymentObject | undefined = this.#world.truth.deployments.reader.get({ namespace, name });
    const hash = deployment?.spec?.template?.metadata?.annotations?.[CONFIG_HASH_ANNOTATION];
    if (hash === undefined) return;
    if (known.damaged.has('Secret')) {
      // It was on its way when people touched the Secret, and the next one is for other data than this.
      // With the ledger gone, too, or just begun anew, the salt and with it the hash are new, whatever the data are.
      const isAnew = known.damaged.has('ledger') || this.#isNew(known.anewAt);
      known.restartedFor = isAnew ? undefined : known.dataOf.get(hash);
      return;
    }
    const text = known.dataOf.get(hash) ?? JSON.stringify(data);
    const what = `P6 Deployment ${namespace}/${name} was restarted`;
    // On its way when everything was deleted.
    if (this.#world.clock.monotonic() - known.anewAt < this.#world.slowestMs * 20) return;
    if (Object.keys(data).length === 0) this.fail(`${what} onto an empty config`);
    if (known.restartedFor === text) this.fail(`${what} though the data of the Secret is what it was`);
    known.restartedFor = hash === known.lostHash ? undefined : text;
  }

  // What is looked at between the steps.

  readonly #compared = new WeakMap<Ledger, SecretObject | undefined>();

  /** The same ledger has the same bytes, no matter which process wrote them. */
  look(): void {
    for (const { slot, damaged } of this.#known.values()) {
      const { namespace, name } = slot;
      const ledger = this.#storedLedger(slot);
      const secret = this.#world.truth.secrets.reader.get({ namespace, name: `${name}-storage` });
      const seal = readSeal(secret?.metadata.annotations?.[SEAL_ANNOTATION]);
      if (ledger === undefined || seal === undefined || damaged.size > 0) continue;
      if (seal.revision !== ledger.revision || seal.salt !== ledger.salt.reveal()) continue;
      if (this.#compared.get(ledger) === secret) continue;
      this.#compared.set(ledger, secret);
      if (!this.#isRendered(slot)) {
        this.fail(`P3 Secret ${namespace}/${name}-storage is not what its ledger renders`);
      }
    }
    for (const error of this.#world.errors.splice(0)) this.fail(`The operator threw: ${error}`);
  }

  /** Whether the Secret is what the stored ledger renders. */
  #isRendered(slot: Slot): boolean {
    const ledger = this.#storedLedger(slot);
    const rendered = ledger && renderOutputs(ledger, '').secret;
    return JSON.stringify(sorted(this.#data(slot) ?? {})) === JSON.stringify(sorted(rendered ?? {}));
  }

  /** Whether every generation is acknowledged. */
  lookAtGenerations(): void {
    const { instances, teams } = this.#world.truth;
    for (const { kind, metadata, status } of [...instances.reader.list(), ...teams.reader.list()]) {
      const { namespace = '', name, generation = 0 } = metadata;
      const { observedGeneration = -1 } = status ?? {};
      if (observedGeneration === generation) continue;
      this.fail(
        `P5 ${kind} ${namespace}/${name} is of generation ${generation}, and its status of ${observedGeneration}`,
      );
    }
  }

  /**
   * Claims that are refused for another one. A proof that is not published is in memory alone, so after a restart the
   * older claim comes first, and may be the one that is accepted.
   */
  refusedByUnpublished(): readonly ClaimKey[] {
    return this.#world.truth.teams.reader
      .list()
      .filter(({ status }) =>
        status?.conditions?.some(
          ({ type, reason }) => type === 'Accepted' && (reason === 'TeamConflict' || reason === 'IsolationViolated'),
        ),
      )
      .map(({ metadata: { namespace = '', name } }) => ({ namespace, name }));
  }

  /** Whether one of these teams has a record now. */
  isOneBound(teams: readonly ClaimKey[]): boolean {
    return teams.some(({ namespace, name }) =>
      [...this.#known.values()].some(
        ({ slot }) =>
          slot.namespace === namespace &&
          this.#storedLedger(slot)?.claims.some((one) => one.kind === 'TeamStorage' && one.name === name) === true,
      ),
    );
  }

  /** With faults over, everything known and some time gone by. */
  lookAtRest(): void {
    for (const known of this.#known.values()) this.#lookAtOutputs(known);
    this.lookAtClaims();
  }

  /** Whether what is reported of each claim is true. */
  lookAtClaims(): void {
    this.lookAtGenerations();
    const { instances, teams } = this.#world.truth;
    for (const object of [...instances.reader.list(), ...teams.reader.list()]) this.#lookAtClaim(object);
    for (const object of instances.reader.list()) this.#lookAtRetained(object);
  }

  /** A record counts if its object is gone; it may count if the name belongs to another object since. */
  #lookAtRetained({ metadata: { namespace = '', name }, status }: InstanceStorage): void {
    const counted = status?.teams?.retained;
    const ledger = this.#storedLedger({ kind: 'InstanceStorage', namespace, name });
    if (counted === undefined || ledger === undefined) return;
    const objects = ledger.claims.map((record) => ({ record, object: this.#world.claim({ ...record, namespace }) }));
    const least = objects.filter(({ object }) => object === undefined).length;
    const most = objects.filter(
      ({ record, object }) => object?.metadata.uid !== record.uid || object === undefined,
    ).length;
    if (counted < least || counted > most) {
      const range = least === most ? String(least) : `${least} to ${most}`;
      this.fail(`P4 InstanceStorage ${namespace}/${name} says that ${counted} are retained: ${range}`);
    }
  }

  #lookAtOutputs(known: Known): void {
    const { slot } = known;
    const { namespace, name } = slot;
    const ledger = this.#storedLedger(slot);
    const data = this.#data(slot);
    const hasInstance = this.#world.claim(slot) !== undefined;
    if (data === undefined && ledger === undefined) {
      if (hasInstance) this.fail(`P4 ${slotText(slot)} is there, and has no outputs`);
      return;
    }
    if (this.#isLeftAlone(slot)) return;
    if (ledger === undefined || data === undefined) {
      this.fail(`P4 ${slotText(slot)} lacks its ${ledger === undefined ? 'ledger' : 'Secret'}`);
      return;
    }
    const rendered = renderOutputs(ledger, `${name}-storage`);
    const configMap = this.#world.truth.configMaps.reader.get({ namespace, name: `${name}-storage` });
    if (JSON.stringify(sorted(data)) !== JSON.stringify(sorted(rendered.secret))) {
      this.fail(`P3 At rest Secret ${namespace}/${name}-storage is not what its ledger renders`);
    }
    if (JSON.stringify(sorted(configMap?.data ?? {})) !== JSON.stringify(sorted(rendered.configMap))) {
      this.fail(`P3 At rest ConfigMap ${namespace}/${name}-storage is not what its ledger renders`);
    }
    const flaws = this.#unproven(slot, parseOutputs(data));
    if (flaws.length > 0) this.fail(`P1 At rest ${slotText(slot)} holds what was never proven: ${flaws.join('; ')}`);
  }

  /** Its outputs were edited while its ledger was lost, and nothing was proven since: they are left alone. */
  #awaitsProof(slot: Slot): boolean {
    return this.#storedLedger(slot)?.awaitsProof === true;
  }

  /** It is unknown which part of it is the operator's: there is no ledger, no seal, and a key that people put in. */
  #isUnrecoverable(slot: Slot): boolean {
    const hasLedger = (this.#storedLedger(slot) ?? this.#migratedLedger(slot)) !== undefined;
    if (hasLedger || readSeal(this.#sealOf(slot)) !== undefined) return false;
    return Object.keys(this.#data(slot) ?? {}).some((key) => HAND_KEYS.some((one) => one === key));
  }

  #isLeftAlone(slot: Slot): boolean {
    return this.#awaitsProof(slot) || this.#isUnrecoverable(slot);
  }

  #lookAtClaim(object: Claim): void {
    const { namespace = '', name } = object.metadata;
    const what = `${object.kind} ${namespace}/${name}`;
    const { conditions = [] } = object.status ?? {};
    const published = conditions.find(({ type }) => type === 'Published');
    const target = this.#target(object);
    if (published === undefined || typeof target !== 'object') return;
    const slot: Slot = { kind: 'InstanceStorage', namespace, name: target.instance };
    if (!this.#known.has(`${namespace}/${target.instance}`) || this.#isLeftAlone(slot)) return;
    if (published.status === 'Unknown')
      this.fail(`P4 ${what} does not know whether it is published: ${published.reason}`);
    if (published.status === 'True') this.#isPublishedTruly(object, target, published.reason, slot);
    if (published.status === 'False') this.#isTrulyAbsent(object, target, published.reason, slot);
  }

  #isPublishedTruly(object: Claim, target: Target, reason: string, slot: Slot): void {
    const { namespace = '', name } = object.metadata;
    const what = `P4 ${object.kind} ${namespace}/${name} says Published (${reason})`;
    if (reason === 'NoEntryNeeded') {
      if (!this.#needsNoEntry(object)) this.fail(`${what}, and no instance that has it is on AWS`);
      return;
    }
    if (reason !== 'Published') return;
    const held = this.#heldFor(object, target, slot);
    if (held === undefined) {
      this.fail(`${what}, and the Secret holds nothing of ${target.bucket}`);
      return;
    }
    const isProven = this.#proven.get(`${namespace} ${object.kind}/${name}`)?.has(`${target.bucket} ${held}`) === true;
    if (!isProven) this.fail(`${what}, and ${target.bucket} with ${held} was never proven for it`);
    const wanted = target.secret === 'ambient' ? '' : this.#world.keyIn(namespace, target.secret);
    if (object.spec.suspend !== true && wanted !== held) this.fail(`${what}, and the Secret holds another credential`);
  }

  /** An instance that W&B reaches its bucket from by itself has it, maybe one that it wants to leave and may not. */
  #needsNoEntry({ kind, metadata: { namespace, name } }: Claim): boolean {
    return [...this.#known.values()].some(({ slot }) => {
      const isBound = this.#storedLedger(slot)?.claims.some(
        (one) => one.kind === kind && one.name === name && !one.hasRow,
      );
      const { deployment, suspend } = this.#world.truth.instances.reader.get(slot)?.spec ?? {};
      // Suspended it takes over no other cloud: what was decided for the former one stands.
      const cloud = suspend === true ? undefined : deployment?.cloud;
      return slot.namespace === namespace && isBound === true && (cloud === undefined || cloud === 'AWS');
    });
  }

  #heldFor(object: Claim, target: Target, slot: Slot): string | undefined {
    const { entries, slot: bucket } = parseOutputs(this.#data(slot) ?? {});
    if (object.kind === 'TeamStorage') return entries.get(target.bucket);
    return bucket?.bucket === target.bucket && bucket.path === target.path ? bucket.credential : undefined;
  }

  /** Only where no other claim can be meant by what the Secret holds. */
  #isTrulyAbsent(object: Claim, target: Target, reason: string, slot: Slot): void {
    const { namespace = '', name } = object.metadata;
    const id = `${namespace} ${object.kind}/${name}`;
    const held = this.#heldFor(object, target, slot);
    const others = [...this.#proven].filter(
      ([claim, proofs]) => claim !== id && [...proofs].some((proof) => proof.startsWith(`${target.bucket} `)),
    );
    // After the listing was lost the entry is there, and its claim is unknown.
    const isUnclaimed = this.#storedLedger(slot)?.claims.some(
      (record) => record.name === '' && record.address.name === target.bucket,
    );
    if (held !== undefined && others.length === 0 && isUnclaimed !== true) {
      this.fail(`P4 ${id} says it is not published (${reason}), and the Secret holds ${target.bucket}`);
    }
  }
}

/** The ledger in a Secret; `undefined` where there is none of the present format. */
export function decodedOf(secret: SecretObject): Ledger | undefined {
  try {
    const packed = Buffer.from(secret.data?.['ledger.json.gz'] ?? '', 'base64');
    const decoded = decodeLedger(gunzipSync(packed).toString('utf8'));
    return decoded.ok && decoded.value.kind === 'Current' ? decoded.value.ledger : undefined;
  } catch {
    return undefined;
  }
}

/** Who has adopted what a deleted claim left at the same place. */
function heirOf(record: ClaimRecord, { claims }: Ledger): ClaimRecord | undefined {
  return claims.find(
    ({ kind, name, address, policy }) =>
      kind === record.kind &&
      name !== record.name &&
      placeOf(address) === placeOf(record.address) &&
      policy === 'Retain',
  );
}

/** Whether it holds an entry of the bucket; of the instance bucket for `slot`. */
function isIn({ entries, slot }: Published, bucket: string): boolean {
  return bucket === 'slot' ? slot !== undefined : entries.has(bucket);
}

/** What the data says; nothing where not even W&B could read it. */
function readable(data: OutputData): Published {
  try {
    return parseOutputs(data);
  } catch {
    return { entries: new Map() };
  }
}

/** The ledger in a Secret; `undefined` where there is none of a former format. */
function formerOf({ data = {} }: SecretObject): FormerLedger | undefined {
  try {
    const text =
      data['ledger.json'] === undefined
        ? gunzipSync(Buffer.from(data['ledger.json.gz'] ?? '', 'base64')).toString('utf8')
        : plain(data['ledger.json']);
    const decoded = decodeLedger(text);
    return decoded.ok && decoded.value.kind === 'Former' ? decoded.value.ledger : undefined;
  } catch {
    return undefined;
  }
}

function textOf({ credential }: Ledger['rows'][number]): string {
  return credential?.kind === 'AccessKey' ? `${credential.accessKeyId}:${credential.secretAccessKey.reveal()}` : '';
}

function sorted(data: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(data).sort(([left], [right]) => (left < right ? -1 : 1)));
}
