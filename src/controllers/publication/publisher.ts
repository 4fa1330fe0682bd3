import type { InstanceStorage, TeamStorage } from '../../api/resources.ts';
import { admissionRound } from '../../domain/admission/admission-round.ts';
import type { Admissions } from '../../domain/admission/admit.ts';
import { kubeTime } from '../../domain/conditions/conditions.ts';
import { instanceFormat, isPublishing } from '../../domain/spec/instance-settings.ts';
import { INTERVALS } from '../../domain/intervals.ts';
import { proofUnder, type Proof } from '../../domain/publication/proof.ts';
import { prepareDraft } from '../../domain/publication/ledger-draft.ts';
import { sealOf } from '../../domain/publication/seal.ts';
import type { LiveClaim } from '../../domain/publication/live-claim.ts';
import { hasEvidence, NO_EVIDENCE, type RemovalEvidence } from '../../domain/publication/removal-evidence.ts';
import type { LedgerUpdate } from '../../domain/publication/update-ledger.ts';
import type { Sanitized } from '../../domain/spec/sanitize-spec.ts';
import type { Problem } from '../../domain/conditions/problem.ts';
import type { Clock, TimeSlice } from '../../ports/clock.ts';
import type { ObjectReader } from '../../ports/kube.ts';
import type { Outcome } from '../../runtime/controller.ts';
import type { Ledgers } from '../admission/ledgers.ts';
import type { ObservableMap } from '../../runtime/observable-map.ts';
import type { Shard } from '../shard/shard.ts';
import { parseKey } from '../../api/object-key.ts';
import { isServedWhereItResolves } from './former-places.ts';
import { NOTHING_PUBLISHED, type InstancePublication } from './instance-publication.ts';
import type { Compression } from './ledger-secret.ts';
import type { LedgerStore } from './ledger-store.ts';
import { createKnownOutputs } from './known-outputs.ts';
import { claimantsOf, liveClaims, prepareLiveClaims } from './live-claims.ts';
import { outputName, type InstanceIdentity } from './output-names.ts';
import { isSameData, type OutputWriter } from './output-writer.ts';
import { pauseBeforeMore, planPublication, type PublicationPlan } from './publication-plan.ts';
import {
  isRefused,
  isTransient,
  ledgerFault,
  outputFault,
  retryDelay,
  type PublicationFault,
} from './publication-problems.ts';
import type { PublicationReport } from './publication-report.ts';
import { describePublication, mayBeHeldElsewhere, withFormat } from './describe-publication.ts';
import type { RemovalCheck } from './removal-check.ts';
import { createStandingReader, isSecretCurrent, type Standing } from './standing-reader.ts';

/** Tries after which a fault that may pass is reported. */
const TOLERATED_TRIES = 3;

export interface PublisherDeps {
  readonly instances: ObjectReader<Sanitized<InstanceStorage>>;
  readonly teams: ObjectReader<Sanitized<TeamStorage>>;
  readonly admissions: Admissions;
  readonly ledgers: Ledgers;
  readonly ledgerStore: LedgerStore;
  readonly outputs: OutputWriter;
  readonly removals: RemovalCheck;
  readonly proofs: ObservableMap<string, Proof>;
  readonly publications: ObservableMap<string, InstancePublication>;
  readonly report: PublicationReport;
  readonly shard: Pick<Shard, 'actsOnInstance' | 'ledgerLabels' | 'isLedgerLabelled'>;
  /** 32 random hex characters. */
  readonly randomSalt: () => string;
  readonly clock: Clock;
  /** Shared by everything that uses the event loop: with thousands of claims each step of a run takes long. */
  readonly timeSlice: TimeSlice;
  readonly compression?: Compression;
}

/** Another process wrote: start again from the present content. */
const AGAIN: Outcome = { kind: 'requeue', afterMs: INTERVALS.publication.failure.first, lane: 'fast' };

/** The shard that acts for the instance reports why it cannot be read. */
const AGAIN_LATER: Outcome = { kind: 'requeue', afterMs: INTERVALS.publication.otherShard, lane: 'periodic' };

interface Planned extends PublicationPlan {
  readonly live: readonly LiveClaim[];
  /** The ledger holds what was seen last of deleted objects. */
  readonly recorded: () => void;
}

/**
 * The only writer of ledger, Secret and ConfigMap. Level-based: each run computes the wanted outputs from the live
 * claims and their proofs, and writes the ledger first, then the Secret, then the ConfigMap with its hash.
 */
// eslint-disable-next-line max-lines-per-function -- its steps share what is known of each output
export function createPublisher(deps: PublisherDeps) {
  const known = createKnownOutputs();
  const reader = createStandingReader(deps);

  /** Publishes for the instance `namespace/name`, or only reads what another shard has published for it. */
  async function reconcile(key: string): Promise<Outcome> {
    // A try changes what is reserved, and that wakes claims, which wake the publisher: a refused write would never rest.
    const waitMs = (known.get(key)?.retryAt ?? 0) - deps.clock.monotonic();
    if (waitMs > 0) return { kind: 'requeue', afterMs: waitMs, lane: 'fast' };
    const { namespace, name } = parseKey(key);
    const instance = deps.instances.get({ namespace, name });
    const identity = { namespace, name, uid: instance?.metadata.uid };
    const found = await reader.read(identity, instance);
    if (found.secret !== undefined) known.change(key).secret = found.secret;
    if (found.ledger !== undefined) {
      if (found.ledger !== deps.ledgers.known(key)) deps.removals.replaced(key);
      deps.ledgers.settle(key, found.ledger);
    }
    if (!found.standing.ok) {
      const { error } = found.standing;
      return deps.shard.actsOnInstance(key) ? fault(key, identity, error) : AGAIN_LATER;
    }
    if (found.standing.value === undefined) {
      known.forget(key);
      deps.report.forget(identity);
      deps.ledgers.settle(key, undefined);
      deps.publications.set([[key, NOTHING_PUBLISHED]]);
      return { kind: 'done' };
    }
    await deps.timeSlice();
    return deps.shard.actsOnInstance(key) ? publish(key, identity, found.standing.value) : observe(key, identity);
  }

  /** Admission needs all ledgers, and a claim leaves one only when another has published it. */
  async function observe(key: string, identity: InstanceIdentity): Promise<Outcome> {
    deps.report.forget(identity);
    await post(key, identity, { problem: undefined });
    return { kind: 'done' };
  }

  async function publish(key: string, identity: InstanceIdentity, standing: Standing): Promise<Outcome> {
    const began = deps.clock.monotonic();
    const first = await plan(key, identity, standing, NO_EVIDENCE);
    const found = await deps.removals.check(key, identity.namespace, first.wants);
    if (found.failure !== undefined) deps.report.cannotRemove(identity, first.wants, found.failure);
    const plannedAgain = hasEvidence(found.evidence) ? await plan(key, identity, standing, found.evidence) : first;
    const failure =
      (await saveLedger(key, identity, standing, plannedAgain)) ??
      (await writeOutputs(key, identity, standing, plannedAgain));
    if (failure !== undefined) return fault(key, identity, failure, plannedAgain);
    known.change(key).tries = 0;
    deps.report.succeeded(identity, plannedAgain);
    await deps.timeSlice();
    await post(key, identity, { ...plannedAgain, problem: undefined });
    const isAwaitedElsewhere = mayBeHeldElsewhere(deps.publications.get(key), deps.ledgers.in(identity.namespace));
    const againMs = Math.min(
      pauseBeforeMore(plannedAgain, deps.clock.monotonic() - began),
      found.againMs ?? Infinity,
      isAwaitedElsewhere ? INTERVALS.publication.unserved : Infinity,
    );
    return againMs === Infinity ? { kind: 'done' } : { kind: 'requeue', afterMs: againMs, lane: 'periodic' };
  }

  /** Nothing to do if the ledger stays as it is. */
  async function saveLedger(
    key: string,
    identity: InstanceIdentity,
    standing: Standing,
    planned: Planned,
  ): Promise<PublicationFault | undefined> {
    const { packed, ledger } = planned;
    if (packed !== undefined) {
      const labels = deps.shard.ledgerLabels(identity);
      const saved = await deps.ledgerStore.save(identity, standing.stored, { ledger, packed, labels });
      if (!saved.ok) {
        // The write may have succeeded all the same: then the reservation counts until the ledger has been read again.
        if (isRefused(saved.error)) deps.ledgers.release(key);
        return ledgerFault(identity, { kind: 'Kube', failure: saved.error });
      }
      reader.saved(identity);
      if (standing.recovery !== undefined) deps.report.recovered(identity, standing.recovery);
      deps.report.written(identity, standing.ledger, planned);
    }
    planned.recorded();
    deps.ledgers.settle(key, ledger);
    return undefined;
  }

  async function plan(
    key: string,
    identity: InstanceIdentity,
    standing: Standing,
    evidence: RemovalEvidence,
  ): Promise<Planned> {
    const proofOf = (uid: string): Proof | undefined => {
      const proof = deps.proofs.get(uid);
      return proof === undefined ? undefined : proofUnder(standing.ledger.salt, proof);
    };
    prepareDraft(standing.ledger);
    await prepareLiveClaims(identity, claimantsOf(identity, deps), { ...deps, proofOf });
    // Nothing is awaited between this and the reservation, so that each admission is recorded before the next one.
    const instance = deps.instances.get(identity);
    const format = instanceFormat(instance?.spec);
    const live = liveClaims(identity, claimantsOf(identity, deps), { ...deps, proofOf });
    const { policies: lastPolicies, recorded } = deps.removals.unrecorded(key, identity.namespace);
    const round = admissionRound(deps.admissions);
    const keyOfClaim = ({ kind, name }: LiveClaim) => ({ kind, namespace: identity.namespace, name });
    const update: LedgerUpdate = {
      ledger: standing.ledger,
      live,
      instance: {
        name: identity.name,
        state: isPublishing(instance) ? 'Live' : 'Frozen',
        cloud: format.cloud,
        format: { separator: format.separator, variables: format.variables },
      },
      admit: (claim) => round.admit(keyOfClaim(claim)),
      admitted: (claim) => round.placed(keyOfClaim(claim)),
      isPublishedElsewhere: (claim) => isServedWhereItResolves(deps.publications, identity.namespace, claim),
      evidence,
      lastPolicies,
      now: kubeTime(deps.clock.now()),
    };
    const planned = await planPublication({
      update,
      secretName: outputName(identity.name),
      reserve: (ledger) => deps.ledgers.reserve(key, ledger),
      mustWrite: standing.isMade || !deps.shard.isLedgerLabelled(identity),
      timeSlice: deps.timeSlice,
      compression: deps.compression,
    });
    return { ...planned, live, recorded };
  }

  async function writeOutputs(
    key: string,
    identity: InstanceIdentity,
    standing: Standing,
    { ledger, outputs }: PublicationPlan,
  ): Promise<PublicationFault | undefined> {
    if (ledger.awaitsProof === true) return undefined;
    if (!isSecretCurrent(standing.secret, ledger, outputs)) {
      const wanted = { data: outputs.secret, seal: sealOf(ledger, outputs.digest), over: standing.secret };
      const secret = await deps.outputs.write('Secret', identity, wanted);
      if (!secret.ok) return outputFault(identity, secret.error);
      known.change(key).secret = secret.value.data;
    }
    if (standing.configMap !== undefined && isSameData(standing.configMap.data, outputs.configMap)) return undefined;
    const wanted = { data: outputs.configMap, over: standing.configMap };
    const configMap = await deps.outputs.write('ConfigMap', identity, wanted);
    return configMap.ok ? undefined : outputFault(identity, configMap.error);
  }

  /** Keeps the known outputs, and adds the problem after some failed tries. */
  async function fault(
    key: string,
    identity: InstanceIdentity,
    failure: PublicationFault,
    planned?: Planned,
  ): Promise<Outcome> {
    const { problem, isConflict = false } = failure;
    if (isConflict) return AGAIN;
    const now = known.change(key);
    now.tries += 1;
    const isTolerated = isTransient(failure) && now.tries < TOLERATED_TRIES;
    deps.report.failed(identity, problem, isTolerated);
    await post(key, identity, { ...planned, problem: isTolerated ? undefined : problem });
    const afterMs = retryDelay(failure, now.tries);
    now.retryAt = problem.reason === 'PublishFailed' ? deps.clock.monotonic() + afterMs : 0;
    return { kind: 'requeue', afterMs, lane: 'fast' };
  }

  /** Reports the known state to the other controllers. */
  async function post(
    key: string,
    identity: InstanceIdentity,
    now: Partial<Planned> & { readonly problem: Problem | undefined },
  ): Promise<void> {
    const instance = deps.instances.get(identity);
    const publication = describePublication({
      instance: identity.name,
      secretName: outputName(identity.name),
      ledger: deps.ledgers.known(key),
      secret: known.get(key)?.secret,
      ...(isPublishing(instance) && { cloud: instanceFormat(instance.spec).cloud }),
      placements: withFormat(now.placements ?? new Map(), identity.name, now.formatProblem),
      ...(now.states !== undefined && { states: now.states }),
      ...(now.live !== undefined && { live: now.live }),
      problem: now.problem,
      previous: deps.publications.get(key),
    });
    // The others compare it with what they know, claim by claim.
    await deps.timeSlice();
    deps.publications.set([[key, publication]]);
  }

  return { reconcile };
}
