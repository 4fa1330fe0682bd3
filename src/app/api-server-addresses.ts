import { lookup } from 'node:dns/promises';

/** The API server must not be dialled as if it were a bucket; addresses of its name, as far as they can be found. */
export async function addressesOf(server: string | undefined): Promise<readonly string[]> {
  if (server === undefined || !URL.canParse(server)) return [];
  const host = new URL(server).hostname.replace(/^\[|\]$/g, '');
  const found = await lookup(host, { all: true }).catch(() => []);
  // On loopback (tests, kind) the address is not the API server's alone; there the port tells them apart.
  return found.map(({ address }) => address).filter((address) => !/^127\.|^::1$/.test(address));
}
