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
    meaning: 'No bucket is published yet, so there is nothing to hand over; what was delivered before stays.',
    remedy: 'Look at Ready and Published.',
  },
  TargetNotFound: {
    condition: 'Delivered',
    status: 'Unknown',
    meaning: 'The WeightsAndBiases that spec.delivery names does not exist, or its CRD is not installed.',
    remedy: 'Install it, or correct spec.delivery.weightsAndBiases.name. It is looked for every half minute.',
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
    meaning: 'Fields that are to hold the config belong to another field manager, so nothing was changed.',
    remedy: 'Set what the message prints where that manager takes its fields from, or remove the fields there.',
  },
  TargetRefused: {
    condition: 'Delivered',
    status: 'False',
    meaning: 'The API server, or a webhook of the W&B operator, refused the change as invalid.',
    remedy: 'Look at the WeightsAndBiases: it may be invalid as it stands.',
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
    meaning: 'The API server could not be asked.',
    remedy: 'It is tried again.',
  },
  FileStoresNearlyFull: {
    condition: 'FileStoresFilling',
    status: 'True',
    meaning:
      'The file stores take more than three quarters of what an environment variable can hold. The condition is absent below that.',
    remedy: 'Let teams share buckets by sub-path (they then share one entry), or remove stores that are retained.',
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
    meaning: 'Deployments were restarted for the published config and are not complete yet.',
    remedy: 'Wait; kubectl rollout status shows more.',
  },
  RolloutStalled: {
    condition: 'RolledOut',
    status: 'False',
    meaning: 'A restarted Deployment made no progress within its own deadline.',
    remedy: 'Look at its pods. The old pods go on serving with the old config.',
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
    meaning: 'A restart would be of no use before the config is delivered.',
    remedy: 'Look at Delivered.',
  },
  WaitingForRecovery: {
    condition: 'RolledOut',
    status: 'False',
    meaning:
      'The ledger was lost and was made again from the outputs, and storages that were published before are in no output yet: a restart would take them from the server.',
    remedy: 'Make the storages Ready that the message names, or delete those that are not needed any more.',
  },
  AwaitingConfig: {
    condition: 'RolledOut',
    status: 'Unknown',
    meaning: 'No config is published yet, so there is nothing to restart for.',
    remedy: 'Look at Ready and Published.',
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
    remedy: 'Correct the selector; or wait, if the server is yet to be installed.',
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
    remedy: 'Look at what the message names.',
  },
  RestartFailed: {
    condition: 'RolledOut',
    status: 'Unknown',
    meaning: 'The API server could not be asked about the Deployments.',
    remedy: 'It is tried again.',
  },
} as const satisfies Readonly<Record<string, ReportedReason>>;

export type DeliveryReason = keyof typeof DELIVERY_REASONS;
