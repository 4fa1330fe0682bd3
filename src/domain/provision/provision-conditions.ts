import { PROVISION_REASONS, type ProvisionReason } from './reasons.ts';
import type { ConditionDraft } from '../conditions/conditions.ts';
import { explainProblem, type Problem } from '../conditions/problem.ts';
import { bucketText, type ScimBucket } from './scim.ts';

/** A condition with its status and remedy from the catalogue. */
function condition(reason: ProvisionReason, message: string): ConditionDraft {
  const { condition: type, status, remedy } = PROVISION_REASONS[reason];
  return { type, status, reason, message: remedy === '' ? message : `${message} ${remedy}` };
}

export function teamCreated(team: string, bucket: ScimBucket | undefined): ConditionDraft {
  return condition('TeamCreated', `Team ${team} was created in W&B ${onBucket(bucket)}.`);
}

export function teamAdopted(team: string, bucket: ScimBucket | undefined): ConditionDraft {
  return condition('TeamAdopted', `Team ${team} existed in W&B ${onBucket(bucket)}.`);
}

export function waitingForReady(): ConditionDraft {
  return condition('WaitingForReady', 'The team is created once its bucket is Ready and published.');
}

export function waitingForRollout(): ConditionDraft {
  return condition('WaitingForRollout', 'The team is created once the server runs with the published config.');
}

export function serverNotConfigured(instance: string, fields: readonly string[]): ConditionDraft {
  return condition('ServerNotConfigured', `InstanceStorage ${instance} lacks ${fields.join(' and ')}.`);
}

export function apiKeyUnreadable(problem: Problem): ConditionDraft {
  return { type: 'Provisioned', status: 'False', reason: 'ApiKeyUnreadable', message: explainProblem(problem) };
}

export function serverUnreachable(url: string, why: string): ConditionDraft {
  return condition('ServerUnreachable', `The W&B server at ${url} gave no usable answer (${why}).`);
}

export function apiKeyRefused(url: string, status: number): ConditionDraft {
  return condition('ApiKeyRefused', `The W&B server at ${url} refused the API key (${status}).`);
}

export function scimNotServed(url: string, status: number): ConditionDraft {
  return condition('ScimNotServed', `${url}/scim is not the SCIM API of W&B (${status}).`);
}

export function providerNotOffered(bucket: ScimBucket, offered: readonly string[]): ConditionDraft {
  const list = offered.length === 0 ? 'none' : offered.toSorted().join(', ');
  return condition('ProviderNotOffered', `The server offers teams ${list}, and not ${bucket.provider}.`);
}

export function bucketRefused(bucket: ScimBucket, faults: readonly string[]): ConditionDraft {
  return condition('BucketRefused', `The server's own test of ${bucketText(bucket)} failed: ${faults.join('; ')}.`);
}

export function teamRefused(team: string, answer: string): ConditionDraft {
  return condition('TeamRefused', `The server did not create team ${team}: ${answer}.`);
}

export function adminNotAssigned(admin: string, why: string): ConditionDraft {
  return condition('AdminNotAssigned', `The team was created, but ${admin} is not its administrator: ${why}.`);
}

export function provisionConflict(
  team: string,
  found: ScimBucket | undefined,
  wanted: ScimBucket | undefined,
): ConditionDraft {
  return condition('TeamConflict', `Team ${team} exists in W&B ${onBucket(found)}, and not ${onBucket(wanted)}.`);
}

export function teamBucketUnknown(team: string): ConditionDraft {
  return condition('TeamBucketUnknown', `Team ${team} exists in W&B, and this server does not report its bucket.`);
}

function onBucket(bucket: ScimBucket | undefined): string {
  return bucket === undefined ? 'on the instance bucket' : `on ${bucketText(bucket)}`;
}
