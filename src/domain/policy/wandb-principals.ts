import { blank } from './blanks.ts';
import type { DeploymentType } from './policy-request.ts';

/** W&B's own principals, as its documentation names them. */
const AWS: Readonly<Partial<Record<DeploymentType, string>>> = {
  DedicatedCloud: 'arn:aws:iam::830241207209:root',
  SaaSCloud: 'arn:aws:iam::725579432336:role/WandbIntegration',
};
const GCP: Readonly<Partial<Record<DeploymentType, string>>> = {
  DedicatedCloud: 'serviceAccount:deploy@wandb-production.iam.gserviceaccount.com',
  SaaSCloud: 'serviceAccount:wandb-integration@wandb-production.iam.gserviceaccount.com',
};
const COREWEAVE: Readonly<Record<DeploymentType, string>> = {
  SaaSCloud: 'arn:aws:iam::wandb:static/wandb-integration-public',
  DedicatedCloud: 'arn:aws:iam::wandb:static/wandb-integration',
  SelfManaged: 'arn:aws:iam::wandb:static/wandb-integration',
};

/** The principal of W&B on AWS; absent where the deployment signs in with one of its owner. */
export function wandbOnAws(deployment: DeploymentType): string | undefined {
  return AWS[deployment];
}

/** The member of W&B on Google Cloud. */
export function wandbOnGcp(deployment: DeploymentType): string | undefined {
  return GCP[deployment];
}

/** The principal of W&B on CoreWeave, and the condition that binds it to one organization. */
export function wandbOnCoreWeave(deployment: DeploymentType) {
  return {
    principal: COREWEAVE[deployment],
    condition: { StringLike: { 'wandb:OrgID': [blank('WANDB_ORG_ID')] } },
  };
}
