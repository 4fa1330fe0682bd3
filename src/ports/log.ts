/** Fields of one log line: plain values only, never secrets. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Structured log with static messages, so that lines can be grouped; variable parts go into the fields. */
export interface Log {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
  /** A log that adds `fields` to each line. */
  child(fields: LogFields): Log;
}
