import { stringify } from 'yaml';
import { redactedAddress } from './file-store-address.ts';
import { fileStoreEntries, hasEntry, type DeploymentCloud } from './file-stores.ts';
import { chartBucket, instanceBucketVariables, instanceEnvironment, instanceSecretKeys } from './instance-keys.ts';
import { keyedDigest } from './credential.ts';
import { chartEnvironment, type ServerConfig } from './delivery/server-config.ts';
import { compare, inOrder, type Ledger, type LedgerStore } from './ledger.ts';

/** How the file stores are handed to the server (`spec.fileStores`). */
export interface FileStoresFormat {
  readonly separator: string;
  readonly variables: readonly string[];
}

/** What the publisher writes beside the ledger; plain text, before base64. */
export interface Outputs {
  readonly secret: Readonly<Record<string, string>>;
  readonly configMap: Readonly<Record<string, string>>;
  /** Size of the file stores as one value of an environment variable. */
  readonly fileStoresBytes: number;
  /** What the server is told of them; its hash is an HMAC of the Secret's data, and changes exactly with it. */
  readonly server: ServerConfig;
}

/**
 * Secret and ConfigMap as a pure function of the ledger: the same ledger gives
 * the same bytes (design 6).
 */
export function renderOutputs(
  ledger: Ledger,
  context: { readonly secretName: string; readonly cloud: DeploymentCloud; readonly format: FileStoresFormat },
): Outputs {
  const instance = ledger.stores.find((store) => store.claim.kind === 'InstanceStorage');
  const entries = fileStoreEntries(ledger.stores, context.cloud);
  // With no entry the variable is left out: an empty one would read as a store without a scheme.
  const variables = entries.length === 0 ? [] : context.format.variables;
  const keys = instance === undefined ? {} : instanceSecretKeys(instance);
  const environment = instance === undefined ? {} : instanceEnvironment(instance);
  const fileStores = entries.join(context.format.separator);
  const secret = sorted({
    ...keys,
    ...Object.fromEntries(variables.map((name) => [name, fileStores])),
  });
  const server: ServerConfig = {
    hash: keyedDigest(ledger.salt, Object.entries(secret).flat()),
    name: context.secretName,
    ...(instance !== undefined && { chartBucket: chartBucket(instance, context.secretName) }),
    bucketVariables: instance === undefined ? [] : instanceBucketVariables(instance),
    fileStoreVariables: variables,
    objectStoreKeys: Object.keys(keys).sort(compare),
    environmentKeys: Object.keys(environment).sort(compare),
  };
  const configMap = sorted({
    ...environment,
    'secret-hash': server.hash,
    'stores.yaml': listing(ledger, context.cloud),
    'values.yaml': stringify({ global: chartGlobals(server) }),
  });
  return { secret, configMap, server, fileStoresBytes: Buffer.byteLength(fileStores) };
}

function chartGlobals(server: ServerConfig): unknown {
  const env = chartEnvironment(server);
  return {
    ...(server.chartBucket !== undefined && { bucket: server.chartBucket }),
    ...(Object.keys(env).length > 0 && { env }),
  };
}

/** Which CR stands behind which store, without any secret. */
function listing(ledger: Ledger, cloud: DeploymentCloud): string {
  if (ledger.stores.length === 0) return stringify([]);
  return inOrder(ledger.stores)
    .map((store) => listed(store, cloud))
    .join('');
}

/** Lines of stores by cloud. A store never changes, and to write YAML is slow: with many stores it would be most of a publication. */
const lines: Partial<Record<DeploymentCloud, WeakMap<LedgerStore, string>>> = {};

function listed(store: LedgerStore, cloud: DeploymentCloud): string {
  const known = (lines[cloud] ??= new WeakMap());
  const text = known.get(store) ?? stringify([listedItem(store, cloud)]);
  known.set(store, text);
  return text;
}

function listedItem(store: LedgerStore, cloud: DeploymentCloud): unknown {
  return {
    claim: `${store.claim.kind}/${store.claim.name}`,
    ...(store.claim.team !== undefined && { team: store.claim.team }),
    address: redactedAddress(store.storage),
    entry: hasEntry(store, cloud),
    provenAt: store.provenAt,
    ...(store.retained && { retained: true }),
  };
}

function sorted(data: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(data).sort(([left], [right]) => compare(left, right)));
}
