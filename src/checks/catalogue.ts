import { authenticated } from './authenticated.ts';
import { bucketExists } from './bucket-exists.ts';
import { caKnownToServer } from './ca-known-to-server.ts';
import { canDelete } from './can-delete.ts';
import { canList } from './can-list.ts';
import { canRead } from './can-read.ts';
import { canWrite } from './can-write.ts';
import type { Check } from './check.ts';
import { clockInSync } from './clock-in-sync.ts';
import { corsAllowsApp } from './cors-allows-app.ts';
import { credentialLifetime } from './credential-lifetime.ts';
import { encryptionMatches } from './encryption-matches.ts';
import { endpointAllowed } from './endpoint-allowed.ts';
import { endpointPublic } from './endpoint-public.ts';
import { endpointReachable } from './endpoint-reachable.ts';
import { identityProven } from './identity-proven.ts';
import { multipartUpload } from './multipart-upload.ts';
import { grantComplete } from './grant-complete.ts';
import { kmsUsable } from './kms-usable.ts';
import { lifecycleSafe } from './lifecycle-safe.ts';
import { mixedContent } from './mixed-content.ts';
import { nameValid } from './name-valid.ts';
import { notPublic } from './not-public.ts';
import { objectsDeletable } from './objects-deletable.ts';
import { ownerMatches } from './owner-matches.ts';
import { presignedUrls } from './presigned-urls.ts';
import { regionMatches } from './region-matches.ts';
import { requesterPaysOff } from './requester-pays-off.ts';
import { storageClassReadable } from './storage-class-readable.ts';
import { tlsExpiry } from './tls-expiry.ts';
import { tlsTrusted } from './tls-trusted.ts';
import { versioningEnabled } from './versioning-enabled.ts';

/** What a bucket must prove before W&B sees it, in the order in which a person would mend it. */
export const CATALOGUE: readonly Check[] = [
  // We reach the bucket, as whom we should.
  nameValid,
  endpointAllowed,
  endpointReachable,
  tlsTrusted,
  clockInSync,
  authenticated,
  bucketExists,
  regionMatches,
  ownerMatches,
  // W&B can work in it.
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
  // Browsers can, too.
  mixedContent,
  corsAllowsApp,
  // Good to know.
  identityProven,
  lifecycleSafe,
  storageClassReadable,
  grantComplete,
  credentialLifetime,
  caKnownToServer,
  endpointPublic,
  tlsExpiry,
];
