/** The data with all texts free of characters that control a terminal: messages contain texts of stores. */
export function printable<T>(data: T): T {
  return JSON.parse(JSON.stringify(data), (_key, value: unknown) =>
    // eslint-disable-next-line no-control-regex -- these are the characters that must not reach the terminal
    typeof value === 'string' ? value.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, ' ') : value,
  ) as T;
}
