import type { Log, LogFields } from '../../../src/ports/log.ts';

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: LogFields;
}

/** A log that keeps its lines, those of its children included. */
export interface FakeLog extends Log {
  readonly lines: readonly LogLine[];
  /** Messages of one level. */
  messages(level: LogLine['level']): readonly string[];
}

export function createFakeLog(): FakeLog {
  const lines: LogLine[] = [];
  return { ...child(lines, {}), lines, messages: (level) => of(lines, level).map(({ message }) => message) };
}

function child(lines: LogLine[], common: LogFields): Log {
  const at =
    (level: LogLine['level']) =>
    (fields: LogFields, message: string): void =>
      void lines.push({ level, message, fields: { ...common, ...fields } });
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => child(lines, { ...common, ...fields }),
  };
}

function of(lines: readonly LogLine[], level: LogLine['level']): readonly LogLine[] {
  return lines.filter((line) => line.level === level);
}
