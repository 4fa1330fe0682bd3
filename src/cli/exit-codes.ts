/** Exit codes of the commands that answer a question. A wrong use of a flag is `Undecided`, too. */
export const EXIT = { Good: 0, Failed: 1, Undecided: 2 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
