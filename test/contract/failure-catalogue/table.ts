import { AZURE_SITUATIONS } from './azure-situations.ts';
import { COMMON_SITUATIONS } from './common-situations.ts';
import { GCS_SITUATIONS } from './gcs-situations.ts';
import { S3_SITUATIONS } from './s3-situations.ts';
import { SETTINGS_SITUATIONS } from './settings-situations.ts';
import type { FaultCase } from './fault-case.ts';
import { DOTTED_NAME, tlsSituations, waySituations } from './way-situations.ts';

const NOWHERE = { nobody: 0, plainHttp: 0, silent: 0, refusingProxy: () => '' };

/** Every situation that the tests named `failure-catalogue` prove; ports are theirs. */
export const TABLE: readonly FaultCase[] = [
  ...COMMON_SITUATIONS,
  ...S3_SITUATIONS,
  ...GCS_SITUATIONS,
  ...AZURE_SITUATIONS,
  ...SETTINGS_SITUATIONS,
  ...waySituations(NOWHERE),
  ...tlsSituations(NOWHERE),
  DOTTED_NAME,
];
