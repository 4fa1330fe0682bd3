import type { Command } from 'commander';
import type { FileFlags } from './manifest-files.ts';
import { addStoreFlags, type StoreFlags } from './store-flags.ts';

/** Values of the flags by which a command is given storages, under commander's names. */
export interface StorageFlags extends FileFlags, StoreFlags {
  readonly namespace: string;
  readonly live: boolean;
  readonly envFile?: string;
  readonly cluster: boolean;
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** The flags of commands that judge the storages of manifests. */
export function addStorageFlags(command: Command): Command {
  command
    .requiredOption('-f, --filename <path...>', 'file or folder with manifests, or - for standard input')
    .option('-n, --namespace <name>', 'namespace of objects that name none', DEFAULT_NAMESPACE);
  addManifestFlags(command)
    .option('--kubeconfig <file>', 'kubeconfig of that cluster; implies --cluster')
    .option('--context <name>', 'context of the kubeconfig; implies --cluster');
  return addStoreFlags(command);
}

/** Namespace of objects that name none. */
export const DEFAULT_NAMESPACE = 'default';

/** How manifests are read, and what they lack. */
export function addManifestFlags(command: Command): Command {
  return command
    .option('-R, --recursive', 'read the folders in a folder as well', false)
    .option(
      '--live',
      'ask the buckets as well: a probe writes, reads and deletes objects of its own under .wandb-storage-probe/',
      false,
    )
    .option('--env-file <file>', 'Secrets as lines SECRET/KEY=value or NAMESPACE/SECRET/KEY=value')
    .option(
      '--cluster',
      'read from the cluster of the kubeconfig what the manifests lack: Secrets, other storages, what is published; nothing is written to it',
      false,
    );
}
