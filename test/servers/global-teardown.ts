/** Ends what `global-setup.ts` started. */
// eslint-disable-next-line import-x/no-default-export -- jest's contract
export default async function globalTeardown(): Promise<void> {
  const { stopSharedBeds } = globalThis as { stopSharedBeds?: () => Promise<void> };
  await stopSharedBeds?.();
}
