import { Command, InvalidArgumentError, Option } from 'commander';
import { PROVIDERS } from '../domain/bucket/providers.ts';
import { bareHost } from '../base/bare-host.ts';
import { PUBLIC_CLOUDS } from '../domain/bucket/store-endpoint.ts';
import { reservedKeyOf } from '../domain/shard/deciding-labels.ts';
import { parseLabelSelector, type LabelSelector } from '../domain/shard/label-selector.ts';
import { parseEndpoint } from '../domain/spec/parse-endpoint.ts';
import { addLeaderElectionFlags, leaderElectionOf, type LeaderElectionFlags } from './leader-election-flags.ts';
import { VERSION } from '../app/version.ts';
import { ambientIdentity, createOperatorLog, LOG_LEVELS, runOperator, type LogLevel } from '../app/run-operator.ts';

interface Flags extends LeaderElectionFlags {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace: readonly string[] | string;
  readonly allNamespaces: boolean;
  readonly watchLabelSelector?: LabelSelector;
  readonly healthAddress: { readonly host: string; readonly port: number };
  readonly metricsAddress: { readonly host: string; readonly port: number };
  readonly workers: number;
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
  readonly logLevel: LogLevel;
}

/** `byob operator`: runs the controllers until the process receives a signal to stop. */
export function operatorCommand(): Command {
  return addLeaderElectionFlags(new Command('operator'))
    .description('Watch InstanceStorage and TeamStorage, prove their buckets, and publish the resolved config.')
    .option('--kubeconfig <file>', "kubeconfig to use instead of the pod's own ServiceAccount")
    .option('--context <name>', 'context of the kubeconfig')
    .addOption(
      new Option('-n, --namespace <name...>', 'namespace to watch; may be given more than once')
        .env('POD_NAMESPACE')
        .default([], 'none'),
    )
    .option('-A, --all-namespaces', 'watch every namespace (needs a ClusterRole)', false)
    .addOption(
      new Option(
        '--watch-label-selector <selector>',
        'act only for the InstanceStorages with these labels, and for their teams: one shard of several operators',
      )
        .argParser(parseSelector)
        .default(undefined, 'all'),
    )
    .addOption(
      new Option('--health-address <host:port>', 'address on which /livez and /readyz are served')
        .argParser(parseAddress)
        .default({ host: '0.0.0.0', port: 8081 }, '0.0.0.0:8081'),
    )
    .addOption(
      new Option('--metrics-address <host:port>', 'address on which /metrics is served for Prometheus')
        .argParser(parseAddress)
        .default({ host: '0.0.0.0', port: 8080 }, '0.0.0.0:8080'),
    )
    .addOption(
      new Option('--workers <n>', 'how many objects are processed in parallel').argParser(parseCount).default(16),
    )
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
    )
    .addOption(
      new Option('--log-level <level>', 'least severe level that is logged').choices(LOG_LEVELS).default('info'),
    )
    .action((flags: Flags, command: Command) => run(flags, command));
}

async function run(flags: Flags, command: Command): Promise<void> {
  const namespaces = [flags.namespace].flat().filter((name) => name !== '');
  if (!flags.allNamespaces && namespaces.length === 0) {
    command.error('error: set what to watch: --namespace NAME, or --all-namespaces');
  }
  const leaderElection = leaderElectionOf(
    flags,
    { namespace: namespaces[0], selector: flags.watchLabelSelector },
    command,
  );
  process.exitCode = await runOperator(
    {
      version: VERSION,
      ...(flags.kubeconfig !== undefined && { kubeconfig: flags.kubeconfig }),
      ...(flags.context !== undefined && { context: flags.context }),
      ...(!flags.allNamespaces && { namespaces }),
      ...(flags.watchLabelSelector !== undefined && { watchLabelSelector: flags.watchLabelSelector }),
      health: flags.healthAddress,
      metrics: flags.metricsAddress,
      ...(leaderElection !== undefined && { leaderElection }),
      workers: flags.workers,
      allowedEndpoints: flags.allowedEndpoints,
      deniedCidrs: flags.deniedCidrs,
      requireSecretLabel: !flags.secretsWithoutLabel,
      ...(flags.ambientCredentials && { ambient: ambientIdentity(process.env) }),
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
      proxy: proxyFromEnvironment(process.env),
      threadPoolSize: process.env['UV_THREADPOOL_SIZE'],
      clusterApiServer: clusterApiServer(process.env),
    },
    createOperatorLog(flags.logLevel),
  );
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
function proxyFromEnvironment(env: NodeJS.ProcessEnv): Parameters<typeof runOperator>[0]['proxy'] {
  const read = (name: string): string | undefined => env[name.toLowerCase()] ?? env[name];
  const [httpsProxy, httpProxy, noProxy] = [read('HTTPS_PROXY'), read('HTTP_PROXY'), read('NO_PROXY')];
  return {
    ...(httpsProxy !== undefined && { httpsProxy }),
    ...(httpProxy !== undefined && { httpProxy }),
    ...(noProxy !== undefined && { noProxy }),
  };
}

/** The API server from the variables that Kubernetes sets in every pod. */
function clusterApiServer(env: NodeJS.ProcessEnv): string | undefined {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = '443' } = env;
  return host === undefined ? undefined : `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function parseSelector(value: string): LabelSelector {
  const selector = parseLabelSelector(value);
  if (!selector.ok) throw new InvalidArgumentError(`${selector.error}.`);
  const reserved = reservedKeyOf(selector.value);
  if (reserved !== undefined) {
    throw new InvalidArgumentError(`"${reserved}" has another meaning: choose a label of your own, such as shard.`);
  }
  return selector.value;
}

function parseList(value: string): readonly string[] {
  return value
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

function parseCount(value: string): number {
  if (!/^\d{1,4}$/.test(value) || Number(value) < 1) throw new InvalidArgumentError('Give a number from 1 to 9999.');
  return Number(value);
}

function parseAddress(value: string): { readonly host: string; readonly port: number } {
  const [, named = '', port] = /^(\[[0-9a-fA-F:]+\]|[^:]*):(\d{1,5})$/.exec(value) ?? [];
  if (port === undefined || Number(port) > 65_535)
    throw new InvalidArgumentError('Write it as host:port, for example 0.0.0.0:8081 or :8081.');
  const host = bareHost(named);
  return { host: host === '' ? '0.0.0.0' : host, port: Number(port) };
}
