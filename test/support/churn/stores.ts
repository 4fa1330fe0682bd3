import { sharedServers } from '../../servers/shared.ts';
import { startStoreFront } from '../../servers/store-front.ts';
import { startTcpProxy } from '../../servers/tcp-proxy.ts';
import { createPlaces, type Fault, type Place, type Store } from './places.ts';

/** How many buckets each store has. */
const COUNTS: Readonly<Record<Store, number>> = { minio: 6, proxied: 5, fronted: 5, gcs: 4, azure: 4 };

/** What can happen to a whole store. */
export interface Outage extends Fault {
  readonly store: Store;
  /** Whether it is reported within seconds; a network that says nothing takes longer. */
  readonly isToldSoon: boolean;
}

/** The stores of a churn. */
export interface Stores {
  readonly places: readonly Place[];
  readonly outages: readonly Outage[];
  /** On which they listen. */
  readonly ports: ReadonlySet<number>;
  stop(): Promise<void>;
}

export async function startStores(namespace: string): Promise<Stores> {
  const { minio, gcs, azurite } = sharedServers();
  const proxy = await startTcpProxy(portOf(minio.endpoint));
  const front = await startStoreFront(minio.endpoint);
  const proxied = `http://127.0.0.1:${proxy.port}`;
  const endpoints = { minio: minio.endpoint, proxied, fronted: front.url };
  const places = await createPlaces(namespace, COUNTS, endpoints);
  const answering = (status: number, code: string): Outage => ({
    name: `answers ${status}`,
    store: 'fronted',
    isToldSoon: true,
    begin: () =>
      now(() => {
        const body = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`;
        front.instead({ status, headers: { 'content-type': 'application/xml' }, body });
      }),
    end: () => now(() => front.instead(undefined)),
  });
  const mend = (): Promise<void> => now(() => proxy.mend());
  return {
    places,
    outages: [
      answering(403, 'AccessDenied'),
      answering(503, 'SlowDown'),
      { name: 'cut', store: 'proxied', isToldSoon: true, begin: () => now(() => proxy.cut()), end: mend },
      { name: 'silent', store: 'proxied', isToldSoon: false, begin: () => now(() => proxy.partition()), end: mend },
      { name: 'forgets', store: 'proxied', isToldSoon: false, begin: () => now(() => proxy.swallow()), end: mend },
    ],
    ports: new Set([...Object.values(endpoints), gcs.endpoint, azurite.endpoint].map(portOf)),
    async stop() {
      await Promise.all([proxy.stop(), front.stop()]);
    },
  };
}

function now(act: () => void): Promise<void> {
  act();
  return Promise.resolve();
}

function portOf(url: string): number {
  return Number(/:(\d+)(\/|$)/.exec(url)?.[1]);
}
