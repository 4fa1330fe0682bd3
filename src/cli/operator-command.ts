import { Command, InvalidArgumentError, Option } from 'commander';
import { bareHost } from '../base/bare-host.ts';
import { reservedKeyOf } from '../domain/shard/deciding-labels.ts';
import { parseLabelSelector, type LabelSelector } from '../domain/shard/label-selector.ts';
import { addLeaderElectionFlags, leaderElectionOf, type LeaderElectionFlags } from './leader-election-flags.ts';
import { VERSION } from '../app/version.ts';
import { createOperatorLog, LOG_LEVELS, runOperator, type LogLevel } from '../app/run-operator.ts';
import { addStoreFlags, storeSettings, type StoreFlags } from './store-flags.ts';

interface Flags extends LeaderElectionFlags, StoreFlags {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace: readonly string[] | string;
  readonly allNamespaces: boolean;
  readonly watchLabelSelector?: LabelSelector;
  readonly healthAddress: { readonly host: string; readonly port: number };
  readonly metricsAddress: { readonly host: string; readonly port: number };
  readonly workers: number;
  readonly logLevel: LogLevel;
}

/** `byob operator`: runs the controllers until the process receives a signal to stop. */
export function operatorCommand(): Command {
  const command = addLeaderElectionFlags(new Command('operator'))
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
    );
  return addStoreFlags(command)
    .addOption(
      new Option('--log-level <level>', 'least severe level that is logged').choices(LOG_LEVELS).default('info'),
    )
    .addHelpText('after', EXAMPLES)
    .action((flags: Flags, command: Command) => run(flags, command));
}

const EXAMPLES = `
Examples:
  byob operator --namespace wandb
  byob operator --all-namespaces --watch-label-selector shard=a
`;

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
      ...storeSettings(flags, process.env),
      threadPoolSize: process.env['UV_THREADPOOL_SIZE'],
      clusterApiServer: clusterApiServer(process.env),
    },
    createOperatorLog(flags.logLevel),
  );
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
