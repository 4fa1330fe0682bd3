/** When a connection must stand, on the clock of `performance.now()`. */
export type Deadline = number;

export function deadlineIn(milliseconds: number): Deadline {
  return performance.now() + milliseconds;
}

export function millisecondsLeft(deadline: Deadline): number {
  return Math.max(0, deadline - performance.now());
}

/** An error as sockets have them; only the code is passed on. */
export function socketError(code: string): Error {
  return Object.assign(new Error(code), { code });
}
