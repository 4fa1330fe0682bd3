import type { BucketSettings, SettingName } from '../../domain/observations/bucket-settings.ts';
import { ok } from '../../base/result.ts';
import type { BucketCall } from '../../ports/bucket-call.ts';
import type { SettingsRequest } from '../../ports/bucket.ts';
import { NEVER_MADE_CODES } from './error-codes.ts';
import { lifecycleRule } from './lifecycle.ts';
import type { S3Client } from './s3-client.ts';
import { childOf, childrenOf, textOf, type XmlElement } from './xml.ts';

/** Enough for the versions of some weeks; beyond that the count is a minimum. */
const MAX_VERSIONS = '50';

interface Place {
  readonly client: S3Client;
  /** The expected owner, where one is. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whether the store has the permission for CORS under its AWS name; MinIO has none. */
  readonly namesCors: boolean;
}

/** How one setting is asked for, and read from the root of the answer. */
interface Question<Name extends SettingName> {
  /** The parameter that names the setting. */
  readonly query: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly read: (root: XmlElement) => BucketSettings[Name];
  /** The value of a setting that was never set. */
  readonly none?: BucketSettings[Name];
  readonly beforeWriting?: boolean;
}

/**
 * Settings of an S3 bucket. The grant that W&B documents does not include lock and
 * lifecycle; the last requests are sent because W&B's server sends them.
 */
export function settingsRequests(place: Place, probePrefix: string): readonly SettingsRequest[] {
  const request = <Name extends SettingName>(name: Name, question: Question<Name>): SettingsRequest => ({
    covers: [name],
    beforeWriting: question.beforeWriting ?? false,
    ask: (signal) => readSetting(place, name, question, signal),
  });

  return [
    request('versioning', {
      query: 'versioning',
      read: (root) => ({ enabled: textOf(root, 'Status') === 'Enabled' }),
      beforeWriting: true,
    }),
    request('retention', {
      query: 'object-lock',
      read(root) {
        const kept = childOf(root, 'Rule', 'DefaultRetention');
        return { keeps: kept === undefined ? [] : [retentionInWords(kept)] };
      },
      none: { keeps: [] },
      beforeWriting: true,
    }),
    request('lifecycle', {
      query: 'lifecycle',
      read: (root) =>
        childrenOf(root, 'Rule')
          .filter((rule) => textOf(rule, 'Status') === 'Enabled')
          .map(lifecycleRule),
      none: [],
    }),
    request('probeVersions', {
      query: 'versions',
      parameters: { prefix: probePrefix, 'max-keys': MAX_VERSIONS },
      read(root) {
        const old = childrenOf(root, 'Version').filter((one) => textOf(one, 'IsLatest') !== 'true');
        const count = old.length + childrenOf(root, 'DeleteMarker').length;
        return { count, truncated: textOf(root, 'IsTruncated') === 'true' };
      },
    }),
    request('location', {
      query: 'location',
      read(root) {
        // Empty means us-east-1, but is also the result of an answer of another form.
        const region = textOf(root) ?? '';
        return /^[A-Za-z0-9-]{1,63}$/.test(region) ? { region } : {};
      },
    }),
    request('encryption', { query: 'encryption', read: () => true, none: true }),
    ...(place.namesCors ? [request('cors', { query: 'cors', read: () => true, none: true })] : []),
  ];
}

async function readSetting<Name extends SettingName>(
  { client, headers }: Place,
  name: Name,
  { query, parameters, read, none }: Question<Name>,
  signal: AbortSignal,
): BucketCall<Partial<BucketSettings>> {
  const answer = await client.ask({ method: 'GET', query: { [query]: '', ...parameters }, headers }, signal);
  if (answer.ok) return ok({ [name]: read(answer.value.root) });
  const isNone = none !== undefined && NEVER_MADE_CODES.includes(answer.error.providerCode ?? '');
  return isNone ? ok({ [name]: none }) : answer;
}

function retentionInWords(kept: XmlElement): string {
  const years = textOf(kept, 'Years');
  const time = years === undefined ? `${textOf(kept, 'Days') ?? '0'} days` : `${years} years`;
  return `a default retention of ${time} (${textOf(kept, 'Mode') ?? 'GOVERNANCE'})`;
}
