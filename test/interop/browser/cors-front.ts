import { createServer, request as forward, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What stands before a store that allows everything, and answers for its CORS. */
export interface FrontAnswers {
  /** Unique; the row of the table. */
  readonly id: string;
  /** The answer to a preflight. */
  preflight(asked: Asked): FrontAnswer;
  /** CORS headers of the answers to other requests, by the method. */
  headers(method: string): OutgoingHttpHeaders;
  /** Headers of the store that do not pass. */
  readonly drops?: readonly string[];
}

interface FrontAnswer {
  readonly status: number;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
}

/** What a browser asks in a preflight. */
interface Asked {
  readonly origin: string;
  readonly method: string;
  readonly headers: string;
}

export interface CorsFront {
  readonly port: number;
  answerAs(answers: FrontAnswers): void;
  stop(): Promise<void>;
}

/** Starts it before a store on loopback. The store sees the request as it is, so signatures stay right. */
export async function startCorsFront(store: string): Promise<CorsFront> {
  const { port } = new URL(store);
  let answers: FrontAnswers | undefined;
  const server = createServer((incoming, outgoing) => {
    const { method = '', url: path = '', headers } = incoming;
    if (method === 'OPTIONS' && answers !== undefined) {
      const { status, headers: said = {}, body = '' } = answers.preflight(askedIn(headers));
      incoming.resume();
      outgoing.writeHead(status, said).end(body);
      return;
    }
    const sent = forward({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
      const kept = Object.entries(answer.headers).filter(([name]) => passes(name, answers));
      const own = headers.origin === undefined ? {} : (answers?.headers(method) ?? {});
      outgoing.writeHead(answer.statusCode ?? 502, { ...Object.fromEntries(kept), ...own });
      answer.pipe(outgoing);
    });
    // Whether a body may be sent is for the store to say.
    sent.on('continue', () => outgoing.writeContinue());
    sent.on('error', () => outgoing.destroy());
    incoming.pipe(sent);
  });
  server.on('checkContinue', (incoming, outgoing) => server.emit('request', incoming, outgoing));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    answerAs(next) {
      answers = next;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function askedIn(headers: IncomingHttpHeaders): Asked {
  const text = (name: string): string => String(headers[name] ?? '');
  return {
    origin: text('origin'),
    method: text('access-control-request-method'),
    headers: text('access-control-request-headers'),
  };
}

function passes(name: string, answers: FrontAnswers | undefined): boolean {
  return !name.startsWith('access-control-') && answers?.drops?.includes(name) !== true;
}
