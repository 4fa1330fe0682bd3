import {
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
  ListObjectVersionsCommand,
  type DefaultRetention,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { BucketSettings, SettingName } from '../../domain/observations/bucket-settings.ts';
import { err, ok } from '../../base/result.ts';
import type { BucketCall } from '../../ports/bucket-call.ts';
import type { SettingsRequest } from '../../ports/bucket.ts';
import { sdkFailure } from './error-mapping.ts';
import { lifecycleRule } from './lifecycle.ts';

/** The store says so where a setting was never made. */
const NONE_MADE: readonly string[] = [
  'ObjectLockConfigurationNotFoundError',
  'NoSuchLifecycleConfiguration',
  'NoSuchCORSConfiguration',
  'ServerSideEncryptionConfigurationNotFoundError',
];

/** Room for the versions of some weeks; more are counted as "or more". */
const MAX_VERSIONS = 50;

interface Place {
  readonly client: S3Client;
  readonly Bucket: string;
  readonly ExpectedBucketOwner?: string;
  /** Whether the CORS setting has the permission of its AWS name; MinIO knows none. */
  readonly namesCors: boolean;
}

/**
 * Settings of an S3 bucket. Lock and lifecycle are not in the grant that W&B
 * documents; the last are asked for because W&B's server asks for them.
 */
export function settingsRequests(
  { client, namesCors, ...bucket }: Place,
  probePrefix: string,
): readonly SettingsRequest[] {
  const request = <Name extends SettingName>(
    name: Name,
    ask: (signal: AbortSignal) => Promise<BucketSettings[Name]>,
    options: { readonly none?: BucketSettings[Name]; readonly beforeWriting?: boolean } = {},
  ): SettingsRequest => ({
    tells: [name],
    beforeWriting: options.beforeWriting ?? false,
    ask: (signal) => told(name, () => ask(signal), options.none),
  });

  const corsRequest = (): SettingsRequest =>
    request(
      'cors',
      async (abortSignal) => {
        await client.send(new GetBucketCorsCommand(bucket), { abortSignal });
        return true;
      },
      { none: true },
    );

  return [
    request(
      'versioning',
      async (abortSignal) => {
        const { Status } = await client.send(new GetBucketVersioningCommand(bucket), { abortSignal });
        return { enabled: Status === 'Enabled' };
      },
      { beforeWriting: true },
    ),
    request(
      'retention',
      async (abortSignal) => {
        const output = await client.send(new GetObjectLockConfigurationCommand(bucket), { abortSignal });
        const kept = output.ObjectLockConfiguration?.Rule?.DefaultRetention;
        return { keeps: kept === undefined ? [] : [retentionInWords(kept)] };
      },
      { none: { keeps: [] }, beforeWriting: true },
    ),
    request(
      'lifecycle',
      async (abortSignal) => {
        const output = await client.send(new GetBucketLifecycleConfigurationCommand(bucket), { abortSignal });
        return (output.Rules ?? []).filter(({ Status }) => Status === 'Enabled').map(lifecycleRule);
      },
      { none: [] },
    ),
    request('probeVersions', async (abortSignal) => {
      const input = { ...bucket, Prefix: probePrefix, MaxKeys: MAX_VERSIONS };
      const output = await client.send(new ListObjectVersionsCommand(input), { abortSignal });
      const old = (output.Versions ?? []).filter(({ IsLatest }) => IsLatest !== true);
      return { count: old.length + (output.DeleteMarkers ?? []).length, truncated: output.IsTruncated ?? false };
    }),
    request('location', async (abortSignal) => {
      const output = await client.send(new GetBucketLocationCommand(bucket), { abortSignal });
      // An empty one is us-east-1, and also what the SDK makes of an answer that it cannot read.
      const region: string = output.LocationConstraint ?? '';
      return /^[A-Za-z0-9-]{1,63}$/.test(region) ? { region } : {};
    }),
    request(
      'encryption',
      async (abortSignal) => {
        await client.send(new GetBucketEncryptionCommand(bucket), { abortSignal });
        return true;
      },
      { none: true },
    ),
    ...(namesCors ? [corsRequest()] : []),
  ];
}

/** Runs one request; `none` is what it means that the setting was never made. */
async function told<Name extends SettingName>(
  name: Name,
  ask: () => Promise<BucketSettings[Name]>,
  none: BucketSettings[Name] | undefined,
): BucketCall<Partial<BucketSettings>> {
  try {
    return ok({ [name]: await ask() });
  } catch (error) {
    const failure = sdkFailure(error);
    const isNone = none !== undefined && NONE_MADE.includes(failure.providerCode ?? '');
    return isNone ? ok({ [name]: none }) : err(failure);
  }
}

function retentionInWords({ Days, Years, Mode }: DefaultRetention): string {
  const time = Years === undefined ? `${Days ?? 0} days` : `${Years} years`;
  return `a default retention of ${time} (${Mode ?? 'GOVERNANCE'})`;
}
