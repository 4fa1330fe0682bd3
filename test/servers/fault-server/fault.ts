import type { ServerResponse } from 'node:http';
import type { Asked, Operation, OperationName } from './operation.ts';

/** An answer on its way out. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** A refusal in words of the provider; its format is that of the request that it answers. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message?: string;
  /** S3: where the bucket is. */
  readonly region?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request and a fault at their meeting. */
export interface Meeting {
  readonly asked: Asked;
  readonly operation: Operation;
  /** Does what was asked, and gives the answer of a store in order. */
  readonly serve: () => Answer;
  /** Answers as if another operation had been asked for, here. */
  readonly serveAs: (name: OperationName) => Answer;
  /** The same answer as `serve`, and the store stays as it was. */
  readonly pretend: () => Answer;
  /** A refusal in the provider's format for this request. */
  readonly refuse: (refusal: Refusal) => Answer;
}

/** What a fault does to a connection; `for ever` if it never comes to an end by itself. */
export type Wire = (response: ServerResponse) => 'for ever' | 'ended';

/** What a fault does: an answer, or whatever else can be done to a connection. */
export type FaultBehaviour = (meeting: Meeting) => Answer | Wire;

/** A fault of the store, until it is lifted. */
export interface Fault {
  /** The requests that it meets. */
  readonly meets: OperationName | readonly OperationName[] | 'everything';
  readonly does: FaultBehaviour;
}

export function meetsFault({ meets }: Fault, { name }: Operation): boolean {
  // A listing on the condition of an owner is a listing.
  const names: readonly OperationName[] = name === 'owner' ? ['owner', 'list'] : [name];
  return meets === 'everything' || names.some((one) => meets === one || (Array.isArray(meets) && meets.includes(one)));
}
