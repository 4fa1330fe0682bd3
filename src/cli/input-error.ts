/** The input of a command cannot be used: the message says what is wrong, for the user. */
export class InputError extends Error {
  override readonly name = 'InputError';
}
