import { CONFIG_HASH_ANNOTATION } from '../../api/resources.ts';
import { DELIVERY_REASONS, type DeliveryReason } from './reasons.ts';
import type { ConditionDraft } from '../conditions/conditions.ts';
import type { BlockedField } from './delivery-plan.ts';
import type { Deployment } from './rollout-plan.ts';
import type { WandbVersion } from './wandb-fields.ts';

/** Chart values that grant missing permissions. */
const DELIVERY_VALUE = 'rbac.delivery';
const ROLLOUT_VALUE = 'rbac.rollout';

/** The object that the config is delivered to. */
interface Target {
  readonly name: string;
  readonly namespace: string;
}

/** A condition whose status comes from the catalogue, so that reason and status always match. */
function condition(reason: DeliveryReason, message: string): ConditionDraft {
  const { condition: type, status } = DELIVERY_REASONS[reason];
  return { type, status, reason, message };
}

export function delivered(target: Target, version: WandbVersion, secretName: string): ConditionDraft {
  return condition(
    'Delivered',
    `WeightsAndBiases ${target.name} (${version}) takes the bucket and the file stores from Secret ${secretName}.`,
  );
}

export function nothingPublished(target: Target): ConditionDraft {
  return condition(
    'NothingPublished',
    `Nothing is delivered to WeightsAndBiases ${target.name} until a bucket is proven and published.`,
  );
}

export function targetNotFound(target: Target, versions: readonly string[]): ConditionDraft {
  const what =
    versions.length === 0
      ? 'The API server serves neither apps.wandb.com/v1 nor v2: the CRD WeightsAndBiases is not installed.'
      : `WeightsAndBiases ${target.name} does not exist in namespace ${target.namespace}.`;
  return condition('TargetNotFound', `${what} The config is delivered once it exists.`);
}

export function targetClaimed(target: Target, rival: string): ConditionDraft {
  return condition(
    'TargetClaimed',
    `InstanceStorage ${rival} configures WeightsAndBiases ${target.name} already. Name it in one of the two only.`,
  );
}

export function fieldConflict(target: Target, fields: readonly BlockedField[]): ConditionDraft {
  const advice = fields.map(({ field, managers, paste }) => {
    const owner = managers.length === 0 ? 'has a value of another kind' : `belongs to ${managers.join(', ')}`;
    return `${field} ${owner}: ${paste === undefined ? 'remove it there' : `there, set ${paste}`}`;
  });
  return condition(
    'FieldConflict',
    `Nothing was changed in WeightsAndBiases ${target.name}, because others own fields of it. ${advice.join('; ')}. Or remove the fields there: then the operator sets them.`,
  );
}

export function targetRefused(target: Target, answer: string): ConditionDraft {
  return condition('TargetRefused', `WeightsAndBiases ${target.name} was not changed: ${answer}`);
}

export function deliveryForbidden(target: Target): ConditionDraft {
  return condition(
    'DeliveryForbidden',
    `The operator may not deliver to WeightsAndBiases ${target.name}. Add to its Role in namespace ${target.namespace} (chart value ${DELIVERY_VALUE}): {apiGroups: [apps.wandb.com], resources: [weightsandbiases], verbs: [list, patch]}`,
  );
}

export function deliveryFailed(target: Target, answer: string): ConditionDraft {
  return condition(
    'DeliveryFailed',
    `WeightsAndBiases ${target.name} could not be read or changed: ${answer}. The operator tries again.`,
  );
}

export function rolledOut(workloads: readonly Deployment[], stripped: readonly Deployment[]): ConditionDraft {
  const note =
    stripped.length === 0
      ? ''
      : ` The annotation ${CONFIG_HASH_ANNOTATION} was removed from ${names(stripped)}. The operator does not set it again.`;
  return condition('RolledOut', `These Deployments run with the published config: ${names(workloads)}.${note}`);
}

export function rollingOut(workloads: readonly Deployment[]): ConditionDraft {
  return condition('RollingOut', `Restarted for the published config and not complete yet: ${names(workloads)}.`);
}

export function rolloutStalled(workloads: readonly Deployment[], namespace: string): ConditionDraft {
  const [first] = workloads;
  return condition(
    'RolloutStalled',
    `Restarted for the published config, and without progress since: ${names(workloads)}. Old pods continue with the old config. To see the cause: kubectl rollout status deployment/${first?.name ?? ''} -n ${namespace}`,
  );
}

export function waitingForInterval(workloads: readonly Deployment[], at: string): ConditionDraft {
  return condition('WaitingForInterval', `To be restarted at ${at}, when the interval is over: ${names(workloads)}.`);
}

export function waitingForDelivery(): ConditionDraft {
  return condition(
    'WaitingForDelivery',
    'Nothing is restarted until the config is delivered. The condition Delivered shows the cause.',
  );
}

/** `isKnown`: it is known that nothing is published. */
export function awaitingConfig(isKnown: boolean): ConditionDraft {
  return condition(
    'AwaitingConfig',
    isKnown
      ? 'No config is published yet, so nothing is restarted.'
      : 'It is not known which config is published, so nothing is restarted.',
  );
}

/** After the ledger was lost: `claims` were published before and are not in the outputs yet. */
export function waitingForRecovery(claims: readonly string[]): ConditionDraft {
  const names = `${claims.slice(0, 5).join(', ')}${claims.length > 5 ? ' and others' : ''}`;
  return condition(
    'WaitingForRecovery',
    `The ledger was lost, and ${names} will be published again once proven: until then nothing is restarted, so that the server keeps what it runs with.`,
  );
}

/** `labels`: the selector of the Deployments as text, if the spec has one. */
export function restartRequired(namespace: string, labels: string | undefined): ConditionDraft {
  const command =
    labels === undefined ? '' : ` With kubectl: kubectl rollout restart deployment -n ${namespace} -l ${labels}`;
  return condition(
    'RestartRequired',
    `The operator does not restart the server: restart it whenever status.config.hash changes, or set spec.delivery.restart.mode to Automatic.${command}`,
  );
}

export function noDeploymentsSelected(namespace: string, labels: string): ConditionDraft {
  return condition(
    'NoDeploymentsSelected',
    `No Deployment in namespace ${namespace} carries the labels ${labels}. Correct spec.delivery.restart.selector, unless the server has not been installed yet.`,
  );
}

export function restartForbidden(namespace: string): ConditionDraft {
  return condition(
    'RestartForbidden',
    `The operator may not restart Deployments. Add to its Role in namespace ${namespace} (chart value ${ROLLOUT_VALUE}): {apiGroups: [apps], resources: [deployments], verbs: [list, patch]}`,
  );
}

export function restartRefused(workload: string, answer: string): ConditionDraft {
  return condition('RestartRefused', `Deployment ${workload} was not restarted: ${answer}`);
}

export function restartFailed(answer: string): ConditionDraft {
  return condition(
    'RestartFailed',
    `The Deployments could not be read or restarted: ${answer}. The operator tries again.`,
  );
}

function names(workloads: readonly Deployment[]): string {
  return workloads
    .map(({ name }) => name)
    .sort()
    .join(', ');
}
