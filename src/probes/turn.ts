import type { CallSeen } from './adaptive-limit.ts';
import type { Urgency } from './urgency.ts';

/** The right to have one request in flight at a store. */
export interface Turn {
  /** A call of this turn has ended: it shows what the store takes. */
  saw(call: CallSeen): void;
  /** To be awaited before each request; `undefined`: it may be sent at once. */
  beforeRequest(): Promise<void> | undefined;
  /** Gives the turn back; calling it again does nothing. */
  end(): void;
}

/** Who waits for a turn. */
export interface Waiter {
  readonly bucket: string;
  readonly urgency: Urgency;
  readonly take: (turn: Turn) => void;
}
