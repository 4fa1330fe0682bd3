import { AMAZON } from './amazon.ts';
import { GOOGLE } from './google.ts';
import { MICROSOFT } from './microsoft.ts';
import type { DocumentedPage } from './page.ts';
import { S3_CLOUDS } from './s3-clouds.ts';
import { S3_SERVERS } from './s3-servers.ts';

/** The documented error codes of every service that a probe can meet. */
export const PAGES: readonly DocumentedPage[] = [...AMAZON, ...S3_CLOUDS, ...S3_SERVERS, ...GOOGLE, ...MICROSOFT];
