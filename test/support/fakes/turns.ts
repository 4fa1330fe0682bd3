import { createLimiter, type Limits } from '../../../src/probes/limiter.ts';
import type { ProbePriority } from '../../../src/probes/priority.ts';
import type { Turn } from '../../../src/probes/turn.ts';
import { createUrgency, type Urgency } from '../../../src/probes/urgency.ts';
import { createFakeClock } from './clock.ts';

export const never = new AbortController().signal;
export const THROTTLED = { kind: 'Throttled', httpStatus: 429 } as const;

interface Asked {
  readonly endpoint?: string;
  readonly bucket?: string;
  readonly priority?: ProbePriority;
  readonly urgency?: Urgency;
  readonly signal?: AbortSignal;
}

/** The bounds of a store that always takes so many. */
export const fixed = (count: number) => ({ least: count, first: count, most: count });

/** A limiter, and probes by name that ask it for turns. */
export function askForTurns(limits: Limits = { perEndpoint: fixed(2), inAll: 4 }) {
  const clock = createFakeClock();
  const limiter = createLimiter(limits, clock);
  const begun: string[] = [];
  const turns = new Map<string, Turn>();
  const ask = (
    name: string,
    {
      endpoint = 'one',
      bucket = 'b',
      priority = 'Changed',
      urgency = createUrgency(priority),
      signal = never,
    }: Asked = {},
  ): void => {
    void limiter.acquire({ endpoint, bucket, urgency }, signal).then((turn) => {
      if (turn === undefined) return;
      begun.push(name);
      turns.set(name, turn);
    });
  };
  return {
    clock,
    limiter,
    ask,
    begun,
    end: (name: string) => turns.get(name)?.end(),
    beforeRequest: (name: string) => turns.get(name)?.beforeRequest(),
    /** A call of that turn ends, after so many milliseconds. */
    sees: (name: string, milliseconds: number, failure?: typeof THROTTLED): void => {
      clock.advance(milliseconds + 1);
      turns.get(name)?.saw({ milliseconds, ...(failure !== undefined && { failure }) });
    },
  };
}
