import type { InstanceStorage } from '../api/resources.ts';
import type { ConditionDraft } from './conditions.ts';

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
