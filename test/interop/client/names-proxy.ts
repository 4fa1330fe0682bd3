import { createServer, request as forward } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

/** A proxy that takes every name for one of loopback, as a resolver of a cluster would lead to the store. */
export interface NamesProxy {
  readonly url: string;
  stop(): Promise<void>;
}

export async function startNamesProxy(): Promise<NamesProxy> {
  const tunnels = new Set<Socket>();
  const server = createServer((incoming, outgoing) => {
    const { method, headers, url = '' } = incoming;
    // The path stays as it was sent: it is signed.
    const [, port = '80', path = '/'] = /^http:\/\/[^/:]+(?::(\d+))?(\/.*)?$/.exec(url) ?? [];
    const sent = forward({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(outgoing);
    });
    sent.on('error', () => outgoing.destroy());
    incoming.pipe(sent);
  });
  server.on('connect', ({ url = '' }, near: Socket) => {
    const far = connect(Number(url.split(':').at(-1)), '127.0.0.1', () => {
      near.write('HTTP/1.1 200 Connection established\r\n\r\n');
      near.pipe(far).pipe(near);
    });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      tunnels.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => tunnels.delete(one));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      for (const socket of tunnels) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
