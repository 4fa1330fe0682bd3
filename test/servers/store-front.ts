import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An answer in place of the store's. */
export interface InsteadAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Stands before a store and counts; it changes no request, so that signatures stay right. */
export interface StoreFront {
  readonly url: string;
  /** Method and path of each request so far, without its query: that may hold a signature. */
  readonly requests: readonly string[];
  /** Answers for the store from now on; with nothing, the store answers again. */
  instead(answer: InsteadAnswer | undefined): void;
  stop(): Promise<void>;
}

/** Starts a proxy to a store on loopback; whatever name it goes by, only the port counts. */
export async function startStoreFront(store: string): Promise<StoreFront> {
  const { port } = new URL(store);
  const requests: string[] = [];
  let substitute: InsteadAnswer | undefined;
  const server = createServer((incoming: IncomingMessage, outgoing: ServerResponse) => {
    const { method = '', url: path = '', headers } = incoming;
    requests.push(`${method} ${path.split('?')[0] ?? ''}`);
    if (substitute !== undefined) {
      incoming.resume();
      outgoing.writeHead(substitute.status, substitute.headers).end(substitute.body);
      return;
    }
    const sent = forward({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(outgoing);
    });
    sent.on('error', () => outgoing.destroy());
    incoming.pipe(sent);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    instead(answer) {
      substitute = answer;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
