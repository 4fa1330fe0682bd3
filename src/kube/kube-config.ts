// Not the package's index: it loads clients for every API, which took most of the start-up time.
import { KubeConfig } from '@kubernetes/client-node/dist/config.js';

/**
 * Finds the cluster like kubectl does: an explicit file, else `KUBECONFIG`, the
 * home directory, or the ServiceAccount of the pod. `context` overrides the current one.
 */
export function loadKubeConfig(options: { readonly file?: string; readonly context?: string }): KubeConfig {
  const config = new KubeConfig();
  try {
    if (options.file === undefined) config.loadFromDefault();
    else config.loadFromFile(options.file);
  } catch (error) {
    throw withoutContent(error);
  }
  if (options.context !== undefined) {
    if (config.getContextObject(options.context) === null) {
      throw new Error(`the kubeconfig has no context named ${options.context}`);
    }
    config.setCurrentContext(options.context);
  }
  return config;
}

/** The message of the parser repeats lines of the file, and these may hold a token or a key. */
function withoutContent(error: unknown): unknown {
  const { name, mark } = (error ?? {}) as { readonly name?: unknown; readonly mark?: { readonly line?: unknown } };
  if (name !== 'YAMLException') return error;
  const line = mark?.line;
  return new Error(`it is no valid YAML${typeof line === 'number' ? `, in line ${line + 1}` : ''}`);
}
