import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer, request as forward } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { sharedServers } from './shared.ts';

/** Stands in front of the API server, with its certificate, and answers some requests in its place. */
export interface ApiFront {
  readonly url: string;
  /** How many requests it has refused so far. */
  readonly refusals: number;
  /** Refuses from now on what fits; whatever else comes, watches too, is passed on. */
  refuse(what: { readonly method: string; readonly path: string; readonly status: number }): void;
  passEverything(): void;
  stop(): Promise<void>;
}

export async function startApiFront(): Promise<ApiFront> {
  const { folder, serverUrl } = sharedServers();
  const file = (name: string): Buffer => readFileSync(join(folder, name));
  const agent = new Agent({ ca: file('ca.crt'), keepAlive: true });
  const target = new URL(serverUrl);
  let refused: Parameters<ApiFront['refuse']>[0] | undefined;
  let refusals = 0;

  function answer({ method, url = '' }: IncomingMessage): number | undefined {
    const isRefused = refused?.method === method && refused?.path === url.split('?')[0];
    return isRefused ? refused?.status : undefined;
  }

  const server = createServer(
    { cert: file('server.crt'), key: file('server.key') },
    (incoming: IncomingMessage, outgoing: ServerResponse) => {
      const status = answer(incoming);
      if (status !== undefined) {
        refusals += 1;
        incoming.resume();
        outgoing.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(refusal(status)));
        return;
      }
      const { method, url: path, headers } = incoming;
      const { hostname: host, port } = target;
      const sent = forward({ host, port, method, path, headers, agent }, (received) => {
        outgoing.writeHead(received.statusCode ?? 502, received.rawHeaders);
        outgoing.flushHeaders();
        received.pipe(outgoing);
        received.on('error', () => outgoing.destroy());
      });
      sent.on('error', () => outgoing.destroy());
      // Who ends a watch ends it behind us too.
      outgoing.on('close', () => sent.destroy());
      incoming.pipe(sent);
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `https://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    get refusals() {
      return refusals;
    },
    refuse(what) {
      refused = what;
    },
    passEverything() {
      refused = undefined;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      agent.destroy();
    },
  };
}

function refusal(code: number): unknown {
  return {
    apiVersion: 'v1',
    kind: 'Status',
    status: 'Failure',
    reason: 'InternalError',
    message: 'Internal error occurred: refused by the test',
    code,
  };
}
