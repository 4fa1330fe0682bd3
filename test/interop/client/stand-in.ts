import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApi } from './api.ts';
import type { Signer } from './signer.ts';

/**
 * Stands in for the W&B server: it speaks what W&B's client needs to log and read files and artifacts, keeps everything
 * in memory, lets anybody in, and signs URLs of one bucket. It shows whether a client can use what we publish, and
 * nothing about the W&B server itself.
 */
export interface StandIn {
  readonly url: string;
  /** Operations of GraphQL that it does not know. */
  readonly unknown: readonly string[];
  stop(): Promise<void>;
}

/** Starts it. `path`: folder in the bucket, which a team's record in W&B holds. */
export async function startStandIn(signer: Signer, path: string): Promise<StandIn> {
  const unknown: string[] = [];
  const api = createApi(signer, path, (name) => unknown.push(name));
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const isQuery = request.url === '/graphql';
      const answer = isQuery ? api(Buffer.concat(chunks).toString()) : Promise.resolve({});
      void answer.then(
        (data) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(data)),
        // A 4xx: for the client it is final.
        (error: unknown) => response.writeHead(422).end(JSON.stringify({ errors: [{ message: String(error) }] })),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    unknown,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
