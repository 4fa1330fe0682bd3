import { describe, expect, it } from '@jest/globals';
import { gunzipSync, gzipSync } from 'node:zlib';
import { encodeLedger } from '../../domain/publication/ledger-format.ts';
import { emptyLedger } from '../../domain/publication/ledger.ts';
import { packLedger, unpackLedger } from './ledger-secret.ts';

const LEDGER = emptyLedger('00112233445566778899aabbccddeeff', { separator: ',', variables: ['STORES'] });
const FORMER = '{"format":1,"salt":"00112233445566778899aabbccddeeff","stores":[]}';
const base64 = (bytes: string | Buffer): string => Buffer.from(bytes).toString('base64');

describe('the data of a ledger', () => {
  it('comes back as it went in, and is the same for the same ledger', async () => {
    const packed = await packLedger(LEDGER);
    const back = await unpackLedger(packed.data);

    expect(back.ok && back.value.kind === 'Current' && encodeLedger(back.value.ledger)).toBe(encodeLedger(LEDGER));
    expect(await packLedger(LEDGER)).toEqual(packed);
  });

  it('is gzip that any tool reads, and is counted without base64', async () => {
    const { data, bytes } = await packLedger(LEDGER);
    const raw = Buffer.from(data['ledger.json.gz'] ?? '', 'base64');

    expect(gunzipSync(raw).toString('utf8')).toBe(encodeLedger(LEDGER));
    expect(bytes).toBe(raw.length);
  });

  it.each([
    ['1, which was not compressed', { 'ledger.json': base64(FORMER) }],
    ['2', { 'ledger.json.gz': base64(gzipSync(FORMER.replace('"format":1', '"format":2'))) }],
  ])('is read from format %s', async (_which, data) => {
    const read = await unpackLedger(data);

    if (!read.ok || read.value.kind !== 'Former') throw new Error('not read');
    expect(read.value.ledger.salt.reveal()).toBe(LEDGER.salt.reveal());
    expect(read.value.ledger.records).toEqual([]);
  });

  it.each([
    ['nothing', undefined],
    ['no gzip', { 'ledger.json.gz': base64('{"format":2,"salt":"x","stores":[]}') }],
    ['gzip of something else', { 'ledger.json.gz': base64(gzipSync('[]')) }],
    ['half a gzip', { 'ledger.json.gz': base64(gzipSync(encodeLedger(LEDGER)).subarray(0, 30)) }],
  ])('is not read from %s', async (_what, data) => {
    expect(await unpackLedger(data)).toEqual({ ok: false, error: 'Unreadable' });
  });

  it('of a newer version is distinguished from an unreadable one', async () => {
    const data = { 'ledger.json.gz': base64(gzipSync('{"format":4,"salt":"x"}')) };
    expect(await unpackLedger(data)).toEqual({ ok: false, error: 'Newer' });
  });
});
