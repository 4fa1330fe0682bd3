import type { ReportedReason } from '../conditions/condition-reason.ts';

/** Reasons of `Delivered` and `RolledOut` on an InstanceStorage. */
export const DELIVERY_REASONS = {
  Delivered: {
    condition: 'Delivered',
    status: 'True',
    meaning: 'The WeightsAndBiases takes the bucket and the file stores from the published Secret.',
    remedy: '',
  },
  NothingPublished: {
    condition: 'Delivered',
    status: 'Unknown',
    meaning: 'No bucket is published yet, so there is nothing to deliver. What was delivered before stays.',
    remedy: 'Check Ready and Published.',
  },
  TargetNotFound: {
    condition: 'Delivered',
    status: 'Unknown',
    meaning: 'The WeightsAndBiases that spec.delivery names does not exist, or its CRD is not installed.',
    remedy: 'Install it, or correct spec.delivery.weightsAndBiases.name. The operator checks every half minute.',
  },
  TargetClaimed: {
    condition: 'Delivered',
    status: 'False',
    meaning: 'Another InstanceStorage configures the same WeightsAndBiases; the one that was there first keeps it.',
    remedy: 'Let one of the two name it.',
  },
  FieldConflict: {
    condition: 'Delivered',
    status: 'False',
    meaning: 'The fields of the config belong to another field manager, so nothing was changed.',
    remedy: 'Set the values of the message in the source of that field manager, or remove the fields there.',
  },
  TargetRefused: {
    condition: 'Delivered',
    status: 'False',
    meaning: 'The API server, or a webhook of the W&B operator, refused the change as invalid.',
    remedy: 'Check the WeightsAndBiases: it may already be invalid.',
  },
  DeliveryForbidden: {
    condition: 'Delivered',
    status: 'False',
    meaning: 'The operator may not read or change the WeightsAndBiases.',
    remedy: 'Grant it list and patch on weightsandbiases.apps.wandb.com.',
  },
  DeliveryFailed: {
    condition: 'Delivered',
    status: 'Unknown',
    meaning: 'The API server did not answer, or failed.',
    remedy: 'The operator tries again.',
  },
  FileStoresNearlyFull: {
    condition: 'FileStoresFilling',
    status: 'True',
    meaning:
      'The file stores take more than three quarters of what an environment variable can hold. The condition is absent below that.',
    remedy: 'Let teams share buckets by sub-path (they then share one entry), or remove entries that are retained.',
  },
  RolledOut: {
    condition: 'RolledOut',
    status: 'True',
    meaning: 'Every selected Deployment runs with the published config.',
    remedy: '',
  },
  RollingOut: {
    condition: 'RolledOut',
    status: 'False',
    meaning: 'Deployments were restarted for the published config, and the rollout is not complete yet.',
    remedy: 'Wait. See kubectl rollout status.',
  },
  RolloutStalled: {
    condition: 'RolledOut',
    status: 'False',
    meaning: 'A restarted Deployment made no progress within its own deadline.',
    remedy: 'Check its pods. The old pods continue with the old config.',
  },
  WaitingForInterval: {
    condition: 'RolledOut',
    status: 'False',
    meaning: 'The config changed again before spec.delivery.restart.minInterval was over.',
    remedy: 'Wait.',
  },
  WaitingForDelivery: {
    condition: 'RolledOut',
    status: 'False',
    meaning: 'The config is not delivered yet, so a restart would not help.',
    remedy: 'Check Delivered.',
  },
  WaitingForRecovery: {
    condition: 'RolledOut',
    status: 'False',
    meaning:
      'The ledger was lost and was recreated from the outputs, and storages that were published before are in no output yet: a restart would take them from the server.',
    remedy:
      'Fix the storages that the message names so that they become Ready, or delete those that are no longer needed.',
  },
  AwaitingConfig: {
    condition: 'RolledOut',
    status: 'Unknown',
    meaning: 'No config is published yet, or it is not known which one is.',
    remedy: 'Check Ready and Published.',
  },
  RestartRequired: {
    condition: 'RolledOut',
    status: 'Unknown',
    meaning: 'The operator does not restart the server, so it cannot know which config runs.',
    remedy:
      'Restart the server when status.config.hash changes, or set spec.delivery.restart.mode to Automatic with a selector.',
  },
  NoDeploymentsSelected: {
    condition: 'RolledOut',
    status: 'Unknown',
    meaning: 'No Deployment of the namespace carries the labels of spec.delivery.restart.selector.',
    remedy: 'Correct the selector, or install the server.',
  },
  RestartForbidden: {
    condition: 'RolledOut',
    status: 'False',
    meaning: 'The operator may not list or restart Deployments.',
    remedy: 'Grant it list and patch on deployments.apps.',
  },
  RestartRefused: {
    condition: 'RolledOut',
    status: 'False',
    meaning:
      'The API server refused the restart of a Deployment: another manager owns the annotation, or a policy forbids it.',
    remedy: 'Check the field manager or policy that the message names.',
  },
  RestartFailed: {
    condition: 'RolledOut',
    status: 'Unknown',
    meaning: 'The API server did not return the Deployments, or failed.',
    remedy: 'The operator tries again.',
  },
} as const satisfies Readonly<Record<string, ReportedReason>>;

export type DeliveryReason = keyof typeof DELIVERY_REASONS;
