import { type Command, InvalidArgumentError, Option } from 'commander';
import { ambientIdentity } from '../app/ambient-identity.ts';
import type { OperatorOptions } from '../app/operator-options.ts';
import { PROVIDERS } from '../domain/bucket/providers.ts';
import { PUBLIC_CLOUDS } from '../domain/bucket/store-endpoint.ts';
import { parseEndpoint } from '../domain/spec/parse-endpoint.ts';

/** Values of the flags that decide how stores are reached and what storages may use, under commander's names. */
export interface StoreFlags {
  readonly allowedEndpoints: readonly string[];
  readonly deniedCidrs: readonly string[];
  readonly awsEndpoint: string;
  readonly gcsEndpoint: string;
  readonly azureEndpoint: string;
  readonly coreweaveEndpoint: string;
  readonly awsStsEndpoint: string;
  readonly gcpStsEndpoint: string;
  readonly gcpIamEndpoint: string;
  readonly azureLoginEndpoint: string;
  readonly secretsWithoutLabel: boolean;
  readonly ambientCredentials: boolean;
  readonly allowPublicBuckets: boolean;
}

/** The settings of these flags. */
export type StoreSettings = Pick<
  OperatorOptions,
  'allowedEndpoints' | 'deniedCidrs' | 'requireSecretLabel' | 'ambient' | 'allowPublicBuckets' | 'clouds' | 'proxy'
>;

/** The flags that the operator has in common with the commands that judge storages as it does. */
export function addStoreFlags(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--allowed-endpoints <list>',
        'host suffixes and CIDRs, separated by commas, to which connections are allowed although they are loopback, reserved or denied',
      )
        .argParser(parseList)
        .default([], 'none'),
    )
    .addOption(
      new Option('--denied-cidrs <list>', 'address ranges, separated by commas, to which connections are refused')
        .argParser(parseList)
        .default([], 'none'),
    )
    .addOption(
      new Option('--aws-endpoint <url>', 'address of S3 on AWS; published too, for buckets with a key')
        .argParser(parseAwsUrl)
        .default(PUBLIC_CLOUDS.aws),
    )
    .addOption(cloudOption('gcs', 'GCS', PUBLIC_CLOUDS.gcs))
    .addOption(cloudOption('azure', 'AzureBlob', PUBLIC_CLOUDS.azureBlob))
    .addOption(cloudOption('coreweave', 'CoreWeave', PUBLIC_CLOUDS.coreWeave))
    .addOption(endpointOption('aws-sts', 'STS on AWS', PUBLIC_CLOUDS.awsSts))
    .addOption(endpointOption('gcp-sts', 'the Security Token Service of Google Cloud', PUBLIC_CLOUDS.gcpSts))
    .addOption(
      endpointOption('gcp-iam', 'the IAM Service Account Credentials API of Google Cloud', PUBLIC_CLOUDS.gcpIam),
    )
    .addOption(endpointOption('azure-login', 'Microsoft Entra', PUBLIC_CLOUDS.azureLogin))
    .option(
      '--secrets-without-label',
      'let storages use any Secret and ServiceAccount of their namespace, not only those with the label storage.wandb.com/allow=true',
      false,
    )
    .option(
      '--ambient-credentials',
      "let an InstanceStorage without credentials be proven with the operator's own identity (IAM roles for service accounts, Azure workload identity)",
      false,
    )
    .option(
      '--allow-public-buckets',
      'let storages name NotPublic in spec.validation.ignore, and so use buckets that are publicly readable',
      false,
    );
}

/** The settings from flags and environment. */
export function storeSettings(flags: StoreFlags, env: NodeJS.ProcessEnv): StoreSettings {
  return {
    allowedEndpoints: flags.allowedEndpoints,
    deniedCidrs: flags.deniedCidrs,
    requireSecretLabel: !flags.secretsWithoutLabel,
    ...(flags.ambientCredentials && { ambient: ambientIdentity(env) }),
    allowPublicBuckets: flags.allowPublicBuckets,
    clouds: {
      aws: flags.awsEndpoint,
      gcs: flags.gcsEndpoint,
      azureBlob: flags.azureEndpoint,
      coreWeave: flags.coreweaveEndpoint,
      awsSts: flags.awsStsEndpoint,
      gcpSts: flags.gcpStsEndpoint,
      gcpIam: flags.gcpIamEndpoint,
      azureLogin: flags.azureLoginEndpoint,
    },
    proxy: proxyFromEnvironment(env),
  };
}

function cloudOption(flag: string, provider: keyof typeof PROVIDERS, url: string): Option {
  return endpointOption(flag, `${PROVIDERS[provider].name}, for the operator alone`, url);
}

/** An address other than the public one is for GovCloud, FIPS, sovereign clouds, private endpoints and emulators. */
function endpointOption(flag: string, what: string, url: string): Option {
  return new Option(`--${flag}-endpoint <url>`, `address of ${what}`).argParser(parseUrl).default(url);
}

function parseUrl(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username + url.search + url.hash !== '') {
    throw new InvalidArgumentError(
      'Write it as https://host, without credentials and query; {region} (AWS) and {account} (Azure) are filled in.',
    );
  }
  return value.replace(/\/+$/, '');
}

/** It becomes part of published addresses, which have no place for a path. */
function parseAwsUrl(value: string): string {
  const url = parseUrl(value);
  if (!parseEndpoint(url.replaceAll('{region}', 'region')).ok) {
    throw new InvalidArgumentError('Write it as https://host or https://host:port; {region} is filled in.');
  }
  return url;
}

/** Both spellings are in use; the lower-case one takes precedence, as in curl. */
function proxyFromEnvironment(env: NodeJS.ProcessEnv): OperatorOptions['proxy'] {
  const read = (name: string): string | undefined => env[name.toLowerCase()] ?? env[name];
  const [httpsProxy, httpProxy, noProxy] = [read('HTTPS_PROXY'), read('HTTP_PROXY'), read('NO_PROXY')];
  return {
    ...(httpsProxy !== undefined && { httpsProxy }),
    ...(httpProxy !== undefined && { httpProxy }),
    ...(noProxy !== undefined && { noProxy }),
  };
}

function parseList(value: string): readonly string[] {
  return value
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}
