import type { Labels, LabelSelector } from './label-selector.ts';

/** Labels that have a meaning of their own on the Secret of a ledger: for the operator, for Argo CD. */
const RESERVED = ['storage.wandb.com/', 'app.kubernetes.io/', 'argocd.argoproj.io/'];

/** A key of a selector that must not decide: its label would be copied to ledgers. */
export function reservedKeyOf({ requirements }: LabelSelector): string | undefined {
  return requirements.map(({ key }) => key).find((key) => RESERVED.some((prefix) => key.startsWith(prefix)));
}

/** What is known of an InstanceStorage, or of one that is gone. */
export interface InstanceTraces {
  /** Labels of the InstanceStorage; absent if there is none. */
  readonly instance?: Labels | undefined;
  /** Labels of the Secret with its ledger; absent if there is none. */
  readonly ledger?: Labels | undefined;
  /** The labels that decided last in this process, while there was one of the two. */
  readonly last?: Labels | undefined;
}

/**
 * The labels that decide which shard acts for an InstanceStorage: probes it, and writes its status, its ledger, its
 * outputs and what they are delivered to. An InstanceStorage that is gone leaves them on its ledger. `undefined` if
 * nothing is left of it.
 */
export function labelsOfInstance({ instance, ledger, last }: InstanceTraces): Labels | undefined {
  return instance ?? ledger ?? last;
}

/**
 * The labels that decide which shard acts for a TeamStorage: those of its InstanceStorage, because one ledger has one
 * writer. Its own count only while nothing is there of the InstanceStorage that it belongs to.
 */
export function labelsOfTeam(own: Labels, { instance, ledger }: InstanceTraces): Labels {
  return instance ?? ledger ?? own;
}
