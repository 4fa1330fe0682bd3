import type { InstanceStorage, TeamStorage } from '../api/resources.ts';
import type { ConditionDraft } from './conditions.ts';
import type { Problem } from './problem.ts';

/**
 * What the API takes and this version cannot do yet. A promise that gates Ready
 * is refused, and not passed over: Ready would say more than is true.
 */
export function notSupported(object: InstanceStorage | TeamStorage): Problem | undefined {
  if (object.spec.validation?.credentialsFrom !== undefined) {
    return {
      reason: 'CredentialsNotSupported',
      message: 'This version of the operator cannot prove a bucket with spec.validation.credentialsFrom.',
      remedy: 'Remove it, or upgrade the operator.',
      failureClass: 'spec',
    };
  }
  return undefined;
}

/** What is reported of an instance that wants its config delivered; it gates nothing. */
export function deliveryConditions({ spec }: InstanceStorage): readonly ConditionDraft[] {
  if (spec.delivery === undefined) return [];
  return [
    {
      type: 'Delivered',
      status: 'Unknown',
      reason: 'DeliveryNotSupported',
      message:
        'This version of the operator writes the Secret and the ConfigMap only: hand them to the W&B server yourself.',
    },
  ];
}
