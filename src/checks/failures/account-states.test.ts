import { describe, expect, it } from '@jest/globals';
import { contextOf, onAzureBlob, onGcs, onMinio } from '../../../test/support/fakes/observations.ts';
import { failedBy } from './failure-table.ts';

describe('an account that the store does not serve', () => {
  it.each([
    ['InDebt', onMinio, /unpaid bills/, /Settle the bills/],
    ['PaymentRequired', onMinio, /unpaid bills/, /Settle the bills/],
    ['BILLING_DISABLED', onGcs, /unpaid bills, or no billing/, /set up billing/],
    ['NotSignedUp', contextOf(), /no subscription/, /Sign up/],
    ['NotEntitled', onMinio, /no subscription/, /Sign up/],
    ['AccountNotActivated', onMinio, /not activated yet/, /finish the activation/],
    ['BucketDisable', onMinio, /All access to the bucket .* is switched off/, /administrators of the account/],
    ['ContainerDisabled', onAzureBlob, /All access to the container .* is switched off/, /administrators/],
    ['AllAccessDisabled', contextOf(), /switched off/, /provider of the store/],
    ['UnavailableForLegalReasons', onMinio, /legal reasons/, /provider of the store/],
    ['UnauthorizedAccessError', contextOf(), /ICP licence/, /ICP recordal/],
    ['UserSuspended', onMinio, /is suspended/, /unpaid bills.*provider of the store/],
    ['userProjectAccountProblem', onGcs, /is suspended/, /unpaid bills/],
    ['accountDisabled', onGcs, /is suspended/, /unpaid bills/],
    ['AccountIsDisabled', onAzureBlob, /is suspended/, /console of the account/],
  ])('is recognised by %s', (providerCode, context, says, remedy) => {
    const verdict = failedBy({ kind: 'AccountSuspended', httpStatus: 403, providerCode }, context);
    expect(verdict.reason).toBe('AccountSuspended');
    expect(verdict.message).toMatch(says);
    expect(verdict.message).toContain(`(403 ${providerCode}).`);
    expect(verdict.remedy).toMatch(remedy);
  });
});
