import type { CheckName, CheckReasonName } from '../../../src/checks/catalogue.ts';

type Row = readonly [CheckName, CheckReasonName, RegExp];

/** Faults of a request that mean the same wherever they are met, with what mends them. */
export const throttled = (check: CheckName): Row => [check, 'Throttled', /repeated by itself.*request limits/];
export const unavailable = (check: CheckName): Row => [check, 'StoreUnavailable', /health of the store/];
export const notSupported = (check: CheckName): Row => [check, 'NotSupportedByStore', /Upgrade the store/];
export const refused = (check: CheckName): Row => [check, 'RequestRefused', /Look up the code/];
export const full = (check: CheckName): Row => [check, 'QuotaExceeded', /Raise the quota/];
export const foreign = (check: CheckName): Row => [check, 'NotAnObjectStore', /must be the address of/];
export const cut = (check: CheckName): Row => [check, 'ConnectionReset', /proxies before it/];
export const late = (check: CheckName): Row => [check, 'DeadlineExceeded', /slow store, proxy or network/];
export const suspended: Row = ['Authenticated', 'AccountSuspended', /provider of the store/];
export const unpaid: Row = ['Authenticated', 'AccountSuspended', /Settle the bills/];
export const notSignedUp: Row = ['Authenticated', 'AccountSuspended', /Sign up/];
export const rejected: Row = ['PresignedUrls', 'PresignedUrlRejected', /proxy that changes host, path or query/];
export const archived: Row = ['CanRead', 'ObjectArchived', /[Rr]estore|tier/];
export const requesterPays: Row = ['RequesterPaysOff', 'RequesterPays', /requester/i];
export const kmsMissing = (check: CheckName): Row => [
  check,
  'KmsKeyNotFound',
  /[Cc]orrect (the (default )?key|vault and key|spec)/,
];
export const kmsDisabled = (check: CheckName): Row => [check, 'KmsKeyDisabled', /[Ee]nable/];
export const kmsDenied = (check: CheckName): Row => [check, 'KmsAccessDenied', /use the (encryption )?key|on the key/];

/** The same as an object. */
export function verdict([check, reason, remedy]: Row) {
  return { check, reason, remedy };
}
