import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { azure } from './azure.ts';
import type { Bucket, Dialect } from './dialect.ts';
import { meetsFault, type Answer, type Fault } from './fault.ts';
import { gcs } from './gcs.ts';
import { createObjects, type Objects } from './objects.ts';
import type { Asked } from './operation.ts';
import { s3 } from './s3.ts';

const DIALECTS = { s3, gcs, azure } as const satisfies Readonly<Record<string, Dialect>>;

/** The kinds of store that the server can be. */
export type StoreKind = keyof typeof DIALECTS;

/** PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** A store with one bucket that does what it should, but where a fault meets it. */
export interface FaultServer {
  readonly port: number;
  readonly bucket: string;
  readonly objects: Objects;
  /** What it was asked, in order; `?` stands for what no probe asks. */
  readonly operations: readonly string[];
  /** Breaks it in this respect, and in no other any more; `undefined` mends it. */
  readonly breakWith: (fault: Fault | undefined) => void;
  /** With TLS: shows another certificate to whoever connects from now on. */
  readonly present: (certificate: Certificate) => void;
  readonly stop: () => Promise<void>;
}

export interface FaultServerOptions {
  readonly kind: StoreKind;
  readonly bucket?: string;
  readonly region?: string;
  readonly owner?: string;
  /** Without it the server speaks plain HTTP. */
  readonly certificate?: Certificate;
  /** Called when a fault has been met that never comes to an end: time may pass. */
  readonly onSilence?: () => void;
}

export async function startFaultServer(options: FaultServerOptions): Promise<FaultServer> {
  const { kind, bucket = 'omega-data', region = 'us-east-1', owner = '111122223333', certificate } = options;
  const store: Bucket = { name: bucket, region, owner, objects: createObjects() };
  const operations: string[] = [];
  let fault: Fault | undefined;

  function take(asked: Asked, response: ServerResponse): void {
    const dialect = DIALECTS[kind];
    const operation = dialect.operationOf(asked, store);
    operations.push(operation?.name ?? `? ${asked.method} ${asked.path}`);
    if (operation === undefined) {
      give(response, { status: 400 });
    } else if (fault === undefined || !meetsFault(fault, operation)) {
      give(response, dialect.serve(operation, asked, store));
    } else {
      const outcome = fault.does({
        asked,
        operation,
        serve: () => dialect.serve(operation, asked, store),
        serveAs: (name) => dialect.serve({ ...operation, name }, asked, store),
        pretend: () => dialect.serve(operation, asked, { ...store, objects: store.objects.copy() }),
        refuse: (refusal) => dialect.refuse(refusal, operation),
      });
      if (typeof outcome !== 'function') give(response, outcome);
      else if (outcome(response) === 'for ever') options.onSilence?.();
    }
  }

  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    response.on('error', () => undefined);
    read(request).then(
      (asked) => take(asked, response),
      () => response.destroy(),
    );
  };
  const server =
    certificate === undefined ? createServer(listener) : createTlsServer({ ...LENIENT, ...certificate }, listener);
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    response.on('error', () => undefined);
    take(headOf(request), response);
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    bucket,
    objects: store.objects,
    operations,
    breakWith: (next) => void (fault = next),
    present: (next) => (server as TlsServer).setSecureContext({ ...LENIENT, ...next }),
    stop: () => stop(server),
  };
}

/** It shows certificates that OpenSSL would not let it show. */
const LENIENT = { ciphers: 'DEFAULT@SECLEVEL=0' };

async function read(request: IncomingMessage): Promise<Asked> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return { ...headOf(request), body: Buffer.concat(chunks) };
}

function headOf(request: IncomingMessage): Asked {
  const scheme = 'encrypted' in request.socket ? 'https' : 'http';
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://store');
  return {
    scheme,
    method: request.method ?? '',
    path: pathname,
    query: searchParams,
    headers: request.headers,
    body: Buffer.alloc(0),
  };
}

function give(response: ServerResponse, { status, headers = {}, body = '' }: Answer): void {
  if (status === 100) {
    response.writeContinue();
    return;
  }
  // An empty date stands for a server that does not tell its time.
  if (headers['date'] === '') response.sendDate = false;
  for (const [name, value] of Object.entries(headers)) if (value !== '') response.setHeader(name, value);
  response.statusCode = status;
  response.end(body);
}

async function stop(server: Server | TlsServer): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
