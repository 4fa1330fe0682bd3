/** Lets everything run that waits for nothing but earlier promises. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
