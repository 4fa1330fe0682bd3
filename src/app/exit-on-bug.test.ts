import { expect, it } from '@jest/globals';
import { EventEmitter } from 'node:events';
import { createPinoLog } from '../telemetry/pino-log.ts';
import { exitOnBug } from './exit-on-bug.ts';

it.each([
  ['unhandledRejection', 'unhandled rejection'],
  ['uncaughtException', 'uncaught exception'],
])('after an %s the process ends, and the log has no secret', (event, message) => {
  const lines: string[] = [];
  const codes: number[] = [];
  const process = new EventEmitter();
  const log = createPinoLog('info', { write: (line) => void lines.push(line) });
  exitOnBug(process, log, (code) => void codes.push(code));
  process.emit(event, new Error('s3://AKIAEXAMPLE:CANARY@minio.example/data'));

  expect(codes).toEqual([1]);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(message);
  expect(lines[0]).not.toContain('CANARY');
});
