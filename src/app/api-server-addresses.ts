import type { ApiServerAddress } from '../net/address-policy.ts';
import { targetOf } from '../net/proxy.ts';
import type { CancelTimer, Clock } from '../ports/clock.ts';
import type { Component } from '../runtime/manager.ts';

const LOOK_EVERY_MS = 60_000;
/** API servers of a large cluster, and addresses that they had before. */
const MAX_ADDRESSES = 64;

/** The addresses at which API servers were ever found, the latest last; it grows while it is read. */
export interface ApiServerAddresses extends Component, Iterable<ApiServerAddress> {
  /** Looks once; what cannot be found stays as it was. */
  look(): Promise<void>;
}

/**
 * The API server must not be dialled as if it were a bucket. Its addresses change (load balancers of managed
 * clusters), and behind the one that a kubeconfig names stand others: so they are looked for again and again.
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

  async function look(): Promise<void> {
    const announced = await deps.announced().catch(() => []);
    await Promise.all([...deps.urls, ...announced.map((address) => `https://${address}`)].map(learn));
  }

  function lookAgain(): void {
    void look();
    cancel = deps.clock.setTimer(LOOK_EVERY_MS, lookAgain);
  }

  return {
    name: 'addresses of the API server',
    async start() {
      await Promise.all(deps.urls.map(learn));
      // Not waited for: an API server that does not answer must not keep the process from its other parts.
      void look();
      cancel = deps.clock.setTimer(LOOK_EVERY_MS, lookAgain);
    },
    stop() {
      cancel();
      return Promise.resolve();
    },
    look,
    [Symbol.iterator]: () => known.values(),
  };
}
