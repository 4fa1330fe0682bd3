import { pino, type DestinationStream, type Logger } from 'pino';
import { redact } from '../base/redaction.ts';
import type { Log, LogFields } from '../ports/log.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Lines that wait because they cannot be written; more are lost. */
const MAX_WAITING_BYTES = 1024 * 1024;

/** JSON lines with `time` in RFC 3339; every string is redacted. */
export function createPinoLog(level: LogLevel, destination?: DestinationStream): Log {
  const options = {
    level,
    base: null,
    messageKey: 'message',
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return wrap(pino(options, destination ?? standardOutput()));
}

/** A log that cannot be written, such as to a full disk, loses lines. It must not end the process. */
function standardOutput(): DestinationStream {
  const output = pino.destination({ fd: 1, sync: true, maxLength: MAX_WAITING_BYTES });
  output.on('error', () => undefined);
  return output;
}

function wrap(logger: Logger): Log {
  return {
    debug: (fields, message) => logger.debug(clean(fields), message),
    info: (fields, message) => logger.info(clean(fields), message),
    warn: (fields, message) => logger.warn(clean(fields), message),
    error: (fields, message) => logger.error(clean(fields), message),
    child: (fields) => wrap(logger.child(clean(fields))),
  };
}

function clean(fields: LogFields): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, cleanValue(value)]));
}

function cleanValue(value: unknown): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map(cleanValue);
  if (Error.isError(value)) {
    const { name, message, stack } = value;
    return { name, message: redact(message), stack: redact(stack ?? '') };
  }
  return isPlainObject(value) ? clean(value) : value;
}

/** Not an object of a class, such as `Secret`, which has its own JSON. */
function isPlainObject(value: unknown): value is LogFields {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
