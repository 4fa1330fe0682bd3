import { describe, expect, it } from '@jest/globals';
import { contextOf, onAzureBlob, onGcs, onMinio } from '../../../test/support/fakes/observations.ts';
import { asBucketRole, onAzure, onGcp } from '../../../test/support/fakes/sign-ins.ts';
import type { BucketFailureKind } from '../../domain/observations/bucket-failure.ts';
import { CHECK_REASONS, type CheckReasonName } from '../catalogue.ts';
import { FAILURE_REASONS } from './failure-reasons.ts';
import { failedBy } from './failure-table.ts';

const CONTEXTS = [contextOf(), onMinio, onGcs, onAzureBlob, asBucketRole, onGcp(), onAzure];

// The type says that each reason is one that a check documents.
const REASONS: Readonly<Record<BucketFailureKind, CheckReasonName>> = FAILURE_REASONS;

describe('a failed request', () => {
  it.each(Object.entries(REASONS))('of kind %s is %s, with what to do, for every provider', (kind, reason) => {
    expect(CHECK_REASONS[reason].result).toBe('Fail');
    for (const context of CONTEXTS) {
      const failure = { kind: kind as BucketFailureKind, httpStatus: 418 };
      const { message = '', remedy = '', ...verdict } = failedBy(failure, context, 'Trying it');
      // After the listing, the store is there: a refusal in another form comes from the way to it.
      const expected = kind === 'NotAnObjectStore' ? 'RequestRefused' : reason;
      expect(verdict).toEqual({ result: 'Fail', reason: expected });
      expect(message).toMatch(/^Trying it failed. .* \(418\)\.$/);
      expect(remedy).not.toBe('');
      expect(`${message} ${remedy}`).not.toMatch(/undefined|\[object/);
    }
  });
});
