import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A TCP proxy on loopback with the faults of networks. */
export interface TcpProxy {
  readonly port: number;
  /** How many connections came so far. */
  readonly connections: number;
  /** Resets what is open, and whatever comes until `mend`. */
  cut(): void;
  mend(): void;
  /** What is open stays open for good and carries nothing more, as behind a forgetful NAT; new connections work. */
  swallow(): void;
  /** Carries nothing any more, for what is open and for what comes until `mend`, and says nothing of it: a partition. */
  partition(): void;
  /**
   * Keeps from now on what clients send, while what the server sends still comes; new connections are parted. `deliver`
   * gives it to the server, even if the client is gone by then: the slowest of all networks.
   */
  hold(): void;
  deliver(): void;
  stop(): Promise<void>;
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  swallowed: boolean;
  /** What the client has sent since `hold`. */
  held?: Buffer[];
}

/** Starts a proxy to a port of loopback. */
export async function startTcpProxy(target: number): Promise<TcpProxy> {
  const pairs = new Set<Pair>();
  let connections = 0;
  let isCut = false;
  let isParted = false;

  const listener = createServer((client) => {
    connections += 1;
    if (isCut) {
      client.resetAndDestroy();
      return;
    }
    const server = connect(target, '127.0.0.1');
    const pair: Pair = { client, server, swallowed: isParted };
    pairs.add(pair);
    const forward = (from: Socket, to: Socket): void => {
      from.on('data', (chunk) => {
        if (from === client && pair.held !== undefined) pair.held.push(chunk);
        else if (!pair.swallowed || pair.held !== undefined) to.write(chunk);
      });
      from.on('error', () => undefined);
      from.on('close', () => {
        // Behind a black hole nobody hears of the end either; what stays open ends with the proxy.
        if (pair.swallowed) return;
        to.destroy();
        pairs.delete(pair);
      });
    };
    forward(client, server);
    forward(server, client);
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));

  function reset(): void {
    for (const { client, server } of pairs) {
      client.resetAndDestroy();
      server.destroy();
    }
    pairs.clear();
  }

  function swallow(): void {
    for (const pair of pairs) pair.swallowed = true;
  }

  return {
    port: (listener.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    cut() {
      isCut = true;
      reset();
    },
    mend() {
      isCut = false;
      isParted = false;
    },
    swallow,
    partition() {
      isParted = true;
      swallow();
    },
    hold() {
      isParted = true;
      for (const pair of pairs) {
        if (!pair.swallowed) pair.held = [];
        pair.swallowed = true;
      }
    },
    deliver() {
      for (const { server, held = [] } of pairs) {
        for (const chunk of held.splice(0)) server.write(chunk);
      }
    },
    async stop() {
      reset();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
