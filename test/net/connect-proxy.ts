import { connect, type Socket } from 'node:net';
import { startServer, type ListenOptions, type TestServer } from './servers.ts';

export type OnConnect = (socket: Socket, port: number) => void;

/** Reads the head of a CONNECT request, and lets the test do the rest. */
export function takeConnect(onConnect: OnConnect) {
  return (socket: Socket): void => {
    let head = '';
    const onData = (chunk: Buffer): void => {
      head += chunk.toString('latin1');
      if (!head.includes('\r\n\r\n')) return;
      socket.off('data', onData);
      onConnect(socket, Number(/^CONNECT \S+:(\d+) /.exec(head)?.[1]));
    };
    socket.on('data', onData);
  };
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

/** A CONNECT proxy for targets on loopback, or one that answers as the test wants. */
export function startProxy(onConnect: OnConnect = tunnel, options: ListenOptions = {}): Promise<TestServer> {
  return startServer(takeConnect(onConnect), options);
}
