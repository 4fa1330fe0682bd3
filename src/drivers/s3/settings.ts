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
import { NEVER_MADE_CODES } from './error-codes.ts';
import { sdkFailure } from './error-mapping.ts';
import { lifecycleRule } from './lifecycle.ts';

/** Enough for the versions of some weeks; beyond that the count is a minimum. */
const MAX_VERSIONS = 50;

interface Place {
  readonly client: S3Client;
  readonly Bucket: string;
  readonly ExpectedBucketOwner?: string;
  /** Whether the store has the permission for CORS under its AWS name; MinIO has none. */
  readonly namesCors: boolean;
}

/**
 * Settings of an S3 bucket. The grant that W&B documents does not include lock and
 * lifecycle; the last requests are sent because W&B's server sends them.
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
    covers: [name],
    beforeWriting: options.beforeWriting ?? false,
    ask: (signal) => readSetting(name, () => ask(signal), options.none),
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
      // Empty means us-east-1, but is also the result of an answer that the SDK cannot read.
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

/** Runs one request; `none` is the value of a setting that was never set. */
async function readSetting<Name extends SettingName>(
  name: Name,
  ask: () => Promise<BucketSettings[Name]>,
  none: BucketSettings[Name] | undefined,
): BucketCall<Partial<BucketSettings>> {
  try {
    return ok({ [name]: await ask() });
  } catch (error) {
    const failure = sdkFailure(error);
    const isNone = none !== undefined && NEVER_MADE_CODES.includes(failure.providerCode ?? '');
    return isNone ? ok({ [name]: none }) : err(failure);
  }
}

function retentionInWords({ Days, Years, Mode }: DefaultRetention): string {
  const time = Years === undefined ? `${Days ?? 0} days` : `${Years} years`;
  return `a default retention of ${time} (${Mode ?? 'GOVERNANCE'})`;
}
