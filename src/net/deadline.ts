/** When a connection must be established, on the clock of `performance.now()`. */
export type Deadline = number;

export function deadlineIn(milliseconds: number): Deadline {
  return performance.now() + milliseconds;
}

export function millisecondsLeft(deadline: Deadline): number {
  return Math.max(0, deadline - performance.now());
}

/** An error like those of sockets; only its code is passed on. */
export function socketError(code: string): Error {
  return Object.assign(new Error(code), { code });
}
