/** Boots the servers that all files of the `real` project share. */
// eslint-disable-next-line import-x/no-default-export -- jest's contract
export default function globalSetup(): void {
  throw new Error('the beds are not built yet');
}
