import { AZURE_SITUATIONS } from './failure-catalogue/azure-situations.ts';
import { describeSituations } from './failure-catalogue/describe.ts';
import { GCS_SITUATIONS } from './failure-catalogue/gcs-situations.ts';
import { S3_SITUATIONS } from './failure-catalogue/s3-situations.ts';
import { SETTINGS_SITUATIONS } from './failure-catalogue/settings-situations.ts';

describeSituations('the codes of S3 (scripted fault server)', S3_SITUATIONS);
describeSituations('the codes of GCS (scripted fault server)', GCS_SITUATIONS);
describeSituations('the codes of Azure Blob (scripted fault server)', AZURE_SITUATIONS);
describeSituations('settings and uploads in parts (scripted fault server)', SETTINGS_SITUATIONS);
