import type { ReportedReason } from '../conditions/condition-reason.ts';

/** Reasons of `Provisioned` on a TeamStorage with `spec.provision`. */
export const PROVISION_REASONS = {
  TeamCreated: {
    condition: 'Provisioned',
    status: 'True',
    meaning: 'The operator created the team in W&B with this bucket.',
    remedy: '',
  },
  TeamAdopted: {
    condition: 'Provisioned',
    status: 'True',
    meaning: 'The team existed in W&B, on the same bucket. The operator does not change its members.',
    remedy: '',
  },
  WaitingForReady: {
    condition: 'Provisioned',
    status: 'Unknown',
    meaning: 'The bucket is not Ready and published yet.',
    remedy: 'Check Ready.',
  },
  WaitingForRollout: {
    condition: 'Provisioned',
    status: 'Unknown',
    meaning: 'The server does not run with the published config yet.',
    remedy: 'Check RolledOut of the InstanceStorage.',
  },
  ServerNotConfigured: {
    condition: 'Provisioned',
    status: 'False',
    meaning: 'The InstanceStorage does not say where the W&B server is, or which API key to use.',
    remedy: 'Set spec.deployment.url and spec.deployment.apiKeySecretRef.',
  },
  ApiKeyUnreadable: {
    condition: 'Provisioned',
    status: 'False',
    meaning: 'The API key could not be read from its Secret.',
    remedy: 'Create or label the Secret as the message says.',
  },
  ServerUnreachable: {
    condition: 'Provisioned',
    status: 'Unknown',
    meaning: 'The W&B server did not answer, or answered with an error of its own.',
    remedy: 'The operator tries again. Nothing is created twice: it looks the team up before each try.',
  },
  ApiKeyRefused: {
    condition: 'Provisioned',
    status: 'False',
    meaning: 'The W&B server refused the API key.',
    remedy: 'Use the key of an administrator (with its username), or of an organization service account.',
  },
  ScimNotServed: {
    condition: 'Provisioned',
    status: 'False',
    meaning: 'The address does not serve the SCIM API of W&B.',
    remedy: 'Correct spec.deployment.url, or create the team by hand as status.teamForm says.',
  },
  ProviderNotOffered: {
    condition: 'Provisioned',
    status: 'False',
    meaning: 'The server does not offer the provider of the bucket to teams.',
    remedy: 'Restart the server with the published config, and check its licence.',
  },
  BucketRefused: {
    condition: 'Provisioned',
    status: 'False',
    meaning: 'The server tested the bucket itself and does not accept it.',
    remedy:
      'Read the answer of the server in the message. The server may reach the bucket over another network path than the operator.',
  },
  TeamRefused: {
    condition: 'Provisioned',
    status: 'False',
    meaning: 'The server refused to create the team.',
    remedy: 'Read the answer of the server in the message.',
  },
  AdminNotAssigned: {
    condition: 'Provisioned',
    status: 'False',
    meaning: 'The team was created, but its administrator is not known to the server or could not be appointed.',
    remedy: 'Correct spec.provision.admin, or appoint the administrator in W&B.',
  },
  TeamConflict: {
    condition: 'Provisioned',
    status: 'False',
    meaning: 'The team exists in W&B on another bucket. W&B cannot move it.',
    remedy: 'Declare the bucket that the team has, or choose another team name.',
  },
  TeamBucketUnknown: {
    condition: 'Provisioned',
    status: 'Unknown',
    meaning: 'The team exists in W&B, and the server does not show its bucket.',
    remedy: "Compare the team's settings in W&B with status.teamForm, then remove spec.provision.",
  },
} as const satisfies Readonly<Record<string, ReportedReason>>;

export type ProvisionReason = keyof typeof PROVISION_REASONS;
