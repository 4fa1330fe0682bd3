/**
 * The configuration of the W&B server: references to the published Secret and ConfigMap, without secrets. A pure
 * function of the ledger.
 */
export interface ServerConfig {
  /** Hash of the published Secret: when it changes, the server must be restarted. */
  readonly hash: string;
  /** Name of both Secret and ConfigMap. */
  readonly name: string;
  /** `global.bucket` of the operator-wandb chart; absent while no instance bucket is published. */
  readonly chartBucket?: Readonly<Record<string, unknown>>;
  /** Variables that must take the whole address of the instance bucket, because the chart's URL cannot hold its key. */
  readonly bucketVariables: readonly string[];
  /**
   * Variables of the file stores; empty if there is no entry: the server would read an empty value as an address without a scheme.
   */
  readonly fileStoreVariables: readonly string[];
  /** Keys of the Secret that describe the instance bucket to the v2 operator. */
  readonly objectStoreKeys: readonly string[];
  /** Keys of the ConfigMap that are environment variables of the instance bucket, such as `AWS_S3_KMS_ID`. */
  readonly environmentKeys: readonly string[];
}

/** Whether the config has neither an instance bucket nor file stores. */
export function isEmptyConfig(config: ServerConfig): boolean {
  return config.chartBucket === undefined && config.fileStoreVariables.length === 0;
}

/** An environment variable by reference, in the form of a pod spec. */
export function fromSecret(name: string, key: string): { readonly valueFrom: unknown } {
  return { valueFrom: { secretKeyRef: { name, key } } };
}

/** `global.env` of the chart: variable to reference. */
export function chartEnvironment(config: ServerConfig): Readonly<Record<string, unknown>> {
  return Object.fromEntries([
    ...config.bucketVariables.map((name) => [name, fromSecret(config.name, 'BUCKET')] as const),
    ...config.fileStoreVariables.map((name) => [name, fromSecret(config.name, name)] as const),
  ]);
}
