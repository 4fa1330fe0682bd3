import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer, request as forward } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { sharedServers } from './shared.ts';

/** A write that came by: its method and path without the namespace, and how many of the same came before it. */
export interface PassingWrite {
  readonly id: string;
  readonly index: number;
}

/**
 * When something happens to a write. `before`: the API server never gets it. `during`: the API server has answered, and the
 * client never knows. `after`: the client has the answer. `stale`: the API server gets it after that.
 */
export type Moment = 'before' | 'during' | 'after' | 'stale';

/** Stands in front of the API server, with its certificate, and answers some requests in its place. */
export interface ApiFront {
  readonly url: string;
  /** How many requests it has refused so far. */
  readonly refusals: number;
  /** Refuses from now on what fits; whatever else comes, watches too, is passed on. */
  refuse(what: { readonly method: string; readonly path: string; readonly status: number }): void;
  passEverything(): void;
  /** The writes that came by, Leases left out. */
  readonly writes: readonly PassingWrite[];
  /** From now on no watch shows anything. */
  blind(): void;
  /** Ends each watch as one whose version is too old: what happened meanwhile is seen by a new list alone. How many they are. */
  unblind(): number;
  /** Does something at one write, once. */
  strike(write: PassingWrite, moment: Moment, act: () => Promise<void>): void;
  stop(): Promise<void>;
}

interface Strike {
  readonly write: PassingWrite;
  readonly moment: Moment;
  readonly act: () => Promise<void>;
}

export async function startApiFront(): Promise<ApiFront> {
  const { folder, serverUrl } = sharedServers();
  const file = (name: string): Buffer => readFileSync(join(folder, name));
  const agent = new Agent({ ca: file('ca.crt'), keepAlive: true });
  const target = new URL(serverUrl);
  let refused: Parameters<ApiFront['refuse']>[0] | undefined;
  let refusals = 0;
  const writes: PassingWrite[] = [];
  let strike: Strike | undefined;
  let isBlind = false;
  const watches = new Set<ServerResponse>();

  /** What is to happen at this request. */
  function strikeAt(incoming: IncomingMessage): Strike | undefined {
    const id = writeId(incoming);
    if (id === undefined) return undefined;
    const write = { id, index: writes.filter((one) => one.id === id).length };
    writes.push(write);
    const found = strike?.write.id === id && strike.write.index === write.index ? strike : undefined;
    if (found !== undefined) strike = undefined;
    return found;
  }

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
      const struck = strikeAt(incoming);
      if (struck?.moment === 'before') {
        void struck.act();
        outgoing.destroy();
      } else if (struck?.moment === 'stale') {
        void struck.act().then(() => pass(incoming, outgoing));
      } else {
        pass(incoming, outgoing, struck);
      }
    },
  );

  function pass(incoming: IncomingMessage, outgoing: ServerResponse, struck?: Strike): void {
    const { method, url: path, headers } = incoming;
    const { hostname: host, port } = target;
    const sent = forward({ host, port, method, path, headers, agent }, (received) => {
      if (struck?.moment === 'during') {
        received.resume();
        void struck.act();
        outgoing.destroy();
        return;
      }
      if (struck !== undefined) outgoing.on('finish', () => void struck.act());
      outgoing.writeHead(received.statusCode ?? 502, received.rawHeaders);
      outgoing.flushHeaders();
      if (isWatch(path)) show(received, outgoing);
      else received.pipe(outgoing);
      received.on('error', () => outgoing.destroy());
    });
    sent.on('error', () => outgoing.destroy());
    // Who ends a watch ends it behind us too. A write that the API server has is not taken back.
    if (struck === undefined) outgoing.on('close', () => sent.destroy());
    incoming.pipe(sent);
  }

  function show(received: IncomingMessage, outgoing: ServerResponse): void {
    watches.add(outgoing);
    outgoing.on('close', () => watches.delete(outgoing));
    received.on('data', (chunk: Buffer) => {
      if (!isBlind && !outgoing.writableEnded) outgoing.write(chunk);
    });
    received.on('end', () => outgoing.end());
  }

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
    writes,
    blind() {
      isBlind = true;
    },
    unblind() {
      isBlind = false;
      const count = watches.size;
      for (const outgoing of watches) outgoing.end(TOO_OLD);
      return count;
    },
    strike(write, moment, act) {
      strike = { write, moment, act };
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      agent.destroy();
    },
  };
}

const TOO_OLD = `${JSON.stringify({
  type: 'ERROR',
  object: { apiVersion: 'v1', kind: 'Status', status: 'Failure', reason: 'Expired', message: 'too old', code: 410 },
})}\n`;

function isWatch(url = ''): boolean {
  return /[?&]watch=(true|1)(&|$)/.test(url);
}

/** `undefined` for reads and Leases. */
function writeId({ method = '', url = '' }: IncomingMessage): string | undefined {
  const [path = ''] = url.split('?');
  const [, rest] = /\/namespaces\/[^/]+\/(.+)$/.exec(path) ?? [];
  if (!['POST', 'PUT', 'PATCH', 'DELETE'].includes(method) || rest === undefined) return undefined;
  return rest.startsWith('leases') ? undefined : `${method} ${rest}`;
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
