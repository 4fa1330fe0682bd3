import type { InstanceStorage, TeamStorage } from '../api/resources.ts';
import { instanceFormat, instanceOfTeam } from '../domain/instance-settings.ts';
import type { ServerConfig } from '../domain/delivery/server-config.ts';
import type { Ledger } from '../domain/ledger.ts';
import type { Outputs } from '../domain/outputs.ts';
import type { Problem } from '../domain/problem.ts';
import { teamConflict } from '../domain/conflicts.ts';
import type { Screened } from '../domain/screen-spec.ts';
import type { Secret } from '../domain/secret.ts';
import { updateLedger, type LiveClaim, type Proof, type Publication } from '../domain/update-ledger.ts';
import type { KubeFailure, ObjectCache } from '../ports/kube.ts';
import type { Log } from '../ports/log.ts';
import type { Outcome } from '../runtime/controller.ts';
import type { Board } from './board.ts';
import { parseKey } from './keys.ts';
import type { InstanceIdentity, LedgerFailure, LedgerStorage, StoredLedger } from './ledger-store.ts';
import { outputName } from './output-names.ts';
import type { OutputFailure, OutputWriter } from './output-writer.ts';
import { planPublication } from './publication-plan.ts';

/** What the publisher tells the other controllers about one instance. */
export interface InstancePublication {
  /** Key of the digests; absent while there is no readable ledger. */
  readonly salt?: Secret<string>;
  /** By UID of the claim. */
  readonly claims: ReadonlyMap<string, Publication>;
  /** What the server is to be told; absent while nothing is published. */
  readonly server?: ServerConfig;
  /** Size of the file stores in an environment variable. */
  readonly fileStoresBytes?: number;
  readonly retained: number;
  /** Why nothing can be published for this instance at all. */
  readonly problem?: Problem;
}

const RETRY_MS = 15_000;
/** A foreign object is not in our caches: look again now and then whether it has gone. */
const NOT_OURS_RETRY_MS = 60_000;

/**
 * The sole writer of ledger, Secret and ConfigMap. Level-based: each run brings
 * what stands to what the live claims and their proofs call for, the ledger
 * first, then the Secret, then the ConfigMap with its hash (design 6).
 */
export function createPublishedConfig(deps: {
  readonly instances: ObjectCache<Screened<InstanceStorage>>;
  readonly teams: ObjectCache<Screened<TeamStorage>>;
  readonly ledgers: LedgerStorage;
  readonly outputs: OutputWriter;
  readonly proofs: Board<string, Proof>;
  readonly publications: Board<string, InstancePublication>;
  readonly log: Log;
}) {
  /** Publishes for the instance `namespace/name`. */
  async function reconcile(key: string): Promise<Outcome> {
    const { namespace, name } = parseKey(key);
    const instance = deps.instances.get({ namespace, name });
    const identity = { namespace, name, uid: instance?.metadata.uid };
    const loaded = await deps.ledgers.load(identity, instance !== undefined);
    if (!loaded.ok) return refuse(key, ledgerProblem(identity, loaded.error));
    if (loaded.value === undefined) {
      deps.publications.set([[key, undefined]]);
      return { kind: 'done' };
    }
    return publish(key, identity, loaded.value);
  }

  async function publish(key: string, identity: InstanceIdentity, stored: StoredLedger): Promise<Outcome> {
    const instance = deps.instances.get(identity);
    const live = liveClaims(identity, stored.ledger);
    const unclear = formatProblem(instance);
    if (unclear !== undefined) return refuse(key, unclear, unchanged(stored.ledger, live));
    const format = instanceFormat(instance?.spec);
    const { ledger, packed, outputs, publications } = await planPublication({
      ledger: stored.ledger,
      live,
      cloud: format.cloud,
      format,
      secretName: outputName(identity.name),
    });
    if (packed !== undefined) {
      const saved = await deps.ledgers.save(identity, stored, { ledger, packed });
      // Somebody else wrote: begin again from what stands there now.
      if (!saved.ok) return { kind: 'retry', cause: saved.error.reason };
      deps.log.info({ namespace: identity.namespace, instance: identity.name }, 'ledger written');
    }
    const problem = await writeOutputs(identity, outputs);
    if (problem !== undefined) return refuse(key, problem, { ledger, publications });
    const publication = {
      salt: ledger.salt,
      claims: publications,
      server: outputs.server,
      fileStoresBytes: outputs.fileStoresBytes,
      retained: ledger.stores.filter((store) => store.retained).length,
    };
    deps.publications.set([[key, publication]]);
    return { kind: 'done' };
  }

  async function writeOutputs(identity: InstanceIdentity, outputs: Outputs): Promise<Problem | undefined> {
    const secret = await deps.outputs.write('Secret', identity, outputs.secret);
    if (!secret.ok) return outputProblem(identity, secret.error);
    const configMap = await deps.outputs.write('ConfigMap', identity, outputs.configMap);
    return configMap.ok ? undefined : outputProblem(identity, configMap.error);
  }

  /** Tells every claim why nothing can be published, and says when to try again. */
  function refuse(key: string, problem: Problem, known?: ReturnType<typeof updateLedger>): Outcome {
    deps.log.warn({ instance: key, reason: problem.reason }, 'config not published');
    const publication: InstancePublication = {
      ...(known !== undefined && { salt: known.ledger.salt }),
      // Who is bound stays bound: a fault must not hand a team over to its rival.
      claims: known?.publications ?? new Map<string, Publication>(),
      retained: 0,
      problem,
    };
    deps.publications.set([[key, publication]]);
    return { kind: 'requeue', afterMs: problem.reason === 'NotOurs' ? NOT_OURS_RETRY_MS : RETRY_MS };
  }

  /** Every CR that claims a store of this instance, or still stands for one in its ledger. */
  function liveClaims(identity: InstanceIdentity, ledger: Ledger): readonly LiveClaim[] {
    const known = new Set(ledger.stores.map((store) => store.claim.uid));
    const instances = deps.instances.list(identity.namespace);
    const claimants = deps.teams
      .list(identity.namespace)
      .filter((team) => known.has(uidOf(team)) || instanceOfTeam(team, instances) === identity.name);
    const byTeam = Map.groupBy(claimants, (team) => team.spec.team);
    const isRefused = (team: Screened<TeamStorage>): boolean =>
      team.flaws !== undefined ||
      teamConflict(team, byTeam.get(team.spec.team) ?? [], (uid) => known.has(uid)) !== undefined;
    const teams = claimants.map((team) => teamClaim(team, !isRefused(team)));
    const instance = deps.instances.get(identity);
    return instance === undefined ? teams : [instanceClaim(instance), ...teams];
  }

  /** A proof counts only while its claim is accepted: two rivals may have been proven at the same moment. */
  function teamClaim(team: TeamStorage, accepted: boolean): LiveClaim {
    const proof = accepted ? deps.proofs.get(uidOf(team)) : undefined;
    const source = team.spec.bucketFrom?.teamStorageRef?.name;
    return {
      claim: { kind: 'TeamStorage', name: team.metadata.name, uid: uidOf(team), team: team.spec.team },
      deletionPolicy: team.spec.deletionPolicy ?? 'Retain',
      suspended: team.spec.suspend ?? false,
      ...(proof !== undefined && { proof }),
      ...(source !== undefined && { usesBucketOf: source }),
    };
  }

  function instanceClaim(instance: Screened<InstanceStorage>): LiveClaim {
    const proof = instance.flaws === undefined ? deps.proofs.get(uidOf(instance)) : undefined;
    return {
      claim: { kind: 'InstanceStorage', name: instance.metadata.name, uid: uidOf(instance) },
      deletionPolicy: instance.spec.deletionPolicy ?? 'Retain',
      suspended: instance.spec.suspend ?? false,
      ...(proof !== undefined && { proof }),
    };
  }

  return { reconcile };
}

function uidOf(object: InstanceStorage | TeamStorage): string {
  return object.metadata.uid ?? '';
}

/** What stands is left as it is while the spec does not say how it is to be written. */
function formatProblem(instance: Screened<InstanceStorage> | undefined): Problem | undefined {
  const { flaws } = instance ?? {};
  return flaws?.fields.some((field) => field === 'deployment' || field === 'fileStores') === true
    ? flaws.problem
    : undefined;
}

/** Who holds what, while nothing may be changed. */
function unchanged(ledger: Ledger, live: readonly LiveClaim[]): ReturnType<typeof updateLedger> {
  const { cloud, separator } = instanceFormat(undefined);
  const frozen = live.map((claim) => ({ ...claim, suspended: true }));
  return { ledger, publications: updateLedger(ledger, frozen, { cloud, separator }).publications };
}

function ledgerProblem(identity: InstanceIdentity, failure: LedgerFailure): Problem {
  switch (failure.kind) {
    case 'NotOurs':
      return notOurs(identity, `Secret ${failure.secret}`);
    case 'Unreadable':
      return {
        reason: 'LedgerUnreadable',
        message: `Secret ${failure.secret} does not hold a ledger that this version can read; nothing is published over it.`,
        remedy: 'Restore it from a backup, or upgrade the operator. Deleting it makes every bucket be proven anew.',
        failureClass: 'reference',
      };
    case 'Kube':
      return kubeProblem(identity, 'the ledger', failure.failure);
  }
}

function outputProblem(identity: InstanceIdentity, failure: OutputFailure): Problem {
  if (failure.kind === 'NotOurs') return notOurs(identity, failure.object);
  return kubeProblem(identity, 'the output', failure.failure);
}

function notOurs(identity: InstanceIdentity, object: string): Problem {
  return {
    reason: 'NotOurs',
    message: `${object} exists in namespace ${identity.namespace} and was not written by this operator; it is left alone.`,
    remedy: 'Rename or delete that object, or give the InstanceStorage another name.',
    failureClass: 'reference',
  };
}

function kubeProblem(identity: InstanceIdentity, what: string, failure: KubeFailure): Problem {
  return {
    reason: 'PublishFailed',
    message: `The API server refused to write ${what} of ${identity.name}: ${failure.status} ${failure.reason}.`,
    remedy:
      failure.status === 403
        ? `Allow the operator's ServiceAccount to get, create, update and patch secrets and configmaps in namespace ${identity.namespace}.`
        : 'It is tried again.',
    failureClass: failure.status === 403 ? 'reference' : 'transient',
  };
}
