import { authenticated } from './authenticated.ts';
import { bucketExists } from './bucket-exists.ts';
import { canDelete } from './can-delete.ts';
import { canList } from './can-list.ts';
import { canRead } from './can-read.ts';
import { canWrite } from './can-write.ts';
import type { Check } from './check.ts';
import { clockInSync } from './clock-in-sync.ts';
import { corsAllowsApp } from './cors-allows-app.ts';
import { endpointAllowed } from './endpoint-allowed.ts';
import { endpointReachable } from './endpoint-reachable.ts';
import { identityProven } from './identity-proven.ts';
import { multipartUpload } from './multipart-upload.ts';
import { nameValid } from './name-valid.ts';
import { notPublic } from './not-public.ts';
import { ownerMatches } from './owner-matches.ts';
import { presignedUrls } from './presigned-urls.ts';
import { regionMatches } from './region-matches.ts';
import { tlsTrusted } from './tls-trusted.ts';

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
  canList,
  canWrite,
  canRead,
  canDelete,
  presignedUrls,
  multipartUpload,
  notPublic,
  // Browsers can, too.
  corsAllowsApp,
  // Worth knowing.
  identityProven,
];
