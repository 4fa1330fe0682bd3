import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer, type TlsOptions, type TLSSocket } from 'node:tls';
import { programs } from '../../scripts/tools/build.ts';
import { createAddressPolicy } from '../../src/net/address-policy.ts';
import { createGuardedHttp, type GuardedHttp } from '../../src/net/guarded-http.ts';
import { temporaryFolder } from '../servers/process.ts';

/** A server of a test, which counts whoever comes. */
export interface TestServer {
  readonly port: number;
  /** `127.0.0.1:port` */
  readonly host: string;
  /** TCP connections ever made. */
  readonly connections: number;
  /** TCP connections that still stand. */
  readonly open: number;
  /** What was received, after TLS where there is TLS. */
  readonly received: string;
}

export type OnSocket = (socket: Socket, index: number) => void;

const cleanUps: (() => Promise<unknown>)[] = [];

/** For `afterEach`: closes what the test has opened, whatever became of it. */
export async function cleanUp(): Promise<void> {
  for (const step of cleanUps.splice(0).reverse()) await step();
}

export interface ListenOptions {
  readonly host?: string;
  readonly port?: number;
}

export function startServer(onSocket: OnSocket, options: ListenOptions = {}): Promise<TestServer> {
  return run((take) => createServer(take), onSocket, options);
}

export function startTlsServer(tls: TlsOptions, onSocket: OnSocket, options: ListenOptions = {}): Promise<TestServer> {
  return run((take) => createTlsServer(tls, take), onSocket, options);
}

async function run(
  create: (take: (socket: Socket) => void) => Server,
  onSocket: OnSocket,
  { host = '127.0.0.1', port = 0 }: ListenOptions,
): Promise<TestServer> {
  const sockets = new Set<Socket>();
  let connections = 0;
  let received = '';
  const server = create((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => (received += chunk.toString('latin1')));
    onSocket(socket, connections - 1);
  });
  server.on('connection', (socket) => {
    connections++;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', () => undefined);
  server.listen(port, host);
  await once(server, 'listening');
  cleanUps.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address() as AddressInfo;
  return {
    port: address.port,
    host: `127.0.0.1:${address.port}`,
    get connections() {
      return connections;
    },
    get open() {
      return sockets.size;
    },
    get received() {
      return received;
    },
  };
}

/** Answers each request, told by the end of its head, with the same bytes. */
export function answering(answer: string | Buffer, after: 'keep' | 'end' = 'end'): OnSocket {
  return (socket) => {
    let head = '';
    socket.on('data', (chunk: Buffer) => {
      head += chunk.toString('latin1');
      if (!head.includes('\r\n\r\n')) return;
      head = '';
      if (after === 'end') socket.end(answer);
      else socket.write(answer);
    });
  };
}

export const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok';
export const OK_KEPT = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

/** An address and port that take connections and then no more: a dial hangs until it gives up. */
export async function startBlackHole(): Promise<{ readonly port: number }> {
  const code = `
    const server = require('node:net').createServer();
    server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
      require('node:fs').writeSync(1, String(server.address().port) + '\\n');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    });`;
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const port = Number(line.toString());
  const fillers: Socket[] = [];
  cleanUps.push(async () => {
    for (const filler of fillers) filler.destroy();
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  });
  // The kernel accepts a few for the sleeping process; it is full when one stays without an answer.
  for (;;) {
    const filler = connect(port, '127.0.0.1');
    filler.on('error', () => undefined);
    fillers.push(filler);
    const taken = await Promise.race([
      once(filler, 'connect').then(() => true),
      new Promise<false>((resolve) => setTimeout(() => resolve(false), 500)),
    ]);
    if (!taken) return { port };
    if (fillers.length > 20) throw new Error('the black hole takes every connection');
  }
}

/** A net that may dial loopback; closed after the test. */
export function openNet(options: Partial<Parameters<typeof createGuardedHttp>[0]> = {}): GuardedHttp {
  const net = createGuardedHttp({ policy: loopbackPolicy(), proxy: {}, ...options });
  cleanUps.push(() => net.close());
  return net;
}

export function loopbackPolicy() {
  return createAddressPolicy({
    allowedEndpoints: ['127.0.0.0/8', '::1/128'],
    deniedCidrs: [],
    apiServerAddresses: [],
  });
}

/** A resolver with a table; what is not in it does not exist. */
export function resolverOf(table: Readonly<Record<string, readonly string[]>>) {
  return (host: string): Promise<readonly string[]> => {
    const found = table[host];
    return found === undefined
      ? Promise.reject(Object.assign(new Error(`no ${host}`), { code: 'ENOTFOUND' }))
      : Promise.resolve(found);
  };
}

/** Waits for a condition; the deadline is an error that names it. */
export async function until(what: string, condition: () => boolean, seconds = 10): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`waited ${seconds} s in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export interface CertificateOptions {
  /** Subject alternative names; none: the certificate has a common name only. */
  readonly hosts?: string;
  readonly commonName?: string;
  readonly ca?: string;
  /** Validity in seconds from now. */
  readonly from?: number;
  readonly until?: number;
  /** Signed by its own key. */
  readonly self?: boolean;
  /** An RSA key of so many bits. */
  readonly rsa?: number;
  readonly sha1?: boolean;
}

export interface Pki {
  /** PEM of a CA, made when it is first named. */
  ca(name?: string): string;
  /** PEM of a CA below `ca`, which may issue for `permit` only. */
  issuingCa(name: string, options?: { readonly permit?: string }): string;
  issue(options: CertificateOptions): Certificate;
}

/** Certificates for the servers of a test file. */
export async function createPki(): Promise<Pki> {
  const { pki } = await programs('pki');
  const folder = temporaryFolder('byob-net-');
  const call = (...args: string[]): void => void execFileSync(pki, ['-dir', folder, ...args]);
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  let serial = 0;
  return {
    ca(name = 'ca') {
      call('-ca', name);
      return read(`${name}.crt`);
    },
    issuingCa(name, { permit = '' } = {}) {
      call('-ca', 'ca', '-cert', name, '-cn', name, '-issuing', '-permit', permit);
      return read(`${name}.crt`);
    },
    issue({ hosts = '', commonName, ca = 'ca', from = -60, until: end = 3600, self = false, rsa = 0, sha1 = false }) {
      const name = `leaf-${++serial}`;
      const period = ['-from', String(from), '-seconds', String(end)];
      const making = [`-self=${String(self)}`, `-rsa=${rsa}`, `-sha1=${String(sha1)}`];
      call('-ca', ca, '-cert', name, '-cn', commonName ?? name, '-host', hosts, ...period, ...making);
      return { cert: read(`${name}.crt`), key: read(`${name}.key`) };
    },
  };
}

export function isTls(socket: Socket): socket is TLSSocket {
  return 'encrypted' in socket;
}
