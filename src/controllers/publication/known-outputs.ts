import type { OutputData } from '../../domain/publication/outputs.ts';

/** What the publisher knows of the outputs of an instance. A failure never removes it. */
interface Known {
  secret: OutputData | undefined;
  /** Failed tries since the last success. */
  tries: number;
  /** When a refused read or write is tried again, on the monotonic clock. */
  retryAt: number;
}

/** By instance, `namespace/name`. */
export function createKnownOutputs() {
  const all = new Map<string, Known>();
  return {
    get: (key: string): Readonly<Known> | undefined => all.get(key),
    /** What is known, to be changed. */
    change(key: string): Known {
      const now = all.get(key) ?? { secret: undefined, tries: 0, retryAt: 0 };
      all.set(key, now);
      return now;
    },
    forget: (key: string) => void all.delete(key),
  };
}
