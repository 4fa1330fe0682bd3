import { styleText } from 'node:util';

type Format = Parameters<typeof styleText>[0];

/** The parts of a process's streams that commands use. */
export interface Output {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Styles of one output. */
export interface Styles {
  readonly style: (format: Format, text: string) => string;
}

/** Colours only on a terminal that has them, and never where NO_COLOR is set to any value (https://no-color.org). */
export function stylesFor(output: Output, env: NodeJS.ProcessEnv): Styles {
  const { NO_COLOR: noColor = '', TERM: terminal } = env;
  const hasColours = output.isTTY === true && noColor === '' && terminal !== 'dumb';
  return {
    style: (format, text) => (hasColours ? styleText(format, text, { validateStream: false }) : text),
  };
}

/** A line that is written over and over while a command works; only on a terminal. */
export interface Progress {
  show(text: string): void;
  end(): void;
}

export function progressOn(output: Output): Progress {
  const clear = '\r\u001b[2K';
  let isShown = false;
  return {
    show(text) {
      if (output.isTTY !== true) return;
      output.write(`${clear}${text}`);
      isShown = true;
    },
    end() {
      if (isShown) output.write(clear);
      isShown = false;
    },
  };
}
