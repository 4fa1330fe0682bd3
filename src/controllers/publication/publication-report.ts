import type { InstanceStorage } from '../../api/resources.ts';
import { displayBucket } from '../../domain/bucket/bucket-id.ts';
import { claimId, type Ledger } from '../../domain/publication/ledger.ts';
import { explainProblem, type Problem } from '../../domain/conditions/problem.ts';
import type { EventRecorder, KubeFailure, ObjectReader } from '../../ports/kube.ts';
import type { Log } from '../../ports/log.ts';
import type { PublicationMetrics } from '../../ports/metrics.ts';
import { keyText } from '../../api/object-key.ts';
import type { InstanceIdentity } from './output-names.ts';
import type { PublicationPlan } from './publication-plan.ts';
import { createPublicationTrail } from './publication-trail.ts';
import type { RemovalWants } from './removal-check.ts';

/** Reports the result of a publication in log, events and metrics, once each. */
export interface PublicationReport {
  /** The ledger was lost, recreated from the outputs and written. */
  recovered(
    identity: InstanceIdentity,
    recovery: { readonly found: string; readonly ledger: Ledger; readonly unserved: ReadonlySet<string> },
  ): void;
  /** The ledger was written. */
  written(identity: InstanceIdentity, before: Ledger, plan: Pick<PublicationPlan, 'ledger' | 'replacedSlot'>): void;
  /** The outputs could not be written. */
  failed(identity: InstanceIdentity, problem: Problem, isTolerated: boolean): void;
  /** A record is to leave, and the API server does not confirm that its object is gone. */
  cannotRemove(identity: InstanceIdentity, wants: RemovalWants, failure: KubeFailure): void;
  /** The outputs have the wanted content. */
  succeeded(identity: InstanceIdentity, plan: Pick<PublicationPlan, 'ledger' | 'states'>): void;
  /** There is no instance, no ledger and no output any more. */
  forget(identity: InstanceIdentity): void;
}

export function createPublicationReport(deps: {
  readonly instances: Pick<ObjectReader<InstanceStorage>, 'get'>;
  readonly events: EventRecorder;
  readonly log: Log;
  readonly metrics: PublicationMetrics;
}): PublicationReport {
  /** The problem that was reported last, by instance: the same problem is not reported again. */
  const problems = new Map<string, string>();
  const trail = createPublicationTrail(deps);

  function warn(identity: InstanceIdentity, reason: string, note: string): void {
    const instance = deps.instances.get(identity);
    if (instance === undefined) return;
    deps.events.record({ regarding: instance, type: 'Warning', reason, action: 'Publish', note: note.slice(0, 1000) });
  }

  return {
    recovered(identity, { found, ledger, unserved }) {
      const at = { namespace: identity.namespace, instance: identity.name };
      const note = `The ledger was ${found === 'Missing' ? 'missing' : found === 'Known' || found === 'Former' ? 'older than what is published' : 'unreadable'} and was recreated from the published Secret: ${ledger.rows.length} file stores and ${ledger.slot === undefined ? 'no' : 'the'} instance bucket stay as they are; each storage is proven again.`;
      deps.log.warn({ ...at, found, stores: ledger.rows.length, unserved: [...unserved] }, 'ledger recovered');
      deps.metrics.ledgersRecovered({ kind: 'InstanceStorage', ...identity }, 1);
      warn(
        identity,
        'LedgerRecovered',
        unserved.size === 0 ? note : `${note} Not in the Secret: ${[...unserved].join(', ')}; restarts wait for them.`,
      );
    },
    written(identity, before, { ledger, replacedSlot }) {
      const { namespace, name: instance } = identity;
      deps.log.info({ namespace, instance, revision: ledger.revision, claims: ledger.claims.length }, 'ledger written');
      trail.planned(identity, before);
      if (replacedSlot === undefined) return;
      const [from, to] = [displayBucket(replacedSlot.from.address), displayBucket(replacedSlot.to.address)];
      warn(identity, 'InstanceBucketReplaced', `The published instance bucket is now ${to}; it was ${from}.`);
    },
    failed(identity, problem, isTolerated) {
      const key = keyText(identity);
      const text = explainProblem(problem);
      const fields = { namespace: identity.namespace, instance: identity.name, reason: problem.reason, message: text };
      if (isTolerated) deps.log.warn(fields, 'publication will be retried');
      else if (problems.get(key) !== text) deps.log.error(fields, 'config not published');
      if (!isTolerated) problems.set(key, text);
    },
    cannotRemove(identity, { gone, confirmed }, { status, reason }) {
      const claims = [...gone, ...confirmed].slice(0, 20).map(claimId);
      deps.log.warn(
        { namespace: identity.namespace, instance: identity.name, claims, status, reason },
        'nothing was removed: the API server does not confirm that the objects are gone',
      );
    },
    succeeded(identity, plan) {
      // Outputs that were edited manually are not written until a claim is proven.
      if (plan.ledger.awaitsProof !== true) trail.written(identity, plan);
      deps.metrics.ledgersRecovered({ kind: 'InstanceStorage', ...identity }, 0);
      const key = keyText(identity);
      if (!problems.delete(key)) return;
      deps.log.info({ namespace: identity.namespace, instance: identity.name }, 'config published again');
    },
    forget(identity) {
      problems.delete(keyText(identity));
      trail.forget(identity);
      deps.metrics.forget({ kind: 'InstanceStorage', ...identity });
    },
  };
}
