import { keyText, parseKey } from '../../api/object-key.ts';
import type { ObjectKey, PartialObject } from '../../api/object.ts';
import type { InstanceStorage, TeamStorage } from '../../api/resources.ts';
import type { Admissions } from '../../domain/admission/admit.ts';
import { labelsOfInstance, labelsOfTeam, type InstanceTraces } from '../../domain/shard/deciding-labels.ts';
import { isSelected, relevantLabels, type Labels, type LabelSelector } from '../../domain/shard/label-selector.ts';
import type { ObjectReader } from '../../ports/kube.ts';
import { isOurs, ledgerName } from '../publication/output-names.ts';

/**
 * The part of the fleet for which this process acts. It watches all of it, because admission needs every claim and
 * every ledger. Keys are `namespace/name`.
 */
export interface Shard {
  /** Whether this process acts for an InstanceStorage, or for what one left that is gone. */
  readonly actsOnInstance: (key: string) => boolean;
  /** Whether this process acts for a TeamStorage. */
  readonly actsOnTeam: (key: string) => boolean;
  /** The labels that the ledger of an InstanceStorage must carry, so that it still has a shard without its object. */
  readonly ledgerLabels: (instance: ObjectKey) => Labels;
  /** Whether the watched ledger carries them; true if the watch shows none. */
  readonly isLedgerLabelled: (instance: ObjectKey) => boolean;
}

/** Acts for everything. */
export const WHOLE_FLEET: Shard = {
  actsOnInstance: () => true,
  actsOnTeam: () => true,
  ledgerLabels: () => ({}),
  isLedgerLabelled: () => true,
};

/** `selector` absent: the whole fleet, and ledgers keep the labels that shards have given them. */
export function createShard(
  selector: LabelSelector | undefined,
  deps: {
    readonly instances: Pick<ObjectReader<InstanceStorage>, 'get'>;
    readonly teams: Pick<ObjectReader<TeamStorage>, 'get'>;
    /** Metadata of the Secrets that the operator wrote. */
    readonly managedSecrets: Pick<ObjectReader<PartialObject>, 'get'>;
    readonly admissions: Pick<Admissions, 'instanceNameOf'>;
  },
): Shard {
  if (selector === undefined) return { ...WHOLE_FLEET, ledgerLabels: (key) => labelsOf(ledgerOf(key)) ?? {} };
  const acts = (labels: Labels): boolean => isSelected(selector, labels);
  const relevant = (labels: Labels = {}): Labels => relevantLabels(selector, labels);
  /** By instance: the labels that decided last. */
  const last = new Map<string, Labels>();

  function tracesOf(key: ObjectKey): InstanceTraces {
    const id = keyText(key);
    const traces = { instance: labelsOf(deps.instances.get(key)), ledger: labelsOf(ledgerOf(key)), last: last.get(id) };
    const labels = labelsOfInstance(traces);
    if (labels !== undefined) last.set(id, labels);
    return traces;
  }

  function ledgerOf({ namespace, name }: ObjectKey): PartialObject | undefined {
    const secret = deps.managedSecrets.get({ namespace, name: ledgerName(name) });
    return secret !== undefined && isOurs(secret, name) ? secret : undefined;
  }

  return {
    actsOnInstance: (key) => acts(labelsOfInstance(tracesOf(parseKey(key))) ?? {}),
    actsOnTeam(key) {
      const team = deps.teams.get(parseKey(key));
      if (team === undefined) return false;
      const name = deps.admissions.instanceNameOf(team);
      const { namespace = '' } = team.metadata;
      return acts(labelsOfTeam(labelsOf(team) ?? {}, name === undefined ? {} : tracesOf({ namespace, name })));
    },
    ledgerLabels(key) {
      // The others stay: a label that another operator selects by must not be written and removed in turn.
      const now = Object.entries(labelsOf(ledgerOf(key)) ?? {});
      const others = now.filter(([name, value]) => !Object.hasOwn(relevant({ [name]: value }), name));
      return { ...Object.fromEntries(others), ...relevant(labelsOfInstance(tracesOf(key))) };
    },
    isLedgerLabelled(key) {
      const ledger = labelsOf(ledgerOf(key));
      return ledger === undefined || textOf(relevant(ledger)) === textOf(relevant(labelsOfInstance(tracesOf(key))));
    },
  };
}

function labelsOf(object: InstanceStorage | TeamStorage | PartialObject | undefined): Labels | undefined {
  return object && (object.metadata.labels ?? {});
}

function textOf(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).sort());
}
