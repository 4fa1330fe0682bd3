import { CONFIG_HASH_ANNOTATION, type DeploymentObject } from '../../api/resources.ts';
import type { Deployment, DeploymentState } from '../../domain/delivery/rollout-plan.ts';

/** The fields of a Deployment that a rollout depends on. */
export function readDeployment(deployment: DeploymentObject): Deployment {
  const { metadata, spec, status } = deployment;
  const templateHash = annotationOf(deployment);
  return {
    uid: metadata.uid ?? '',
    name: metadata.name,
    createdAt: Date.parse(metadata.creationTimestamp ?? '') || 0,
    ...(templateHash !== undefined && { templateHash }),
    state: stateOf(metadata.generation ?? 0, spec?.replicas ?? 1, status ?? {}),
  };
}

function annotationOf({ spec }: DeploymentObject): string | undefined {
  return spec?.template?.metadata?.annotations?.[CONFIG_HASH_ANNOTATION];
}

/** By the rules of `kubectl rollout status`. */
function stateOf(
  generation: number,
  replicas: number,
  status: NonNullable<DeploymentObject['status']>,
): DeploymentState {
  if ((status.observedGeneration ?? 0) < generation) return 'Progressing';
  const isStalled = status.conditions?.some(
    ({ type, reason }) => type === 'Progressing' && reason === 'ProgressDeadlineExceeded',
  );
  if (isStalled === true) return 'Stalled';
  const { updatedReplicas = 0, availableReplicas = 0 } = status;
  const isComplete =
    updatedReplicas >= replicas && (status.replicas ?? 0) <= updatedReplicas && availableReplicas >= updatedReplicas;
  return isComplete ? 'Complete' : 'Progressing';
}
