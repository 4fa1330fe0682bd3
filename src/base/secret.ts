import { inspect } from 'node:util';

const REDACTED = '[redacted]';

/**
 * A value that must not be printed. Every common way of turning it into text
 * (`String`, template, `JSON.stringify`, `util.inspect`) gives `[redacted]`;
 * only `reveal()` gives the value, so that `grep reveal` finds every use.
 */
export class Secret<T> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  reveal(): T {
    return this.#value;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [inspect.custom](): string {
    return REDACTED;
  }
}
