import { authenticated } from './bucket-reachable/authenticated.ts';
import { bucketExists } from './bucket-reachable/bucket-exists.ts';
import { caKnownToServer } from './bucket-reachable/ca-known-to-server.ts';
import { canDelete } from './bucket-usable/can-delete.ts';
import { canList } from './bucket-usable/can-list.ts';
import { canRead } from './bucket-usable/can-read.ts';
import { canWrite } from './bucket-usable/can-write.ts';
import type { Check } from './check.ts';
import type { CheckReason } from './check-reason.ts';
import { COMMON_REASONS, type CommonReasonName } from './common-reasons.ts';
import { clockInSync } from './bucket-reachable/clock-in-sync.ts';
import { corsAllowsApp } from './browser-access/cors-allows-app.ts';
import { credentialLifetime } from './bucket-reachable/credential-lifetime.ts';
import { encryptionMatches } from './bucket-usable/encryption-matches.ts';
import { endpointAllowed } from './bucket-reachable/endpoint-allowed.ts';
import { endpointPublic } from './bucket-reachable/endpoint-public.ts';
import { endpointReachable } from './bucket-reachable/endpoint-reachable.ts';
import { identityProven } from './bucket-reachable/identity-proven.ts';
import { multipartUpload } from './bucket-usable/multipart-upload.ts';
import { grantComplete } from './bucket-usable/grant-complete.ts';
import { kmsUsable } from './bucket-usable/kms-usable.ts';
import { lifecycleSafe } from './bucket-usable/lifecycle-safe.ts';
import { mixedContent } from './browser-access/mixed-content.ts';
import { nameValid } from './bucket-reachable/name-valid.ts';
import { notPublic } from './bucket-usable/not-public.ts';
import { objectsDeletable } from './bucket-usable/objects-deletable.ts';
import { ownerMatches } from './bucket-reachable/owner-matches.ts';
import { presignedUrls } from './bucket-usable/presigned-urls.ts';
import { regionMatches } from './bucket-reachable/region-matches.ts';
import { requesterPaysOff } from './bucket-usable/requester-pays-off.ts';
import { storageClassReadable } from './bucket-usable/storage-class-readable.ts';
import { tlsExpiry } from './bucket-reachable/tls-expiry.ts';
import { tlsTrusted } from './bucket-reachable/tls-trusted.ts';
import { versioningEnabled } from './bucket-usable/versioning-enabled.ts';

const CHECKS = [
  // The bucket can be reached.
  nameValid,
  endpointAllowed,
  endpointReachable,
  tlsTrusted,
  clockInSync,
  authenticated,
  bucketExists,
  regionMatches,
  ownerMatches,
  // W&B can use it.
  requesterPaysOff,
  canList,
  objectsDeletable,
  kmsUsable,
  canWrite,
  canRead,
  encryptionMatches,
  canDelete,
  presignedUrls,
  multipartUpload,
  notPublic,
  versioningEnabled,
  // Browsers can use it.
  mixedContent,
  corsAllowsApp,
  // Advisory.
  identityProven,
  lifecycleSafe,
  storageClassReadable,
  grantComplete,
  credentialLifetime,
  caKnownToServer,
  endpointPublic,
  tlsExpiry,
] as const;

type OneCheck = (typeof CHECKS)[number];
type ReasonsOf<C> = C extends Check<string, infer Own> ? Own : never;

export type CheckName = OneCheck['name'];
export type CheckReasonName = CommonReasonName | ReasonsOf<OneCheck>;

/** All checks, in the order in which their failures should be fixed. */
export const CATALOGUE: readonly Check<CheckName>[] = CHECKS;

/**
 * Every reason that a check can give, by name: the same names in status, events,
 * logs, metric labels and `docs/reference/checks.md`.
 */
export const CHECK_REASONS = Object.assign({}, COMMON_REASONS, ...CATALOGUE.map(({ reasons }) => reasons)) as Readonly<
  Record<CheckReasonName, CheckReason>
>;

/** The catalogue's entry of a reason; `undefined` for one that this version does not know. */
export function checkReason(name: string): CheckReason | undefined {
  return (CHECK_REASONS as Readonly<Record<string, CheckReason>>)[name];
}

/** The checks that can give a reason; `any` where each can. */
export function checksThatGive(reason: CheckReasonName): readonly CheckName[] | 'any' {
  if (Object.hasOwn(COMMON_REASONS, reason)) return 'any';
  return CATALOGUE.filter(({ reasons }) => Object.hasOwn(reasons, reason)).map(({ name }) => name);
}
