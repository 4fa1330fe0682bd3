import type { Command } from 'commander';

/** The flags of commands about storages of a cluster. */
export function addClusterFlags(command: Command): Command {
  return command
    .option('-n, --namespace <name>', 'namespace of the storages; default: that of the context of the kubeconfig')
    .option('--kubeconfig <file>', 'kubeconfig of the cluster; default: as kubectl finds it')
    .option('--context <name>', 'context of the kubeconfig');
}
