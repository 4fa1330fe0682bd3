import { gunzipSync } from 'node:zlib';
import type { SecretObject } from '../../../../src/api/resources.ts';
import type { FormerLedger } from '../../../../src/domain/publication/former-ledger.ts';
import { decodeLedger } from '../../../../src/domain/publication/ledger-format.ts';
import type { Ledger, Row } from '../../../../src/domain/publication/ledger.ts';
import type { OutputData } from '../../../../src/domain/publication/outputs.ts';
import { parseOutputs, type Published } from '../parse-outputs.ts';
import { plain } from '../universe.ts';

/** The ledger in a Secret; `undefined` where there is none of the present format. */
export function decodedOf(secret: SecretObject): Ledger | undefined {
  try {
    const packed = Buffer.from(secret.data?.['ledger.json.gz'] ?? '', 'base64');
    const decoded = decodeLedger(gunzipSync(packed).toString('utf8'));
    return decoded.ok && decoded.value.kind === 'Current' ? decoded.value.ledger : undefined;
  } catch {
    return undefined;
  }
}

/** The ledger in a Secret; `undefined` where there is none of a former format. */
export function formerOf({ data = {} }: SecretObject): FormerLedger | undefined {
  try {
    const text =
      data['ledger.json'] === undefined
        ? gunzipSync(Buffer.from(data['ledger.json.gz'] ?? '', 'base64')).toString('utf8')
        : plain(data['ledger.json']);
    const decoded = decodeLedger(text);
    return decoded.ok && decoded.value.kind === 'Former' ? decoded.value.ledger : undefined;
  } catch {
    return undefined;
  }
}

/** What the data says; nothing where not even W&B could read it. */
export function readable(data: OutputData): Published {
  try {
    return parseOutputs(data);
  } catch {
    return { entries: new Map() };
  }
}

/** Whether it holds an entry of the bucket; of the instance bucket for `slot`. */
export function isIn({ entries, slot }: Published, bucket: string): boolean {
  return bucket === 'slot' ? slot !== undefined : entries.has(bucket);
}

/** The credential of a row as `id:secret`; empty where W&B signs in by an identity. */
export function textOf({ credential }: Row): string {
  return credential?.kind === 'AccessKey' ? `${credential.accessKeyId}:${credential.secretAccessKey.reveal()}` : '';
}

/** Whether both have the same keys with the same values, in any order; no data counts as empty data. */
export function isSameData(left: OutputData = {}, right: OutputData = {}): boolean {
  return JSON.stringify(sorted(left)) === JSON.stringify(sorted(right));
}

function sorted(data: OutputData): OutputData {
  return Object.fromEntries(Object.entries(data).sort(([left], [right]) => (left < right ? -1 : 1)));
}
