import { describe, expect, it } from '@jest/globals';
import { gunzipSync, gzipSync } from 'node:zlib';
import { emptyLedger, encodeLedger } from '../../domain/publication/ledger.ts';
import { packLedger, unpackLedger } from './ledger-secret.ts';

const LEDGER = emptyLedger('00112233445566778899aabbccddeeff');
const base64 = (bytes: string | Buffer): string => Buffer.from(bytes).toString('base64');

describe('the data of a ledger', () => {
  it('comes back as it went in, and is the same for the same ledger', async () => {
    const packed = await packLedger(LEDGER);
    const back = await unpackLedger(packed.data);

    expect(encodeLedger(back ?? emptyLedger('x'))).toBe(encodeLedger(LEDGER));
    expect(await packLedger(LEDGER)).toEqual(packed);
  });

  it('is gzip that any tool reads, and is counted without base64', async () => {
    const { data, bytes } = await packLedger(LEDGER);
    const raw = Buffer.from(data['ledger.json.gz'] ?? '', 'base64');

    expect(gunzipSync(raw).toString('utf8')).toBe(encodeLedger(LEDGER));
    expect(bytes).toBe(raw.length);
  });

  it('is read from format 1, which was not compressed', async () => {
    const text = '{"format":1,"salt":"00112233445566778899aabbccddeeff","stores":[]}';

    expect(encodeLedger((await unpackLedger({ 'ledger.json': base64(text) })) ?? emptyLedger('x'))).toBe(
      encodeLedger(LEDGER),
    );
  });

  it.each([
    ['nothing', undefined],
    ['no gzip', { 'ledger.json.gz': base64('{"format":2,"salt":"x","stores":[]}') }],
    ['gzip of something else', { 'ledger.json.gz': base64(gzipSync('[]')) }],
    ['half a gzip', { 'ledger.json.gz': base64(gzipSync(encodeLedger(LEDGER)).subarray(0, 30)) }],
  ])('is not read from %s', async (_what, data) => {
    expect(await unpackLedger(data)).toBeUndefined();
  });
});
