import { connect, type Socket } from 'node:net';
import { startServer, type ListenOptions, type TestServer } from './servers.ts';

export type OnConnect = (socket: Socket, port: number) => void;

/** Reads the head of a request: CONNECT is left to the test, and one that names the whole URL is passed on. */
export function takeConnect(onConnect: OnConnect) {
  return (socket: Socket): void => {
    let head = '';
    const onData = (chunk: Buffer): void => {
      head += chunk.toString('latin1');
      if (!head.includes('\r\n\r\n')) return;
      socket.off('data', onData);
      if (/^[A-Z]+ http:/.test(head)) passOn(socket, head);
      else onConnect(socket, Number(/^CONNECT \S+:(\d+) /.exec(head)?.[1]));
    };
    socket.on('data', onData);
  };
}

/** To the port on loopback, whatever the host is called, and without what is meant for the proxy alone. */
function passOn(socket: Socket, request: string): void {
  const back = connect(Number(/^[A-Z]+ http:\/\/[^/]*?:(\d+)\//.exec(request)?.[1] ?? 80), '127.0.0.1', () => {
    back.write(request.replace(/http:\/\/[^/]*/, '').replace(/proxy-authorization: .*\r\n/i, ''), 'latin1');
    socket.pipe(back);
    back.pipe(socket);
  });
  back.on('error', () => socket.destroy());
  socket.on('close', () => back.destroy());
}

/** A tunnel to the port on loopback, whatever the host is called. */
export const tunnel: OnConnect = (socket, port) => {
  const back = connect(port, '127.0.0.1', () => {
    socket.write('HTTP/1.1 200 Connection established\r\nX-Proxy: test\r\n\r\n');
    socket.pipe(back);
    back.pipe(socket);
  });
  back.on('error', () => socket.destroy());
  socket.on('close', () => back.destroy());
};

/** A proxy for targets on loopback, or one that answers CONNECT as the test wants. */
export function startProxy(onConnect: OnConnect = tunnel, options: ListenOptions = {}): Promise<TestServer> {
  return startServer(takeConnect(onConnect), options);
}
