import type { ApiServerAddress } from '../net/address-policy.ts';
import { targetOf } from '../net/proxy.ts';
import type { CancelTimer, Clock } from '../ports/clock.ts';
import type { Component } from '../runtime/manager.ts';

const REFRESH_EVERY_MS = 60_000;
/** Enough for the API servers of a large cluster and their former addresses. */
const MAX_ADDRESSES = 64;

/** All addresses at which API servers were found since the start, the latest last. It grows while it is read. */
export interface ApiServerAddresses extends Component, Iterable<ApiServerAddress> {
  /** Looks the addresses up once. A failed look-up keeps the addresses that are known. */
  refresh(): Promise<void>;
}

/**
 * The API server must not be dialled as if it were a bucket. Its addresses change (load balancers of managed clusters),
 * and the address of a kubeconfig may stand for several servers, so they are looked up at intervals.
 */
export function createApiServerAddresses(deps: {
  /** URLs of the API server that are known from the start: the kubeconfig's, and that of the pod's environment. */
  readonly urls: readonly (string | undefined)[];
  /** `host:port` as the API server announces it. */
  readonly announced: () => Promise<readonly string[]>;
  readonly resolve: (host: string) => Promise<readonly string[]>;
  readonly clock: Clock;
}): ApiServerAddresses {
  const known = new Map<string, ApiServerAddress>();
  let cancel: CancelTimer = () => undefined;

  async function learn(text: string | undefined): Promise<void> {
    const url = URL.parse(text ?? '');
    if (url === null) return;
    const { host, port } = targetOf(url);
    for (const address of await deps.resolve(host).catch(() => [])) remember({ address, port });
  }

  function remember(found: ApiServerAddress): void {
    const id = `${found.address} ${found.port}`;
    known.delete(id);
    known.set(id, found);
    const [oldest] = known.keys();
    if (known.size > MAX_ADDRESSES && oldest !== undefined) known.delete(oldest);
  }

  async function refresh(): Promise<void> {
    const announced = await deps.announced().catch(() => []);
    await Promise.all([...deps.urls, ...announced.map((address) => `https://${address}`)].map(learn));
  }

  function refreshAgain(): void {
    void refresh();
    cancel = deps.clock.setTimer(REFRESH_EVERY_MS, refreshAgain);
  }

  return {
    name: 'addresses of the API server',
    async start() {
      await Promise.all(deps.urls.map(learn));
      // Not awaited: an API server that does not answer must not delay the start of other components.
      void refresh();
      cancel = deps.clock.setTimer(REFRESH_EVERY_MS, refreshAgain);
    },
    stop() {
      cancel();
      return Promise.resolve();
    },
    refresh,
    [Symbol.iterator]: () => known.values(),
  };
}
