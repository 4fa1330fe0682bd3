import { stringify } from 'yaml';
import { keyedDigest } from '../credentials/credential.ts';
import { chartEnvironment, type ServerConfig } from './server-config.ts';
import { fileStoresValue } from './file-stores.ts';
import { chartBucket, instanceBucketVariables, instanceEnvironment, instanceSecretKeys } from './instance-keys.ts';
import { compare, type Ledger } from './ledger.ts';
import { writeListing } from './write-listing.ts';

/** Data of a Secret or ConfigMap as plain text, before base64. */
export type OutputData = Readonly<Record<string, string>>;

/** Key of the ConfigMap that holds the listing of claims and their buckets. */
export const LISTING_KEY = 'stores.yaml';
/** Key of the ConfigMap that holds the hash of the Secret. */
export const HASH_KEY = 'secret-hash';

/** The objects that the publisher writes besides the ledger. */
export interface Outputs {
  readonly secret: OutputData;
  readonly configMap: OutputData;
  /** HMAC of the Secret's data, keyed with the ledger's salt. */
  readonly digest: string;
  /** Size of the file stores as one value of an environment variable. */
  readonly fileStoresBytes: number;
  /** The resulting configuration of the server. Its hash changes exactly with the Secret's data. */
  readonly server: ServerConfig;
}

/** By ledger, which is immutable: the same ledger is rendered for the plan and for the report. */
const rendered = new WeakMap<Ledger, { readonly secretName: string; readonly outputs: Outputs }>();

/** Secret and ConfigMap as a pure function of the ledger: the same ledger gives the same bytes. */
export function renderOutputs(ledger: Ledger, secretName: string): Outputs {
  const known = rendered.get(ledger);
  if (known?.secretName === secretName) return known.outputs;
  const outputs = render(ledger, secretName);
  rendered.set(ledger, { secretName, outputs });
  return outputs;
}

function render(ledger: Ledger, secretName: string): Outputs {
  const { slot, rows, written } = ledger;
  // Without entries the variable is left out: the server would read an empty one as an address without a scheme.
  const variables = rows.length === 0 ? [] : written.variables;
  const keys = slot === undefined ? {} : instanceSecretKeys(slot);
  const environment = slot === undefined ? {} : instanceEnvironment(slot);
  const fileStores = fileStoresValue(rows, written);
  const secret = sorted({ ...keys, ...Object.fromEntries(variables.map((name) => [name, fileStores])) });
  const digest = digestOfData(ledger, secret);
  const server: ServerConfig = {
    hash: ledger.knownHash?.digest === digest ? ledger.knownHash.hash : digest,
    name: secretName,
    ...(slot !== undefined && { chartBucket: chartBucket(slot, secretName) }),
    bucketVariables: slot === undefined ? [] : instanceBucketVariables(slot),
    fileStoreVariables: variables,
    objectStoreKeys: Object.keys(keys).sort(compare),
    environmentKeys: Object.keys(environment).sort(compare),
  };
  const configMap = sorted({
    ...environment,
    [HASH_KEY]: server.hash,
    [LISTING_KEY]: writeListing(ledger.claims),
    'values.yaml': stringify({ global: chartGlobals(server) }),
  });
  return { secret, configMap, digest, server, fileStoresBytes: Buffer.byteLength(fileStores) };
}

/** HMAC over the data of the output Secret. The order of the data does not matter. */
export function digestOfData({ salt }: Pick<Ledger, 'salt'>, data: OutputData): string {
  return keyedDigest(salt, Object.entries(sorted(data)).flat());
}

function chartGlobals(server: ServerConfig): unknown {
  const env = chartEnvironment(server);
  return {
    ...(server.chartBucket !== undefined && { bucket: server.chartBucket }),
    ...(Object.keys(env).length > 0 && { env }),
  };
}

function sorted(data: OutputData): OutputData {
  return Object.fromEntries(Object.entries(data).sort(([left], [right]) => compare(left, right)));
}
