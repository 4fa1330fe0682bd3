import { gunzipSync } from 'node:zlib';
import { CONFIG_MAPS, SECRETS, type ConfigMapObject, type SecretObject } from '../../src/api/resources.ts';
import { adminRequest } from './shared.ts';
import { until } from './until.ts';
import { watchVersions, type Versions } from './versions.ts';

// What the operator publishes for the InstanceStorage `wandb`, as a black box: bytes of the outputs.

export const OUTPUT = 'wandb-storage';
export const LEDGER = 'wandb-storage-ledger';

type Data = Readonly<Record<string, string>>;

/** Every version of both outputs while a test runs. */
export interface WatchedOutputs {
  readonly secrets: readonly SecretObject[];
  readonly configMaps: readonly ConfigMapObject[];
  /** How often one of the two was deleted. */
  readonly deletions: number;
  /** Waits until the watches have shown what stands now, and ends them. */
  finish(): Promise<void>;
}

export async function watchOutputs(namespace: string): Promise<WatchedOutputs> {
  const [secrets, configMaps] = await Promise.all([
    watchVersions(SECRETS, namespace, OUTPUT),
    watchVersions(CONFIG_MAPS, namespace, OUTPUT),
  ]);
  return {
    secrets: secrets.seen,
    configMaps: configMaps.seen,
    get deletions() {
      return secrets.deletions + configMaps.deletions;
    },
    async finish() {
      await untilShown(namespace, 'secrets', secrets);
      await untilShown(namespace, 'configmaps', configMaps);
      await Promise.all([secrets.stop(), configMaps.stop()]);
    },
  };
}

async function untilShown(
  namespace: string,
  plural: 'secrets' | 'configmaps',
  versions: Versions<SecretObject | ConfigMapObject>,
): Promise<void> {
  await until(`the watch shows what stands in ${plural}`, async () => {
    const { status, body } = await adminRequest('GET', pathOf(namespace, plural, OUTPUT));
    if (status === 404) return versions.deletions > 0;
    const { resourceVersion } = (body as unknown as SecretObject).metadata;
    return versions.seen.at(-1)?.metadata.resourceVersion === resourceVersion;
  });
}

/** Each data that there was, once, in order: a single one when nothing ever changed. */
export function distinctData(versions: readonly { readonly data?: Data }[]): readonly Data[] {
  const texts = new Set(versions.map(({ data }) => JSON.stringify(data ?? {})));
  return [...texts].map((text) => JSON.parse(text) as Data);
}

/** A value of the Secret, decoded; empty when there is none. */
export function valueOf({ data }: SecretObject, key: string): string {
  return Buffer.from(data?.[key] ?? '', 'base64').toString('utf8');
}

/** Data of an output or of the ledger as the API server holds it. */
export async function rawData(namespace: string, plural: 'secrets' | 'configmaps', name: string): Promise<Data> {
  const { status, body } = await adminRequest('GET', pathOf(namespace, plural, name));
  if (status !== 200) throw new Error(`${plural} ${name}: ${String(status)}`);
  return (body['data'] ?? {}) as Data;
}

/** Text of the ledger; empty while there is none that can be unpacked. */
export async function ledgerText(namespace: string): Promise<string> {
  const { status, body } = await adminRequest('GET', pathOf(namespace, 'secrets', LEDGER));
  if (status !== 200) return '';
  try {
    const packed = Buffer.from((body['data'] as Data)['ledger.json.gz'] ?? '', 'base64');
    return gunzipSync(packed).toString('utf8');
  } catch {
    return '';
  }
}

export async function deleteLedger(namespace: string): Promise<void> {
  await adminRequest('DELETE', pathOf(namespace, 'secrets', LEDGER));
}

/** Puts other bytes into the ledger's Secret, as a restore from a backup does. */
export async function restoreLedger(namespace: string, data: Data): Promise<void> {
  const path = pathOf(namespace, 'secrets', LEDGER);
  const { body } = await adminRequest('GET', path);
  const answer = await adminRequest('PUT', path, { ...body, data });
  if (answer.status !== 200) throw new Error(`ledger: ${JSON.stringify(answer.body['message'])}`);
}

function pathOf(namespace: string, plural: 'secrets' | 'configmaps', name: string): string {
  return `/api/v1/namespaces/${namespace}/${plural}/${name}`;
}
