import { jest } from '@jest/globals';
import zlib from 'node:zlib';

// At once and not on a thread: which of two ledgers is packed first would be a matter of luck.
jest.unstable_mockModule('node:zlib', () => {
  type Done = (error: Error | null, result?: Buffer) => void;
  const now =
    (work: (input: Buffer, options: object) => Buffer) =>
    (input: Buffer, options: object, done: Done): void => {
      queueMicrotask(() => {
        let result: Buffer;
        try {
          result = work(input, options);
        } catch (error) {
          done(error as Error);
          return;
        }
        done(null, result);
      });
    };
  const gzip = now((input) => zlib.gzipSync(input, { level: 1 }));
  const gunzip = now((input) => zlib.gunzipSync(input));
  return { ...zlib, default: { ...zlib, gzip, gunzip }, gzip, gunzip };
});
