// Not the package's index: it loads clients for every API, which took most of the start-up time.
import { KubeConfig } from '@kubernetes/client-node/dist/config.js';

/**
 * Finds the cluster like kubectl does: an explicit file, else `KUBECONFIG`, the
 * home directory, or the ServiceAccount of the pod. `context` overrides the current one.
 */
export function loadKubeConfig(options: { readonly file?: string; readonly context?: string }): KubeConfig {
  const config = new KubeConfig();
  if (options.file === undefined) config.loadFromDefault();
  else config.loadFromFile(options.file);
  if (options.context !== undefined) {
    if (config.getContextObject(options.context) === null) {
      throw new Error(`the kubeconfig has no context named ${options.context}`);
    }
    config.setCurrentContext(options.context);
  }
  return config;
}
